import { cardHits } from '../../engine/flows/card-hits.ts'
import type { Sink } from '../../engine/flows/sinks.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'

export const rule: Rule = {
  id: 'card-data-in-log',
  practice: 9,
  severity: 'critical',
  title: 'A card number or security code is written to a log',
  why: 'Logs are copied to disks, collectors, backups and other companies, and are read by many who must not see a card. Every system that they reach then holds card data, and a security code must not be kept at all.',
  mend: "Log the order's number, the gateway's token and at most the last four digits. Take security codes out altogether, and search the logs that are there already.",
  before: "logger.info('charging', { orderId, cardNumber, cvv })",
  after: "logger.info('charging', { orderId, last4: cardNumber.slice(-4) })",
  controls: { pci: ['3.3.1.2', '3.5.1'], asvs: ['16.2.5'], gdpr: ['5(1)(f)', '32(1)(a)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored'],
  words: ['ard', 'cc', 'CC', 'cv', 'CV', 'Cv', 'pan', 'Pan', 'PAN', 'csc', 'ecurity', 'rack', 'ccount'],
  on: { sinks: [{ kinds: ['log'], check }] },
}

function check(sink: Sink, scan: CodeScan): void {
  const hits = cardHits(sink, scan, { kinds: ['cvc', 'card'] })
  const hit = hits.find(({ kind }) => kind === 'cvc') ?? hits[0]
  if (!hit) return
  scan.report({
    at: scan.placeOf(sink.node),
    message:
      hit.kind === 'cvc'
        ? 'A card verification code is written to a log; leave it out'
        : 'A card number is written to a log; leave it out, or log its last four digits',
    related: [{ what: hit.kind === 'cvc' ? 'the code' : 'the number', at: scan.placeOf(hit.origin) }],
  })
}

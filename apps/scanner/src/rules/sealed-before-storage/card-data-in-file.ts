import { cardHits } from '../../engine/flows/card-hits.ts'
import { cardKindOf } from '../../engine/flows/payment-cards.ts'
import { FILE_CALLS, writtenBy, type Written } from '../../engine/flows/written-files.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'

export const rule: Rule = {
  id: 'card-data-in-file',
  practice: 6,
  severity: 'critical',
  title: 'Card data is written to a file',
  why: 'A file is copied with every backup and every image of the disk, is read by whoever gets into the server, and nobody remembers to delete it. A bucket that somebody opens by mistake gives every card away at once. A security code must not be kept at all, not until the evening and not encrypted.',
  mend: 'Hand the card to the gateway while the request lasts, and write its token and the last four digits. Where the number itself must be written, seal it first with AES-256-GCM under a key that does not lie beside the file. Delete the files that are there, and what backups have of them.',
  before: 'await appendFile(ORDERS, JSON.stringify({ orderId, cardNumber, cvc }))',
  after:
    'const { token, last4 } = await gateway.saveCard({ cardNumber, cvc })\nawait appendFile(ORDERS, JSON.stringify({ orderId, token, last4 }))',
  controls: { pci: ['3.3.1.2', '3.5.1'], asvs: ['14.2.4'], gdpr: ['5(1)(c)', '5(1)(f)', '32(1)(a)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored'],
  words: ['ard', 'ARD', 'cc', 'CC', 'cv', 'CV', 'Cv', 'pan', 'Pan', 'PAN', 'csc', 'CSC', 'ecurity', 'rack'],
  on: {
    // Says that a function which writes what it is given is looked at with the words of its callers.
    sinks: [],
    calls: [
      {
        to: FILE_CALLS,
        check: (call, scan) => writtenBy(call, scan).forEach((written) => check(written, scan)),
      },
    ],
  },
}

function check(written: Written, scan: CodeScan): void {
  const [code] = cardHits(written, scan, { kinds: ['cvc'], evenSealed: true })
  const [number] = cardHits(written, scan, { kinds: ['card'] })
  const columns = written.columns.map(cardKindOf)
  const hasCode = code !== undefined || columns.includes('cvc')
  if (!hasCode && !number && !columns.includes('card')) return
  const hit = code ?? number
  scan.report({
    at: scan.placeOf(written.node),
    message: messageFor({ hasNumber: number !== undefined || columns.includes('card'), hasCode }, written.where),
    related: hit ? [{ what: code ? 'the code' : 'the number', at: scan.placeOf(hit.origin) }] : [],
  })
}

function messageFor({ hasNumber, hasCode }: { hasNumber: boolean; hasCode: boolean }, where: string): string {
  if (hasNumber && hasCode)
    return `A card number and its security code are written to ${where}; hand them to the gateway and keep its token`
  if (hasCode) return `The security code of a card is written to ${where}; hand it to the gateway and keep it nowhere`
  return `A card number is written to ${where} as it is; write the gateway's token and the last four digits, or seal it first`
}

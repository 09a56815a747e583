import { cardHits } from '../../engine/flows/card-hits.ts'
import type { Stored } from '../../engine/flows/stored.ts'
import { storageMatchers } from '../../engine/flows/stored-values.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'

export const rule: Rule = {
  id: 'card-data-to-database',
  practice: 6,
  severity: 'critical',
  title: 'A card number is stored as it was typed',
  why: 'Whoever reads the table, a replica, a backup, a slow-query log or an export reads the card. One injection or one lost backup then gives away every card that was ever taken.',
  mend: 'Let the gateway keep the card, and store its token and the last four digits. Where you must keep the number yourself, seal it with AES-256-GCM under a key that the database does not have, before it reaches SQL. Clean what is stored already.',
  before: "await pool.query('insert into cards (customer_id, number) values ($1, $2)', [id, cardNumber])",
  after:
    "const { token } = await gateway.saveCard(card)\nawait pool.query('insert into cards (customer_id, token, last4) values ($1, $2, $3)', [id, token, cardNumber.slice(-4)])",
  controls: { pci: ['3.5.1', '3.4.1'], asvs: ['14.2.4'], gdpr: ['5(1)(f)', '32(1)(a)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored'],
  words: ['ard', 'CARD', 'cc', 'CC', 'pan', 'Pan', 'PAN', 'rack', 'primaryAccount', 'magstripe'],
  on: storageMatchers(check),
}

function check(stored: Stored, scan: CodeScan): void {
  if (stored.sealedBySql) return
  const [hit] = cardHits(stored, scan, { kinds: ['card'] })
  if (!hit) return
  scan.report({
    at: scan.placeOf(stored.node),
    message: "A card number is stored as it is; store the gateway's token and the last four digits, or seal it first",
    related: [{ what: 'the number', at: scan.placeOf(hit.origin) }],
  })
}

import { wordsOf, type Column } from '../../engine/data/column.ts'
import { cardHits } from '../../engine/flows/card-hits.ts'
import { SENSITIVE_NAMES } from '../../engine/flows/sensitive-names.ts'
import type { Stored } from '../../engine/flows/stored.ts'
import { storageMatchers } from '../../engine/flows/stored-values.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'

export const rule: Rule = {
  id: 'cvc-stored',
  practice: 6,
  severity: 'critical',
  title: 'The security code of a card is stored',
  why: 'The code proves that the card is at hand. Whoever has it beside the number pays in any shop, and nobody may keep it once the payment is authorised: not encrypted, not in a cache, not for the next payment.',
  mend: 'Hand the code to the gateway and forget it. For later payments use the token that the gateway gives, which needs no code. Drop the column or key, and delete what backups and replicas have of it.',
  before: 'await Card.create({ number: seal(cardNumber), cvc: seal(cvc) })',
  after:
    'const { token } = await gateway.saveCard({ cardNumber, cvc })\nawait Card.create({ token, last4: cardNumber.slice(-4) })',
  controls: { pci: ['3.3.1', '3.3.1.2'], asvs: ['14.2.4'], gdpr: ['5(1)(c)', '5(1)(f)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored'],
  words: ['cv', 'CV', 'Cv', 'csc', 'CSC', 'ecurity', 'ECURITY', 'ard'],
  on: { ...storageMatchers(check), columns: checkColumn },
}

function check(stored: Stored, scan: CodeScan): void {
  const [hit] = cardHits(stored, scan, { kinds: ['cvc'], evenSealed: true })
  if (!hit) return
  scan.report({
    at: scan.placeOf(stored.node),
    message: 'The security code of a card is stored; hand it to the gateway and keep it nowhere, not even encrypted',
    related: [{ what: 'the code', at: scan.placeOf(hit.origin) }],
  })
}

const SEALED = /\b(?:encrypted|enc|sealed|cipher|ciphertext)\b/g
const SAYS_MORE = /\b(?:hash|check|result|response|status|match|token|last|required|present|provided)\b/

/** Columns for what was encrypted: those in plain text are found by plaintext-card-column. */
function checkColumn(column: Column, scan: FileScan): void {
  const words = wordsOf(column.name)
  const bare = words.replace(SEALED, ' ').replace(/ {2,}/g, ' ').trim()
  if (bare === words || SAYS_MORE.test(words) || scan.isComment(column.start)) return
  if (!SENSITIVE_NAMES.cvc.pattern.test(bare) || /^(?:bool|boolean|tinyint\(1\))/.test(column.type)) return
  scan.report({
    at: { start: column.nameStart, end: column.nameEnd },
    message: `${column.name} keeps security codes of cards: they must not be stored, not even encrypted`,
  })
}

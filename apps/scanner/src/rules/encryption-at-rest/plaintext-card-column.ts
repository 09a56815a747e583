import { wordsOf, type Column } from '../../engine/data/column.ts'
import { SENSITIVE_NAMES } from '../../engine/flows/sensitive-names.ts'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'

/** Types that hold what is encrypted, or nothing of the number itself. */
const NOT_PLAIN =
  /^(?:bytea|blob|longblob|binary|varbinary|bytes|buffer|bool|boolean|tinyint\(1\)|smallint|date|timestamp|datetime|uuid|transformed|encrypted\w*|sealed\w*)/
/** A name that says it is kept in another form. */
const OTHER_FORM =
  /\b(?:enc|encrypted|sealed|cipher|ciphertext|hash|hashed|hmac|token|last|masked|fingerprint|index|blind|id|ref)\b/

export const rule: Rule = {
  id: 'plaintext-card-column',
  practice: 5,
  severity: 'critical',
  title: 'A column holds card numbers or security codes in plain text',
  why: 'Whoever reads the database, a replica, a backup or a dump reads every card in it. A security code must not be kept at all once a payment is authorised, not even encrypted.',
  mend: "Store the gateway's token and the last four digits. Where the number itself has to be kept, seal it with AES-256-GCM before SQL sees it, in a column of bytes; drop columns for security codes.",
  // ucanpay-audit-ignore plaintext-card-column: what the page of this rule shows as wrong
  before: 'create table cards (id bigint primary key, card_number varchar(19), cvc varchar(4));',
  after: 'create table cards (id bigint primary key, card_token text not null, last4 char(4) not null);',
  language: 'sql',
  controls: { pci: ['3.5.1', '3.3.1.2'], asvs: ['14.2.4'], gdpr: ['32(1)(a)', '5(1)(f)'] },
  silentIn: ['test', 'fixture', 'documentation', 'vendored', 'declaration'],
  on: { columns: check },
}

function check(column: Column, scan: FileScan): void {
  const words = wordsOf(column.name)
  const owned = `${wordsOf(column.table).replace(/s$/, '')} ${words}`
  if (OTHER_FORM.test(words) || scan.isComment(column.start)) return
  const { card, cvc } = SENSITIVE_NAMES
  const isCode = cvc.pattern.test(words) && !/\b(?:check|result|response|status|match)\b/.test(words)
  const isCard = card.pattern.test(words) || (card.owned?.test(owned) ?? false)
  if (!isCode && !isCard) return
  if (isCard && NOT_PLAIN.test(column.type)) return
  if (isCode && /^(?:bool|boolean)/.test(column.type)) return
  scan.report({
    at: { start: column.nameStart, end: column.nameEnd },
    message: isCode
      ? `${column.name} keeps card verification codes, which must not be stored in any form`
      : `${column.name} keeps card numbers in plain text`,
  })
}

import { wordsOf, type Column } from '../../engine/data/column.ts'
import { SENSITIVE_NAMES } from '../../engine/flows/sensitive-names.ts'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'

/** Numbers that stand for a person or open an account, in the words of several countries. */
const IDENTITY =
  /\b(?:ssn|social security(?: (?:number|no))?|passport(?: (?:number|no|num))?|national (?:id|identity)(?: (?:number|no))?|id card (?:number|no)|driver s? ?licen[cs]e(?: (?:number|no))?|driving licen[cs]e(?: (?:number|no))?|tax (?:id|number|no)|iban|bank account(?: (?:number|no))?|account number|aadhaar(?: (?:number|no))?|cpf|curp|nric|nino|personnummer)$/
const MORE = /\b(?:birth ?(?:date|day)|date ?of ?birth|postal address|address(?: line)? ?[12]|mother s? ?maiden name)$/
/** Types that hold what is encrypted, a reference, a flag or a number that counts. */
const NOT_PLAIN =
  /^(?:bytea|blob|longblob|mediumblob|binary|varbinary|bytes|buffer|bool|boolean|bit|tinyint|uuid|objectid|types\.objectid|transformed|encrypted\w*|sealed\w*|timestamp\w*|datetime|serial|bigserial)/
/** A name that says it is kept in another form, or that it is something about it. */
const OTHER_FORM =
  /\b(?:enc|encrypted|sealed|cipher|ciphertext|hash|hashed|hmac|token|tokenized|last|masked|fingerprint|index|blind|id of|verified|confirmed|valid|status|type|count|template|subject|body|provider|opt|consent|notifications?|enabled|sent|domain)\b/
/** Addresses of the business itself, and of what it sends. */
const OF_BUSINESS =
  /\b(?:support|contact|sales|info|admin|sender|from|reply|reply to|noreply|business|company|shop|store|help|billing contact|system|default|office)\b/
const BUSINESS_TABLE =
  /\b(?:settings?|config(?:uration)?s?|options?|preferences?|templates?|stores?|shops?|warehouses?|branch(?:es)?|locations?|offices?|suppliers?|carriers?|currenc(?:y|ies)|emails? ?(?:logs?|queue|templates?|campaigns?)|domains?|banks?)$/

export const rule: Rule = {
  id: 'plaintext-personal-column',
  practice: 5,
  severity: 'medium',
  title: 'A column holds personal data in plain text',
  why: 'Whoever reads the database, a replica, a backup or a dump has the data of every customer, and one injected query is enough. Where the fields were sealed, the law need not have a leak told to each person, and erasing a key erases the copies in backups as well.',
  mend: 'Seal the field with AES-256-GCM before SQL sees it, into a column of bytes, and keep a keyed hash (a blind index) beside it where it has to be searched for. Encryption of the disk alone does not help: the running database reads through it.',
  // ucanpay-audit-ignore plaintext-personal-column: what the page of this rule shows as wrong
  before: 'create table customers (id bigint primary key, email text, birth_date date);',
  after:
    'create table customers (id bigint primary key, email_sealed bytea, email_index bytea, birth_date_sealed bytea);',
  language: 'sql',
  controls: { pci: [], asvs: ['14.2.4'], gdpr: ['32(1)(a)', '34(3)(a)', '25(1)'] },
  silentIn: ['test', 'fixture', 'documentation', 'vendored', 'declaration', 'example'],
  on: { columns: check },
}

function check(column: Column, scan: FileScan): void {
  const words = wordsOf(column.name)
  const isIdentity = IDENTITY.test(words)
  if (!isIdentity && !SENSITIVE_NAMES.personal.pattern.test(words) && !MORE.test(words)) return
  if (OTHER_FORM.test(words) || OF_BUSINESS.test(words) || BUSINESS_TABLE.test(wordsOf(column.table))) return
  if (NOT_PLAIN.test(column.type) || scan.isComment(column.start) || isSealed(column, scan)) return
  scan.report({
    at: { start: column.nameStart, end: column.nameEnd },
    message: `${column.name} keeps personal data in plain text`,
    severity: isIdentity ? 'high' : 'medium',
  })
}

const SEALS = /encrypt|seal(?:ed|ing)?\b|cipher|\bvault/i
/** Libraries that seal the fields of a schema, which is told elsewhere in the file. */
const SEALING_LIBRARY =
  /field-?encryption|mongoose-encryption|sequelize-encrypted|EncryptedField|EncryptionTransformer|typeorm-encrypted/

/** Whether the declaration, the comment on its line or above it, or the library in use says that it is sealed. */
function isSealed({ start, end, nameStart, source }: Column, scan: FileScan): boolean {
  const { text } = scan.file
  if (SEALS.test(text.slice(start, end)) || SEALS.test(scan.lineAt(nameStart))) return true
  const lineStart = text.lastIndexOf('\n', nameStart - 1)
  const above = text.slice(text.lastIndexOf('\n', lineStart - 1) + 1, Math.max(0, lineStart))
  if (/^\s*(?:\/\/|--|#|\*|@)/.test(above) && SEALS.test(above)) return true
  return source !== 'sql' && SEALING_LIBRARY.test(text)
}

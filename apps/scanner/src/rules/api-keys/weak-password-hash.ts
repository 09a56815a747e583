import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, pathsOf, type Value } from '../../engine/values/value.ts'

/** Functions that hash their first argument, each faster than a thousand million times a second on rented cards. */
const FAST = [
  'md5',
  'sha1',
  'sha256',
  'blueimp-md5',
  'js-md5',
  'js-md5.md5',
  'js-sha1',
  'js-sha1.sha1',
  'js-sha256',
  'js-sha256.sha256',
  'js-sha512.sha512',
  'crypto-js.MD5',
  'crypto-js.SHA1',
  'crypto-js.SHA256',
  'crypto-js.SHA512',
  'crypto-js.SHA3',
  'crypto-js/md5',
  'crypto-js/sha1',
  'crypto-js/sha256',
  'crypto-js/sha512',
]
const BCRYPT = ['bcrypt', 'bcryptjs']
/** Below it bcrypt is outdated: OWASP's cheat sheet on storing passwords. */
const LEAST_COST = 10
const LEAST_ROUNDS = 100_000

export const rule: Rule = {
  id: 'weak-password-hash',
  practice: 5,
  severity: 'high',
  title: 'Passwords are stored so that they are soon known',
  why: 'Whoever gets hold of the table tries every password that people use: by a plain hash some thousand million a second, so that most are known within hours, and people use the same one elsewhere. Only a slow function with a salt of its own for each password makes that hopeless.',
  mend: 'Store them by argon2id (or scrypt, or bcrypt with a cost of at least 10), and hash anew at the next sign-in what is there already.',
  before: "createHash('sha256').update(password).digest('hex')",
  after: 'await argon2.hash(password)',
  controls: { pci: ['8.3.2'], asvs: ['11.4.2'], gdpr: ['32(1)(a)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'template'],
  words: ['ash', 'md5', 'sha1', 'MD5', 'SHA', 'sha256', 'bcrypt', 'pbkdf2', 'assword', 'sha512'],
  on: {
    calls: [
      { to: FAST, check: (call, scan) => checkFast(call.args[0], call, scan) },
      { to: ['*.update'], check: checkUpdate },
      { to: ['crypto.hash'], check: (call, scan) => checkFast(call.args[1], call, scan) },
      {
        to: BCRYPT.flatMap((name) => [`${name}.hash`, `${name}.hashSync`]),
        check: (call, scan) => checkCost(call, 1, scan),
      },
      {
        to: BCRYPT.flatMap((name) => [`${name}.genSalt`, `${name}.genSaltSync`]),
        check: (call, scan) => checkCost(call, 0, scan),
      },
      { to: ['crypto.pbkdf2', 'crypto.pbkdf2Sync'], check: checkRounds },
    ],
    nodes: { BinaryExpression: checkComparison },
  },
}

function checkUpdate(call: CallSite, scan: CodeScan): void {
  if (pathsOf(call.callee).some((path) => /^crypto\.createHash\(\)(?:\.update\(\))*\.update$/.test(path)))
    checkFast(call.args[0], call, scan)
}

function checkFast(hashed: Value | undefined, call: CallSite, scan: CodeScan): void {
  if (!hashed || scan.sourcesIn(hashed, ['password']).length === 0) return
  // A slow function is there as well, for what is stored; or a list of leaked passwords is asked by the hash's beginning.
  if (/argon2|bcrypt|scrypt|pbkdf2|pwned/i.test(scan.file.text)) return
  scan.report({
    at: scan.placeOf(call.node),
    message: 'A password goes through a hash that is made to be fast: use argon2id, scrypt or bcrypt',
  })
}

function checkCost(call: CallSite, position: number, scan: CodeScan): void {
  for (const option of call.args[position] ? optionsOf(call.args[position]) : []) {
    if (option.kind !== 'constant' || typeof option.value !== 'number' || option.value >= LEAST_COST) continue
    scan.report({
      at: scan.placeOf(call.node),
      message: `bcrypt with a cost of ${option.value} is too quick for today's machines: use at least ${LEAST_COST}`,
      severity: 'medium',
    })
    return
  }
}

function checkRounds(call: CallSite, scan: CodeScan): void {
  const [secret, , rounds] = call.args
  if (!secret || !rounds || scan.sourcesIn(secret, ['password']).length === 0) return
  const few = optionsOf(rounds).find(
    (option) => option.kind === 'constant' && typeof option.value === 'number' && option.value < LEAST_ROUNDS,
  )
  if (few?.kind !== 'constant') return
  scan.report({
    at: scan.placeOf(call.node),
    message: `PBKDF2 with ${String(few.value)} rounds is too quick for today's machines: use argon2id, or 600000 rounds of SHA-256`,
    severity: 'medium',
  })
}

const STORED =
  /(?:^|[.~])(?:\w*(?:user|account|customer|member|merchant|admin|client|staff|employee|person|profile|record|row|found|doc|result|exist\w*)\w*(?:\.\[\])?|rows\.\[\]|\[\]|(?:find\w*|get\w*|first|queryOne|fetch\w*)\(\))\.(?:password|passwd|pwd|pass)$/i
const GIVEN = /(?:^~|\.)(?:password|passwd|pwd|pass|candidatePassword|inputPassword|enteredPassword)$/i

/** `user.password === req.body.password`: it is stored as it was typed. */
function checkComparison(node: Extract<Node, { type: 'BinaryExpression' }>, scan: CodeScan): void {
  if (!/^[!=]==?$/.test(node.operator) || !/pass|pwd/i.test(scan.file.text.slice(node.start, node.end))) return
  const left = pathsOf(scan.valueOf(node.left))
  const right = pathsOf(scan.valueOf(node.right))
  const isPlain = (stored: readonly string[], given: readonly string[]): boolean =>
    stored.some((path) => STORED.test(path) && !isForm(path)) &&
    given.some((path) => GIVEN.test(path) && !STORED.test(path))
  if (!isPlain(left, right) && !isPlain(right, left)) return
  scan.report({
    at: scan.placeOf(node),
    message: 'The stored password is compared as it was typed, so it is not hashed at all',
  })
}

/** What somebody has typed, twice: no password of the database's. */
function isForm(path: string): boolean {
  return /^@request|\bform\b|values|state|body/i.test(path)
}

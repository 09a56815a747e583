import { wordsOf } from '../../engine/data/column.ts'
import type { Setting } from '../../engine/data/setting.ts'
import { isForStage, isRefused } from '../../engine/flows/development-only.ts'
import { sourceOf } from '../../engine/modules/source-text.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'

/** The passwords that are tried first. */
const WELL_KNOWN =
  /^(?:admin|administrator|root|toor|user|guest|password|passwd|passw0rd|p[a@]ssw[o0]rd|pass|changeme|change-me|change_me|changeit|letmein|secret|qwerty|welcome|master|postgres|mysql|sa|demo|staff|manager|operator|superuser|superadmin|sysadmin|abc123|iloveyou|monkey|dragon|test|testing)$|^(?:admin|administrator|root|user|guest|demo|staff|manager|test|pass(?:word|wd)?|passw0rd|p[a@]ssw[o0]rd|welcome|qwerty|secret|changeme|superadmin|letmein|abc)[@!#$._-]{0,2}\d{1,8}[!@#$.]{0,2}$|^(?:0?123456789?0?|12345|1234|111111|000000|123123|654321)$/
const WITH_CAPITALS =
  /^(?:Admin|Password|Passw0rd|P@ssw[o0]rd|Welcome|ChangeMe|Changeme|Root|Secret|Test|Demo)[@!#$._-]{0,2}\d{1,8}[!@#$.]{0,2}$|^(?:ChangeMe|P@ssw0rd|P@ssword)!?$/
/** What stands for a password that somebody is to put in. */
const PLACEHOLDER =
  /[<>{}$%\s]|your|placeholder|^x+$|^\*+$|^\.+$|^(?:undefined|null|none|false|true|string|required|optional|redacted|hidden|unset|empty)$/i

const PASSWORD = /(?:^|\b)(?:password|passwd|passphrase|pwd|pass)(?: \d)?$/
const NO_PASSWORD =
  /\b(?:hash|field|label|placeholder|reset|confirm|repeat|regex|pattern|min|max|type|input|error|message|url|path|hint|policy|strength|test|mock|dummy|fake|example|title|key|name|by|no|allow|show|forgot|old|wrong|invalid|dev|development|local|sandbox)\b/
/** Who it belongs to: what makes an account of an object. */
const ACCOUNT = /^(?:user ?name|user|login|e ?mail|email address|account|role|is admin|admin)$/

export const rule: Rule = {
  id: 'default-password',
  practice: 3,
  severity: 'high',
  title: 'There is a password that everybody knows, or that stands in the code',
  why: 'Passwords such as admin123 are tried by programs within minutes of a server being seen, and one that stands in the code is known to everybody who has had the code. As a fallback it works unnoticed wherever the setting is missing, which is where nobody looks.',
  mend: 'Have no default: stop at start-up where the password is not set, and let the first account choose its own, or make a random one and show it once.',
  before: "const password = process.env.STAFF_PASSWORD ?? 'admin'",
  after: "const password = process.env.STAFF_PASSWORD\nif (!password) throw new Error('STAFF_PASSWORD is missing')",
  controls: { pci: ['2.2.2', '8.6.2'], asvs: ['6.3.2', '13.2.3'], gdpr: ['32(1)(b)'] },
  silentIn: [
    'test',
    'fixture',
    'documentation',
    'story',
    'declaration',
    'vendored',
    'generated',
    'lockfile',
    'template',
  ],
  words: ['ass', 'PASS', 'pwd', 'PWD', 'hash', 'basic-auth'],
  on: {
    nodes: {
      LogicalExpression: checkFallback,
      ConditionalExpression(node, scan) {
        checkDefault(node.alternate, [node.consequent, targetOf(node)], scan)
      },
      AssignmentPattern(node, scan) {
        checkDefault(node.right, [node.left], scan)
      },
      Property: checkProperty,
      PropertyDefinition(node: Node, scan) {
        if (node.type === 'PropertyDefinition' && node.value) checkNamed(node.key, node.value, scan)
      },
      VariableDeclarator(node, scan) {
        if (node.init) checkNamed(node.id, node.init, scan)
      },
    },
    calls: [
      {
        to: ['*.hash', '*.hashSync', '~hash', '~hashPassword', '~hashSync', '*.hashPassword', '*.encryptPassword'],
        check: checkHash,
      },
      { to: ['*.get', '~env', '~getEnv', '~getenv', '*.getOrDefault', '~config'], check: checkLookUp },
      { to: ['*.default'], check: checkSchema },
      { to: ['express-basic-auth'], check: checkBasicAuth },
    ],
    settings: checkSetting,
    text: { kinds: ['sql'], check: checkSql },
  },
}

function isPasswordName(name: string): boolean {
  const words = wordsOf(name)
  return PASSWORD.test(words) && !NO_PASSWORD.test(words)
}

function isWellKnown(text: string): boolean {
  return WELL_KNOWN.test(text) || WITH_CAPITALS.test(text)
}

/** The last name of a variable, a member or a key. */
function nameOf(node: Node | undefined): string {
  switch (node?.type) {
    case 'Identifier':
    case 'PrivateIdentifier':
      return node.name
    case 'Literal':
      return typeof node.value === 'string' ? node.value : ''
    case 'MemberExpression':
      return nameOf(node.property)
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return nameOf(node.expression)
    case 'LogicalExpression':
      return nameOf(node.left)
    default:
      return ''
  }
}

/** What an expression is put into. */
function targetOf(node: Node): Node | undefined {
  const { parent } = node
  if (parent?.type === 'Property' && parent.value === node) return parent.key
  if (parent?.type === 'VariableDeclarator') return parent.id
  return parent?.type === 'AssignmentExpression' && parent.right === node ? parent.left : undefined
}

function textIn(node: Node): string | undefined {
  if (node.type === 'TSAsExpression') return textIn(node.expression)
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.raw
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

function checkFallback(node: Extract<Node, { type: 'LogicalExpression' }>, scan: CodeScan): void {
  if (node.operator === '&&') checkComparison(node, scan)
  else checkDefault(node.right, [node.left, targetOf(node)], scan)
}

/** What is used where a password is not given. Of the environment no default is right, whatever it is. */
function checkDefault(fallback: Node, names: readonly (Node | undefined)[], scan: CodeScan): void {
  const text = textIn(fallback)
  if (text === undefined || !names.some((each) => isPasswordName(nameOf(each)))) return
  const [given] = names
  const isFromEnvironment = given !== undefined && /\benv\b/.test(sourceOf(given, scan.module).slice(0, 80))
  // `fields.password ?? 'password'` is the name of a field.
  const isName = !isFromEnvironment && (isPasswordName(text) || text === nameOf(given))
  if (isName || !(isWellKnown(text) || (isFromEnvironment && text.length >= 3 && !PLACEHOLDER.test(text)))) return
  report(fallback, 'Where no password is set, one that stands in the code is used: stop at start-up instead', scan)
}

/** `username === 'admin' && password === 'admin'` */
function checkComparison(node: Extract<Node, { type: 'LogicalExpression' }>, scan: CodeScan): void {
  const sides = [node.left, node.right].map((side) => comparedIn(side))
  const password = sides.find((side) => side && isPasswordName(side.name))
  const user = sides.find((side) => side && ACCOUNT.test(wordsOf(side.name)))
  if (password && user && isWellKnown(password.text)) {
    report(password.node, 'Whoever knows the default password is signed in: let each account have its own', scan)
  }
}

function comparedIn(node: Node): { name: string; text: string; node: Node } | undefined {
  if (node.type !== 'BinaryExpression' || !/^={2,3}$/.test(node.operator)) return undefined
  const [literal, other] = textIn(node.right) === undefined ? [node.left, node.right] : [node.right, node.left]
  const text = textIn(literal)
  return text === undefined ? undefined : { name: nameOf(other), text, node: literal }
}

/** A password of an account that is written out. */
function checkProperty(node: Extract<Node, { type: 'Property' }>, scan: CodeScan): void {
  const { parent } = node
  if (parent?.type !== 'ObjectExpression' || node.computed || !isPasswordName(nameOf(node.key))) return
  const text = textIn(node.value)
  if (text === undefined) {
    checkDescription(node, scan)
    return
  }
  const isOwned = OWNED.test(wordsOf(nameOf(node.key)))
  if (!isWellKnown(text) || (!isOwned && !isAccount(parent, node)) || isTried(parent)) return
  report(node.value, 'An account has a password that everybody tries first: let whoever sets it up choose one', scan)
}

/** A name that says whose password it is. */
const OWNED = /\b(?:admin|staff|root|default|initial|seed|owner|superuser|manager|master)\b.*\b(?:password|passwd|pwd)$/

function isAccount(object: Extract<Node, { type: 'ObjectExpression' }>, own: Node): boolean {
  return object.properties.some((each) => {
    if (each.type !== 'Property' || each === own || !ACCOUNT.test(wordsOf(nameOf(each.key)))) return false
    // `{ username: 'username', password: 'password' }` are names of fields.
    return textIn(each.value) !== nameOf(each.key) && each.value.type !== 'ObjectExpression'
  })
}

/** Sent to a server, or typed in, rather than kept. */
function isTried(object: Node): boolean {
  const call = object.parent
  if (call?.type !== 'CallExpression') return false
  const name = nameOf(call.callee)
  return /^(?:post|put|request|fetch|login|log_?in|sign_?in|send|fill|reset|setFieldsValue|setValues|useState|setForm\w*|validate|authenticate)$/i.test(
    name,
  )
}

/** `password: { doc: …, default: 'admin', env: 'DB_PASSWORD' }` */
function checkDescription(node: Extract<Node, { type: 'Property' }>, scan: CodeScan): void {
  if (node.value.type !== 'ObjectExpression') return
  const members = node.value.properties.flatMap((each) => (each.type === 'Property' ? [each] : []))
  const isDescription = members.some((each) => /^(?:env|format|doc|alias|describe)$/.test(nameOf(each.key)))
  const fallback = members.find((each) => nameOf(each.key) === 'default')
  if (isDescription && fallback) checkDefault(fallback.value, [node.key], scan)
}

/** `const ADMIN_PASSWORD = 'admin123'` */
function checkNamed(name: Node, value: Node, scan: CodeScan): void {
  const text = textIn(value)
  if (text === undefined || !isPasswordName(nameOf(name)) || !isWellKnown(text) || isPasswordName(text)) return
  report(value, 'A password that everybody tries first stands in the code: let whoever sets it up choose one', scan)
}

function checkHash(call: CallSite, scan: CodeScan): void {
  const [first] = call.args
  if (first?.kind !== 'constant' || typeof first.value !== 'string' || !isWellKnown(first.value)) return
  if (!/pass|pwd|bcrypt|argon|scrypt/i.test(call.path) || first.origin.module !== scan.module) return
  report(first.origin.node, 'An account is made with a password that everybody tries first', scan)
}

/** `config.get('ADMIN_PASSWORD', 'admin')` */
function checkLookUp(call: CallSite, scan: CodeScan): void {
  const [name, fallback] = call.node.arguments
  if (!name || !fallback || textIn(name) === undefined) return
  checkDefault(fallback, [name], scan)
}

/** `ADMIN_PASSWORD: z.string().default('admin')` */
function checkSchema(call: CallSite, scan: CodeScan): void {
  const [fallback] = call.node.arguments
  let at: Node = call.node
  while (at.parent?.type === 'MemberExpression' || at.parent?.type === 'CallExpression') at = at.parent
  const target = targetOf(at)
  if (fallback && target) checkDefault(fallback, [target], scan)
}

function checkBasicAuth(call: CallSite, scan: CodeScan): void {
  const [options] = call.args
  if (!options) return
  for (const users of scan.members(options, 'users')) {
    for (const name of scan.memberNames(users.value).names) {
      for (const { value } of scan.members(users.value, name)) {
        if (value.kind !== 'constant' || typeof value.value !== 'string' || value.origin.module !== scan.module)
          continue
        report(value.origin.node, 'The password of an account stands in the code: read it from the environment', scan)
      }
    }
  }
}

/** Programs to try something out. */
const ON_TRIAL =
  /(?:^|[/._-])(?:test|debug|check|verify|mock|e2e|try|playground|sandbox|local|dev|development|ci)(?:[\w-]*)\.\w+$/i

function report(node: Node, message: string, scan: CodeScan): void {
  const origin = { module: scan.module, node }
  if (ON_TRIAL.test(scan.file.path) || isForStage(origin) || isRefused(/pass(?:word)?|pwd/i, scan.module)) return
  const at = scan.placeOf(origin)
  scan.report({ at, message, secret: [at] })
}

/** Machines that live as long as a test, and those of developers. */
const SHORT_LIVED =
  /(?:^|\/)\.(?:github|circleci|gitlab|devcontainer|vscode|drone|travis)\b|(?:^|\/)(?:\.gitlab-ci|azure-pipelines|bitbucket-pipelines|\.drone|\.travis|cloudbuild|appveyor)[\w.-]*\.ya?ml$|(?:^|[/._-])(?:dev|development|local|test|testing|ci|e2e|override|sandbox)(?:[._-][\w.-]*)?$|(?:^|\/)(?:i18n|locales?|lang|translations?)\//i

function checkSetting({ name, value, path, source, start, valueStart, valueEnd }: Setting, scan: FileScan): void {
  if (source === 'code' || !isPasswordName(name)) return
  const fallback = /^\$\{\w{1,60}:?-([^}]{1,60})\}$/.exec(value)?.[1] ?? value
  const isVariable = /^[A-Z][A-Z0-9_]*$/.test(name)
  if (!isWellKnown(fallback) || SHORT_LIVED.test(scan.file.path) || scan.isComment(start)) return
  // In data and texts it is a label, or a name, unless it can be nothing else.
  if (!isVariable && !/\d/.test(fallback) && (source === 'json' || isPasswordName(fallback))) return
  if (path.some((part) => /^(?:labels?|messages?|errors?|fields?|i18n|translations?|schemas?|properties)$/i.test(part)))
    return
  const at = { start: valueStart, end: valueEnd }
  scan.report({
    at,
    message:
      fallback === value
        ? `${name} is a password that everybody tries first: set one of your own where it runs`
        : `Where ${name} is not set, a password is used that everybody tries first`,
    secret: [at],
  })
}

const IN_SQL = /\b(?:password|identified by)\s+'([^'\n]{1,60})'/gi

/** `create user shop with password 'changeme'` */
function checkSql(scan: FileScan): void {
  for (const match of scan.file.text.matchAll(IN_SQL)) {
    const [whole, text = ''] = match
    if (!isWellKnown(text) || scan.isComment(match.index)) continue
    const end = match.index + whole.length - 1
    const at = { start: end - text.length, end }
    scan.report({ at, message: 'A user of the database has a password that everybody tries first', secret: [at] })
  }
}

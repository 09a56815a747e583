import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan, Report } from '../../engine/scan/file-scan.ts'
import type { Setting } from '../../engine/data/setting.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { fixWrittenValue } from '../../engine/values/literal-fix.ts'
import { optionsOf, type Origin, type Value } from '../../engine/values/value.ts'

/** Functions whose options say how a certificate is checked, and which of their arguments those are. */
const CLIENTS = [
  'https.request',
  'https.get',
  'new https.Agent',
  'tls.connect',
  'new tls.TLSSocket',
  'http2.connect',
  'axios',
  'axios.*',
  'new undici.Agent',
  'new undici.Pool',
  'new undici.Client',
  'new undici.ProxyAgent',
  'undici.request',
  'got',
  'got.*',
  'request',
  'request.*',
  'needle',
  'needle.*',
  'node-fetch',
  'fetch',
  'new pg.Pool',
  'new pg.Client',
  'mysql.createConnection',
  'mysql.createPool',
  'mysql2.createConnection',
  'mysql2.createPool',
  'mysql2/promise.createConnection',
  'mysql2/promise.createPool',
  'nodemailer.createTransport',
  'redis.createClient',
  'new ioredis',
  'new mongodb.MongoClient',
  'mongoose.connect',
  'mongoose.createConnection',
  'new sequelize',
  'new sequelize.Sequelize',
  'new typeorm.DataSource',
  'new ws',
  'socket.io-client.*',
  'new https-proxy-agent.HttpsProxyAgent',
]
/** Options that turn the check off where they are false, by name. */
const OFF_WHEN_FALSE = ['rejectUnauthorized', 'strictSSL', 'checkCertificate', 'sslValidate', 'tlsVerify']
const OFF_WHEN_TRUE = [
  'insecure',
  'tlsAllowInvalidCertificates',
  'tlsAllowInvalidHostnames',
  'tlsInsecure',
  'trustServerCertificate',
]
const WITHIN = [
  'ssl',
  'tls',
  'agentOptions',
  'connect',
  'https',
  'requestTls',
  'proxyTls',
  'dialectOptions',
  'options',
  'socket',
  'agent',
  'httpsAgent',
  'extra',
]

export const rule: Rule = {
  id: 'tls-verification-disabled',
  practice: 2,
  severity: 'critical',
  title: 'Certificates of the other side are not checked',
  why: 'Without the check anybody between you and the gateway, the bank or the database can pose as it, read every card number and API key that passes, and change amounts on the way. That the connection is encrypted does not help: it is encrypted to the attacker.',
  mend: 'Leave verification on, which is the default. Where a private authority signs the certificate, pass it as `ca` (or set NODE_EXTRA_CA_CERTS), so that it is checked against that.',
  before: "https.request({ hostname: 'api.example.com', rejectUnauthorized: false })",
  after: "https.request({ hostname: 'api.example.com', ca: readFileSync('/etc/shop/ca.pem') })",
  controls: { pci: ['4.2.1'], asvs: ['12.3.2', '12.3.4'], gdpr: ['32(1)(a)'] },
  fixes: 'it turns the check on where it is written out as off, in code and in settings.',
  silentIn: ['test', 'fixture', 'documentation', 'declaration', 'vendored', 'lockfile'],
  words: [
    ...OFF_WHEN_FALSE,
    ...OFF_WHEN_TRUE,
    'NODE_TLS',
    'strict-ssl',
    'sslVerify',
    'sslmode',
    'GIT_SSL_NO_VERIFY',
    'checkServerIdentity',
    'https',
    'tls',
  ],
  on: {
    calls: [{ to: CLIENTS, check: checkClient }],
    nodes: {
      // Whatever it is handed to: an option of this name is about nothing else.
      Property: (node, scan) => checkProperty(node, scan),
      AssignmentExpression(node, scan) {
        const { left, right } = node
        if (left.type !== 'MemberExpression' || left.computed) return
        const { name } = left.property
        if (isOff(name, scan.valueOf(right))) report(name, scan, { origin: { node, module: scan.module } })
        if (name === 'checkServerIdentity') checkIdentity(scan.valueOf(right), { node, scan })
      },
    },
    settings: checkSetting,
  },
}

function checkProperty(
  node: { key: unknown; value: unknown } & Parameters<CodeScan['placeOf']>[0],
  scan: CodeScan,
): void {
  if (!('type' in node) || node.type !== 'Property' || node.computed || node.parent?.type !== 'ObjectExpression') return
  const name =
    node.key.type === 'Identifier' ? node.key.name : node.key.type === 'Literal' ? String(node.key.value) : ''
  // These two names mean other things elsewhere.
  if (OFF_WHEN_FALSE.slice(0, 2).includes(name) && isOff(name, scan.valueOf(node.value))) {
    report(name, scan, { origin: { node, module: scan.module } })
  }
  if (name === 'checkServerIdentity') checkIdentity(scan.valueOf(node.value), { node, scan })
}

function checkClient(call: CallSite, scan: CodeScan): void {
  for (const arg of call.args) lookInto(arg, { call, scan, depth: 0 })
}

interface Where {
  readonly call: CallSite
  readonly scan: CodeScan
  readonly depth: number
}

function lookInto(value: Value, { call, scan, depth }: Where): void {
  if (depth > 3) return
  for (const name of [...OFF_WHEN_FALSE, ...OFF_WHEN_TRUE]) {
    for (const member of scan.members(value, name)) {
      if (!isOff(name, member.value)) continue
      const related = [{ what: `used by ${call.path}`, at: scan.placeOf(call.node) }]
      report(name, scan, { origin: member.origin, related })
    }
  }
  for (const name of WITHIN) {
    for (const { value: inner } of scan.members(value, name)) {
      if (inner.kind === 'object' || inner.kind === 'union') lookInto(inner, { call, scan, depth: depth + 1 })
    }
  }
}

type Related = Report['related']

/** Turned on where it is written out; where it comes from elsewhere, people have to look. */
function report(name: string, scan: CodeScan, { origin, related = [] }: { origin: Origin; related?: Related }): void {
  const fix = fixWrittenValue(origin, OFF_WHEN_FALSE.includes(name) ? 'true' : 'false')
  scan.report({ at: scan.placeOf(origin), message: messageFor(name), related, ...(fix ? { fix } : {}) })
}

/** Whether a value, or one that it can be, turns the check off. */
function isOff(name: string, value: Value): boolean {
  const offs = OFF_WHEN_FALSE.includes(name) ? [false, 0, null] : OFF_WHEN_TRUE.includes(name) ? [true, 1] : []
  return optionsOf(value).some(
    (option) => option.kind === 'constant' && offs.includes(option.value as never) && !isAsked(option.origin.node),
  )
}

/** `asked === 'true' ? true : false`: a setting in other words, as `asked === 'true'` is. */
function isAsked(node: Node): boolean {
  const { parent } = node
  if (parent?.type !== 'ConditionalExpression' || node === parent.test) return false
  const isBoolean = (branch: Node): boolean => branch.type === 'Literal' && typeof branch.value === 'boolean'
  return isBoolean(parent.consequent) && isBoolean(parent.alternate) && !/env|prod|dev/i.test(namesIn(parent.test))
}

function namesIn(node: Node): string {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'MemberExpression') return `${namesIn(node.object)} ${namesIn(node.property)}`
  if (node.type === 'BinaryExpression') return `${namesIn(node.left)} ${namesIn(node.right)}`
  if (node.type === 'CallExpression') return namesIn(node.callee)
  return node.type === 'Literal' ? String(node.value) : ''
}

function messageFor(name: string): string {
  return `${name} is set so that the certificate of the other side is not checked`
}

/** A `checkServerIdentity` that never finds anything wrong accepts every host. */
function checkIdentity(
  value: Value,
  { node, scan }: { node: Parameters<CodeScan['placeOf']>[0]; scan: CodeScan },
): void {
  if (value.kind !== 'function') return
  const fn = value.node
  const body = 'body' in fn ? (fn.body as { type: string; body?: unknown[]; name?: string } | null) : null
  const isEmpty = body?.type === 'BlockStatement' && isNothing(body.body ?? [])
  const isUndefined = body?.type === 'Identifier' && body.name === 'undefined'
  const isLiteral =
    body?.type === 'Literal' || (body?.type === 'UnaryExpression' && 'operator' in body && body.operator === 'void')
  if (isEmpty || isUndefined || isLiteral) {
    scan.report({ at: scan.placeOf(node), message: 'checkServerIdentity accepts every host name' })
  }
}

function isNothing(statements: readonly unknown[]): boolean {
  return statements.every((statement) => {
    const { type, argument } = statement as { type: string; argument?: { type: string; name?: string } | null }
    return type === 'ReturnStatement' && (!argument || argument.type === 'Literal' || argument.name === 'undefined')
  })
}

const OFF_SETTINGS: readonly (readonly [RegExp, RegExp])[] = [
  [/^NODE_TLS_REJECT_UNAUTHORIZED$/, /^(?:0|false|no)$/i],
  [/^(?:strict-ssl|strictSSL|strictSsl|npm_config_strict_ssl)$/i, /^(?:0|false|no)$/i],
  [/^(?:GIT_SSL_NO_VERIFY)$/, /^(?:1|true|yes)$/i],
  [
    /^(?:rejectUnauthorized|reject_unauthorized|PGSSL_?REJECT_?UNAUTHORIZED|\w*_REJECT_UNAUTHORIZED)$/,
    /^(?:0|false|no)$/i,
  ],
  [/^sslVerify$/, /^(?:0|false|no)$/i],
]

const OPPOSITE: Readonly<Record<string, string>> = {
  0: '1',
  1: '0',
  false: 'true',
  true: 'false',
  no: 'yes',
  yes: 'no',
}

function checkSetting({ name, value, start, end, valueStart, valueEnd }: Setting, scan: FileScan): void {
  if (!OFF_SETTINGS.some(([names, values]) => names.test(name) && values.test(value.trim()))) return
  if (scan.isComment(start)) return
  const written = /^(['"]?)(\w{1,5})\1$/.exec(scan.file.text.slice(valueStart, valueEnd))
  const opposite = OPPOSITE[written?.[2]?.toLowerCase() ?? '']
  const text = `${written?.[1] ?? ''}${opposite ?? ''}${written?.[1] ?? ''}`
  const fix = { what: `Write ${text} for ${written?.[0] ?? ''}`, edits: [{ start: valueStart, end: valueEnd, text }] }
  scan.report({
    at: { start, end },
    message: `${name} turns the check of certificates off`,
    ...(opposite === undefined ? {} : { fix }),
  })
}

import type { Setting } from '../../engine/data/setting.ts'
import { isForStage } from '../../engine/flows/development-only.ts'
import { plainPublicHost } from '../../engine/flows/plain-address.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import { shownText } from '../../engine/values/known-calls.ts'
import { optionsOf, type Member, type Origin, type Value } from '../../engine/values/value.ts'

const CLIENTS = [
  'new pg.Pool',
  'new pg.Client',
  'new pg.native.Pool',
  'new pg.native.Client',
  'pg-promise()',
  'postgres',
  'mysql.createConnection',
  'mysql.createPool',
  'mysql2.createConnection',
  'mysql2.createPool',
  'mysql2/promise.createConnection',
  'mysql2/promise.createPool',
  'promise-mysql.createConnection',
  'promise-mysql.createPool',
  'mariadb.createConnection',
  'mariadb.createPool',
  'mssql.connect',
  'new mssql.ConnectionPool',
  'knex',
  'knex.knex',
  'new sequelize',
  'new sequelize.Sequelize',
  'new sequelize-typescript.Sequelize',
  'new typeorm.DataSource',
  'typeorm.createConnection',
  '@nestjs/typeorm.TypeOrmModule.forRoot',
  '@nestjs/mongoose.MongooseModule.forRoot',
  'mongoose.connect',
  'mongoose.createConnection',
  'new mongodb.MongoClient',
  'mongodb.MongoClient.connect',
  'redis.createClient',
  'new ioredis',
  'new ioredis.Redis',
]
const ADDRESSES = ['connectionString', 'url', 'uri', 'host', 'hostname', 'server']
const TLS = ['ssl', 'tls', 'encrypt', 'useSSL', 'sslmode']
const WITHIN = ['connection', 'socket', 'dialectOptions', 'options', 'extra']

const DATABASE =
  /^(?:postgres(?:ql)?|mysql2?|mariadb|mongodb|redis|mssql|sqlserver|cockroachdb):\/\/(?:[^\s/?#]*@)?([\w.-]+)/i
/** Addresses that speak TLS by themselves. */
const ENCRYPTED = /^(?:rediss|mongodb\+srv):/i
const TURNED_ON =
  /[?&;](?:ssl-?_?mode=(?:require|verify|prefer|no-verify)|(?:ssl|tls|encrypt|useSSL|requireSSL)=(?:true|1|require|%7B|\{)|ssl=[^f&0][^&]*|sslaccept=|sslrootcert=|sslcert=)/i
const TURNED_OFF =
  /[?&;](?:ssl-?_?mode=(?:disabled?|none)\b|(?:ssl|tls|encrypt|useSSL|requireSSL)=(?:false|0|no|off)\b)/i

export const rule: Rule = {
  id: 'database-without-tls',
  practice: 2,
  severity: 'high',
  title: 'The connection to the database is not encrypted',
  why: 'Customers, orders and the password of the database itself go over the network in the clear, and whoever is on the way reads them and changes what comes back: a balance, a role, a password hash. Database drivers of Node.js do not use TLS unless they are told to.',
  mend: 'Turn TLS on and have the certificate checked: `sslmode=verify-full` or `ssl: { ca }` for PostgreSQL and MySQL, `tls=true` for MongoDB, `rediss://` for Redis.',
  before: "new pg.Pool({ host: 'db.shop.io', ssl: false })",
  after: "new pg.Pool({ host: 'db.shop.io', ssl: { ca: readFileSync('/etc/shop/db-ca.pem', 'utf8') } })",
  controls: { pci: ['4.2.1'], asvs: ['12.3.1'], gdpr: ['32(1)(a)'] },
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
  words: [...CLIENTS.map((path) => path.replace(/^new |\(\)$/g, '').replace(/[./].*$/, '')), '://', 'SSL', 'nestjs'],
  on: { calls: [{ to: [...CLIENTS, 'pg-promise().*'], check: checkClient }], settings: checkSetting },
}

interface Connection {
  readonly addresses: readonly Member[]
  readonly tls: readonly Member[]
  /** Whether options may be given that are not seen here. */
  readonly isOpen: boolean
}

function checkClient(call: CallSite, scan: CodeScan): void {
  const { addresses, tls, isOpen } = connectionOf(call, scan)
  const off = tls.find(({ value }) => isOff(value))
  if (tls.some(({ value }) => !isOff(value)) || (off && isForStage(off.origin))) return
  const options = addresses.flatMap(({ value, origin }) => optionsOf(value).map((option) => ({ option, origin })))
  const texts = options.map(({ option }) => shownText(option))
  if (texts.some((text) => ENCRYPTED.test(text) || TURNED_ON.test(text))) return
  for (const { option, origin } of options) {
    const text = shownText(option)
    const host = databaseHost(text) ?? (text.includes('://') ? undefined : publicHost(text))
    const isKnownOff = off !== undefined || TURNED_OFF.test(text)
    if (host === undefined || isForStage(option.origin) || (!isKnownOff && (isOpen || setElsewhere(scan)))) continue
    report({ at: off?.origin ?? (option.kind === 'constant' ? option.origin : origin), host }, scan)
    return
  }
  // Turned off for whatever is reached: one of this machine would have been named.
  const isUnknown = options.length > 0 && options.every(({ option }) => isSecretive(option))
  if (off && isUnknown && !/localhost|127\.0\.0\.1|\/var\/run|socketPath/.test(scan.file.text)) {
    report({ at: off.origin, host: undefined }, scan)
  }
}

function report({ at, host }: { at: Origin; host: string | undefined }, scan: CodeScan): void {
  scan.report({
    at: scan.placeOf(at),
    message: messageFor(host),
    ...(host === undefined ? { severity: 'medium' as const } : {}),
  })
}

function messageFor(host: string | undefined): string {
  return host === undefined
    ? 'TLS is turned off for the connection to the database: whoever is on the way reads all of it'
    : `The connection to the database at ${host} is not encrypted: turn TLS on`
}

function connectionOf(call: CallSite, scan: CodeScan): Connection {
  const addresses: Member[] = []
  const tls: Member[] = []
  let isOpen = false
  const look = (value: Value, depth: number): void => {
    for (const option of optionsOf(value)) {
      if (option.kind === 'constant' || option.kind === 'text') {
        if (/:\/\/|\./.test(shownText(option))) addresses.push({ value: option, origin: option.origin, certain: true })
        continue
      }
      if (option.kind !== 'object') {
        // An address from the environment, or options that are not seen.
        if (option.kind === 'named' && depth === 0)
          addresses.push({ value: option, origin: option.origin, certain: true })
        isOpen ||= option.kind !== 'named' || !option.path.startsWith('process.env.')
        continue
      }
      isOpen ||= scan.memberNames(option).open
      for (const name of ADDRESSES) addresses.push(...scan.members(option, name))
      for (const name of TLS) tls.push(...scan.members(option, name))
      if (depth > 1) continue
      for (const name of WITHIN) for (const { value: inner } of scan.members(option, name)) look(inner, depth + 1)
    }
  }
  for (const arg of call.args.slice(0, 4)) if (arg.kind !== 'function') look(arg, 0)
  return { addresses, tls, isOpen }
}

function isOff(value: Value): boolean {
  return optionsOf(value).every(
    (option) => option.kind === 'constant' && [false, 0, 'false', 'disable', null].includes(option.value as never),
  )
}

/** Whether nothing at all is known of an address: no default, no beginning. */
function isSecretive(option: Value): boolean {
  if (option.kind === 'constant') return option.value === undefined
  return option.kind === 'named' || (option.kind === 'text' && !/localhost|127\.|@\w+[:/]/.test(shownText(option)))
}

function setElsewhere(scan: CodeScan): boolean {
  return /PGSSLMODE|PGSSLROOTCERT|\.defaults\.ssl\s*=/.test(scan.file.text)
}

function databaseHost(address: string): string | undefined {
  const host = DATABASE.exec(address.trim())?.[1]
  return host === undefined ? undefined : publicHost(host)
}

function publicHost(host: string): string | undefined {
  if (!/^[\w-]+(?:\.[\w-]+)+$/.test(host) || /\.(?:flycast|sock|js|json|db|sqlite)$/i.test(host)) return undefined
  return plainPublicHost(`http://${host}`)
}

const NAMED_HOST =
  /^[ \t"'-]*(?:export )?(?:PG|DB_?|DATABASE_|POSTGRES_|MYSQL_|MONGO_|REDIS_|TYPEORM_)HOST(?:NAME)?["']?[ \t]*[:=][ \t]*["']?([\w.-]+)/im

function checkSetting({ name, value, start, end, source }: Setting, scan: FileScan): void {
  const host = databaseHost(value)
  const isPlain = TURNED_OFF.test(value) || (/^(?:redis|mongodb):/i.test(value.trim()) && !TURNED_ON.test(value))
  if (host !== undefined) {
    if (!isPlain || scan.isComment(start)) return
    scan.report({ at: { start, end }, message: messageFor(host) })
    return
  }
  if (source === 'code' || !turnsOff(name, value)) return
  const named = publicHost(NAMED_HOST.exec(scan.file.text)?.[1] ?? '')
  if (named !== undefined && !scan.isComment(start)) scan.report({ at: { start, end }, message: messageFor(named) })
}

function turnsOff(name: string, value: string): boolean {
  return (
    (/^PGSSLMODE$/.test(name) && /^(?:disable|allow)$/i.test(value)) ||
    (/^(?:DB|DATABASE|PG|POSTGRES|MYSQL|MONGO|REDIS|TYPEORM)_?(?:USE_?)?(?:SSL|TLS)(?:_?(?:MODE|ENABLED))?$/i.test(
      name,
    ) &&
      /^(?:false|0|no|off|disabled?)$/i.test(value))
  )
}

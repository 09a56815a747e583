import type { Node } from '../syntax/parse.ts'
import type { Value } from '../values/value.ts'
import { shownText } from '../values/known-calls.ts'

/** Where a value can leave the program. */
export type SinkKind = 'log' | 'response' | 'mail' | 'chat' | 'url' | 'browser-storage' | 'file' | 'database'

/** A value on its way out. */
export interface Sink {
  readonly kind: SinkKind
  /** The path of what it goes to, such as `console.log`. */
  readonly path: string
  readonly value: Value
  /** The call, or the assignment. */
  readonly node: Node
  /** The argument, or the right side. */
  readonly valueNode: Node
}

interface SinkCall {
  readonly kind: SinkKind
  readonly pattern: RegExp
  /** Which arguments go out; all where absent. */
  readonly args?: readonly number[]
  /** What the text of the first argument has to fit. */
  readonly first?: RegExp
}

const LEVELS =
  'log|info|warn|warning|error|debug|trace|verbose|silly|fatal|notice|crit|critical|alert|emerg|http|success|child'
const CALLS: readonly SinkCall[] = [
  { kind: 'log', pattern: /^console\.(?:log|info|warn|error|debug|trace|dir|table|group)$/ },
  { kind: 'log', pattern: /^process\.(?:stdout|stderr)\.write$/, args: [0] },
  {
    kind: 'log',
    pattern: new RegExp(
      `(?:^|[.~])_?(?:log|logger|logging|winston|pino|bunyan|log4js|signale|consola|loglevel)(?:\\(\\))?\\.(?:${LEVELS})$`,
      'i',
    ),
  },
  {
    kind: 'log',
    pattern: new RegExp(
      `(?:createLogger|getLogger|pino|pino-http|Logger|signale|child|bunyan|tslog|roarr|loglevel)(?:\\(\\))?\\.(?:${LEVELS})$`,
      'i',
    ),
  },
  { kind: 'log', pattern: /^debug\(\)\(?/ },
  {
    kind: 'log',
    pattern: /^(?:@sentry\/[\w-]+|sentry)\.(?:captureMessage|setContext|setExtra|setUser|addBreadcrumb)$/i,
  },
  {
    kind: 'response',
    pattern:
      /^(?:@response|@reply|~res|~response|~reply|~\w+\.switchToHttp\(\)\.getResponse\(\))(?:\.\w+\(\))*\.(?:send|json|jsonp|write|end|render)$/,
  },
  {
    kind: 'response',
    pattern: /^(?:next\/server\.)?NextResponse\.json$|^Response\.json$|^new (?:next\/server\.)?(?:Next)?Response$/,
    args: [0],
  },
  { kind: 'response', pattern: /^@hono\.(?:json|text|html|body)$/, args: [0] },
  { kind: 'response', pattern: /^@ctx\.throw$/ },
  { kind: 'mail', pattern: /\.(?:sendMail|sendEmail|sendTemplatedEmail|sendEmailWithTemplate)$/ },
  {
    kind: 'mail',
    pattern:
      /^@sendgrid\/mail\.(?:send|sendMultiple)$|^new resend(?:\.Resend)?\.emails\.send$|(?:mailgun|postmark|mailer|sgMail)[\w.()~-]*\.(?:send|create|sendMail|messages\(\)\.send)$|^new @aws-sdk\/client-ses(?:v2)?\.SendEmailCommand$/i,
  },
  { kind: 'chat', pattern: /\.chat\.postMessage$|\.messages\.create$|^new @slack\/webhook\.IncomingWebhook\.send$/ },
  {
    kind: 'chat',
    pattern:
      /^(?:fetch|axios(?:\.(?:post|put|create\(\)\.post))?|got(?:\.post)?|node-fetch|undici\.(?:fetch|request)|request\.post|superagent\.post)$/,
    first:
      /hooks\.slack\.com|discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org|webhook\.office\.com|chat\.googleapis\.com/,
    args: [1],
  },
  {
    kind: 'url',
    pattern:
      /^(?:fetch|axios(?:\.(?:get|post|put|delete|patch|request|head))?|got(?:\.\w+)?|node-fetch|undici\.(?:fetch|request)|https?\.(?:get|request)|new URL|XMLHttpRequest|navigator\.sendBeacon|window\.open|location\.(?:assign|replace))$/,
    args: [0],
  },
  {
    kind: 'url',
    pattern:
      /^(?:@response|@reply|~res|~reply|@ctx)(?:\.\w+\(\))*\.redirect$|^(?:next\/navigation\.)?redirect$|\.(?:push|replace)State$/,
  },
  { kind: 'browser-storage', pattern: /^(?:localStorage|sessionStorage)\.setItem$/, args: [1] },
  { kind: 'browser-storage', pattern: /^(?:js-cookie|Cookies|~Cookies|nookies)\.(?:set|setCookie)$/ },
  {
    kind: 'file',
    pattern:
      /^fs(?:\/promises|\.promises|-extra)?\.(?:writeFile|writeFileSync|appendFile|appendFileSync|outputFile|outputJson|writeJson|writeJsonSync)$/,
    args: [1],
  },
  { kind: 'file', pattern: /^fs(?:-extra)?\.createWriteStream\(\)\.(?:write|end)$/, args: [0] },
  {
    kind: 'database',
    pattern:
      /(?:^|[.~])(?:pool|db|client|connection|conn|knex|sequelize|database|sql|pg|mysql|tx|trx|pgp?|Pool|Client)(?:\(\))?\.(?:query|execute|run|raw|none|one|any)$/i,
  },
  {
    kind: 'database',
    pattern:
      /\.(?:insert|insertOne|insertMany|updateOne|updateMany|findOneAndUpdate|findByIdAndUpdate|replaceOne|bulkCreate|createMany|upsert|insertInto\(\)\.values|values)$/,
  },
  {
    kind: 'database',
    pattern: /^~?(?:prisma|[\w.]*[pP]risma[\w.]*|new @prisma\/client\.PrismaClient)\.\w+\.(?:create|update|upsert)$/,
  },
  {
    kind: 'database',
    pattern:
      /(?:^|[.~])[A-Z]\w*(?:Model)?\.(?:create|update|findOrCreate)$|(?:Repository|Repo|repository|repo)(?:\(\))?\.(?:save|insert|create|update)$|mongoose\.model\(\)\.(?:create|update\w*)$|\.define\(\)\.(?:create|update|bulkCreate)$/,
  },
  {
    kind: 'database',
    pattern:
      /(?:^|[.~])redis(?:Client)?(?:\(\))?\.(?:set|hset|hSet|setex|setEx|lpush|rpush)$|createClient\(\)\.(?:set|hSet|setEx)$|^new ioredis\.(?:set|hset|setex)$/i,
  },
]
/** Calls that look like one of the above and are none. */
const NOT: Readonly<Partial<Record<SinkKind, RegExp>>> = {
  database:
    /^(?:stripe|Object|Array|Map|Set|axios|document|React|@?zod|z|yup|joi)\b|stripe|paypal|braintree|\(\)\.headers/i,
}

/** Which of the calls above a path is: the same few paths come again and again. */
const byPath = new Map<string, readonly SinkCall[]>()
const MOST_PATHS = 20_000

function sinkCallsFor(path: string): readonly SinkCall[] {
  const known = byPath.get(path)
  if (known) return known
  const found = CALLS.filter(({ kind, pattern }) => pattern.test(path) && NOT[kind]?.test(path) !== true)
  if (byPath.size >= MOST_PATHS) byPath.clear()
  byPath.set(path, found)
  return found
}

/** What of a call goes out, by the paths of its function. */
export function sinksOfCall(call: {
  readonly path: string
  readonly node: Node
  readonly args: readonly Value[]
}): Sink[] {
  const { path, node } = call
  const calls = sinkCallsFor(path)
  if (calls.length === 0 || !('arguments' in node)) return []
  const { args } = call
  const nodes = node.arguments as Node[]
  return calls.flatMap(({ kind, args: which, first }) => {
    if (first && !(args[0] && first.test(shownText(args[0])))) return []
    return args.flatMap((value, index): Sink[] => {
      if (which && !which.includes(index)) return []
      return [{ kind, path, value, node, valueNode: nodes[index] ?? node }]
    })
  })
}

const ASSIGNED: readonly (readonly [SinkKind, RegExp])[] = [
  ['response', /^@ctx\.(?:body|response\.body)$/],
  ['browser-storage', /^(?:localStorage|sessionStorage)\.\w+$|^document\.cookie$/],
  ['url', /^(?:location|window\.location|document\.location)(?:\.href)?$/],
]

/** What goes out by being assigned: `ctx.body = …`, `document.cookie = …`. */
export function sinkOfAssignment(path: string): SinkKind | undefined {
  return ASSIGNED.find(([, pattern]) => pattern.test(path))?.[0]
}

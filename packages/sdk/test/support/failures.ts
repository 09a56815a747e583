import { Refusal } from '../../src/errors/errors.ts'
import { UCanPayConnectionError, UCanPayError, UCanPaySignatureError, UCanPayTimeoutError } from '../../src/index.ts'

export const CARD = '4242424242424242'
const KEY = ['ucp_sk', 'live', 'ThisIsTheSecretOfTheTest0123456789abcd'].join('_')
/** What the log may not hold either. */
export const PRIVATE = [CARD, '4242 4242', KEY, 'ada@example.org', 'tokenCanary1234567890', 'Lovelace']
/** What no caller may read, wherever it stood. */
export const CANARY = 'canary-7f3'
export const SECRET = `${CANARY} card ${CARD} key ${KEY} mail ada@example.org Authorization: Bearer tokenCanary1234567890`

/** What failures need of the test: a real PostgreSQL's refusals. */
type Ask = (sql: string) => Promise<unknown>

const raise = (thrown: unknown) => (): never => {
  throw thrown
}

const asking =
  (sql: string) =>
  (ask: Ask): Promise<unknown> =>
    ask(sql)

function withGetters(): object {
  const get = (): never => {
    throw new Error(SECRET)
  }
  const members = ['message', 'stack', 'name', 'cause', 'code', 'status', 'issues', 'errors', 'digest']
  return Object.defineProperties({}, Object.fromEntries(members.map((name) => [name, { get }])))
}

function circular(): Error {
  const error = new Error(SECRET, { cause: new Error(`cause ${SECRET}`) })
  ;(error.cause as Error).cause = error
  return error
}

const trap = new Proxy(
  {},
  {
    get: () => {
      throw new Error(SECRET)
    },
    getPrototypeOf: () => {
      throw new Error(SECRET)
    },
  },
)
const revoked = Proxy.revocable({}, {})
revoked.revoke()
const SPACED = { [SECRET]: SECRET, stack: SECRET }

/** What a handler does, and which status that is. */
export const FAILURES: Readonly<Record<string, readonly [status: number, fail: (ask: Ask) => unknown]>> = {
  message: [500, raise(new Error(SECRET))],
  async: [500, (): Promise<never> => Promise.reject(new Error(SECRET))],
  circular: [500, raise(circular())],
  aggregate: [500, raise(new AggregateError([new Error(SECRET), SECRET, undefined], SECRET))],
  duplicate: [500, asking("insert into canary_users values ('ada@example.org', 'Ada Lovelace')")],
  null: [500, asking("insert into canary_users (email) values ('Lovelace@example.org')")],
  cast: [500, asking("select 'Ada Lovelace'::int")],
  syntax: [500, asking(`select from where '${CARD}'`)],
  zod: [
    500,
    raise(
      Object.assign(new Error(SECRET), {
        issues: [{ path: ['user', 0, 'name'], code: 'too_small', message: 'Lovelace', received: SECRET }],
      }),
    ),
  ],
  text: [500, raise(SECRET)],
  frozen: [500, raise(Object.freeze(Object.assign(new Error(SECRET), { status: 200 })))],
  getters: [500, raise(withGetters())],
  proxy: [500, raise(trap)],
  revoked: [500, raise(revoked.proxy)],
  object: [500, raise(SPACED)],
  upstream: [
    500,
    raise(Object.assign(new Error(SECRET), { status: 401, name: 'AxiosError', response: { status: 401 } })),
  ],
  away: [503, raise(Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' }))],
  exposed: [
    404,
    raise(
      Object.assign(new Error(SECRET), {
        status: 404,
        statusCode: 404,
        expose: true,
        headers: { 'x-leak': SECRET },
      }),
    ),
  ],
  redirecting: [500, raise(Object.assign(new Error(SECRET), { status: 302, statusCode: 302, expose: true }))],
  order: [
    404,
    raise(new UCanPayError(SECRET, { msg: 'ORDERNOTEXIST', status: 404, detail: [{ pointer: SECRET, rule: 'x' }] })),
  ],
  conflict: [409, raise(new UCanPayError(SECRET, { msg: 'ORDERPAID', status: 409 }))],
  noauth: [502, raise(new UCanPayError(SECRET, { msg: 'NOAUTH', status: 401 }))],
  busy: [503, raise(new UCanPayError(SECRET, { msg: 'FREQUENCY_LIMITED', status: 429 }))],
  timeout: [504, raise(new UCanPayTimeoutError(SECRET))],
  broken: [502, raise(new UCanPayConnectionError(SECRET))],
  forged: [502, raise(new UCanPaySignatureError(SECRET))],
  refusal: [418, raise(new Refusal(418, 'No <coffee> here.', { cause: new Error(SECRET) }))],
}

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { failureBody } from '@ucanpay/wire/failures'
import { authenticate, authorise, checkSignature, countAnswer, refuseLeakedKeys } from './account.ts'
import type { Account, TestApiKey } from './account.ts'
import type { Answering } from './answers.ts'
import { checkMembers } from './check-members.ts'
import { doOnce } from './once.ts'
import { closeExpired } from './orders.ts'
import { readMembers } from './read-body.ts'
import { Refusal } from './refusal.ts'
import { routesAt, type Call, type Route } from './routes.ts'
import { signData, type Signer } from './sign.ts'
import { newId } from './state.ts'

/** What answering needs. */
export interface Speaker {
  readonly account: Account
  readonly answering: Answering
  readonly signer: Signer
  /** The public keys of `signer`, as a JWK Set. */
  readonly published: object
}

/** A request that is read. */
export interface ReadRequest {
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: { readonly bytes: Buffer; readonly tooLarge: boolean }
}

/** What is answered. */
export interface TestAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: object
}

/** Headers of every answer (contract §1). */
const ALWAYS = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'content-type': 'application/json; charset=utf-8',
}

/** A gateway's own limit; nothing is refused by it here, `failNext` with 429 does that. */
const SHOWN_LIMIT = 100

/** Answers a request as the gateway does. It never throws: what is not foreseen is `SYSTEMERROR`. */
export function answerRequest(speaker: Speaker, request: ReadRequest): TestAnswer {
  const { account } = speaker
  const now = account.state.clock.now()
  const headers: Record<string, string> = { ...ALWAYS, 'request-id': newId(account.state, 'req', now) }
  if (request.path === '/healthz' && isRead(request)) return { status: 200, headers, body: { status: 'ok' } }
  headers['x-ratelimit-limit'] = String(SHOWN_LIMIT)
  headers['x-ratelimit-remaining'] = String(SHOWN_LIMIT - 1)
  headers['x-ratelimit-reset'] = String(Math.ceil(now.getTime() / 1000) + 1)
  const asked: Asked = { headers, key: undefined }
  let answer: TestAnswer
  try {
    answer = { status: 200, headers, body: answerOf(speaker, request, asked) }
  } catch (error) {
    answer = refuse(speaker, error, asked)
  }
  if (asked.key) countAnswer(account, asked.key, answer.status)
  return answer
}

/** What becomes known while a request is answered. */
interface Asked {
  readonly headers: Record<string, string>
  key: TestApiKey | undefined
}

function answerOf(speaker: Speaker, request: ReadRequest, asked: Asked): object {
  const { account, answering, signer } = speaker
  const { state } = account
  const { path, query } = request
  refuseLeakedKeys(account, unescaped(`${path}?${query}`))
  if (path === '/.well-known/jwks.json' && isRead(request)) {
    asked.headers['content-type'] = 'application/jwk-set+json'
    return speaker.published
  }
  const { route, id } = findRoute(request, asked)
  const key = authenticate(account, request.headers, request.body.bytes.toString('latin1'))
  asked.key = key
  authorise(account, key, route.scope)
  const body = route.body ? readSigned(account, request, route) : {}
  const call: Call = { state, answering, id, query: readQuery(query), body }
  if (route.params) checkMembers({ id }, route.params)
  if (route.body) checkMembers(body, route.body)
  if (route.query) checkMembers(call.query, route.query)
  closeExpired(state)
  const data = perform(route, call, { request, asked })
  const rules = { scheme: account.scheme, path: route.path.replace(':id', id) }
  return { code: 0, msg: 'SUCCESS', data: signData(signer, data, rules), timestamp: state.clock.now().toISOString() }
}

function perform(route: Route, call: Call, { request, asked }: { request: ReadRequest; asked: Asked }): object {
  if (route.run) return route.run(call)
  if (!route.task) throw new Error('a route without an answer')
  const claim = {
    key: request.headers['idempotency-key'],
    path: route.path.replace(':id', call.id),
    members: call.body,
  }
  const { data, repeated } = doOnce(call.state, claim, route.task(call))
  if (repeated) asked.headers['idempotent-replayed'] = 'true'
  return data
}

function readSigned(account: Account, request: ReadRequest, route: Route): Record<string, unknown> {
  const members = readMembers(request, request.body, route.bodyOptional === true)
  refuseLeakedKeys(account, JSON.stringify(members))
  const [, id = ''] = /^\/v1\/payments\/([^/]+)\//.exec(request.path) ?? []
  const path = route.path.replace(':id', decodeURIComponent(id))
  checkSignature(account, members, { path, names: Object.keys(route.body?.members ?? {}) })
  return members
}

/** @throws Refusal NOT_FOUND, REQUIRE_POST_METHOD, PARAM_ERROR */
function findRoute({ method, path }: ReadRequest, asked: Asked): { route: Route; id: string } {
  let found: readonly { route: Route; id: string }[]
  try {
    decodeURIComponent(path)
    found = routesAt(path)
  } catch {
    throw new Refusal('PARAM_ERROR')
  }
  const wanted = method === 'HEAD' ? 'GET' : method
  const fitting = found.find(({ route }) => route.method === wanted)
  if (fitting) return fitting
  const open = path === '/healthz' || path === '/.well-known/jwks.json' ? ['GET'] : []
  const allowed = [...new Set([...found.map(({ route }) => route.method), ...open])].sort()
  if (allowed.length === 0) throw new Refusal('NOT_FOUND')
  asked.headers['allow'] = allowed.join(', ')
  throw new Refusal('REQUIRE_POST_METHOD')
}

/** A member that comes twice is a list, which no rule allows. */
function readQuery(query: string): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  const texts = new URLSearchParams(query)
  for (const name of new Set(texts.keys())) {
    const values = texts.getAll(name)
    Object.defineProperty(members, name, { value: values.length > 1 ? values : values[0], enumerable: true })
  }
  return members
}

function refuse({ account }: Speaker, error: unknown, { headers, key }: Asked): TestAnswer {
  const { msg, status, failures } = error instanceof Refusal ? error : new Refusal('SYSTEMERROR')
  const now = account.state.clock.now()
  const requestId = headers['request-id'] ?? ''
  const detail = key ? failures : undefined
  const body = failureBody(msg, { status, requestId, timestamp: now.toISOString(), detail })
  if (body.status === 401) headers['www-authenticate'] = 'Bearer'
  if (msg === 'INVALID_REQ_TOO_MUCH') {
    headers['retry-after'] = String(Math.ceil(((key?.blockedUntil ?? 0) - now.getTime()) / 1000))
  }
  return { status: body.status, headers, body }
}

/** The answer to a request that meets an ordered 429, 500 or 503. */
export function orderedFailure({ account }: Speaker, status: 429 | 500 | 503): TestAnswer {
  const now = account.state.clock.now()
  const headers: Record<string, string> = { ...ALWAYS, 'request-id': newId(account.state, 'req', now) }
  if (status === 429) headers['retry-after'] = '1'
  const occasion = { status, requestId: headers['request-id'] ?? '', timestamp: now.toISOString() }
  return { status, headers, body: failureBody(status === 429 ? 'FREQUENCY_LIMITED' : 'SYSTEMERROR', occasion) }
}

function isRead({ method }: Pick<IncomingMessage, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Percent-encoding hides a key from nobody. */
function unescaped(text: string): string {
  return text.replace(/%[0-7][0-9A-Fa-f]/g, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
}

import type { TestGateway } from './gateway.ts'
import type { Operation } from './operations.ts'

/** One object of each kind, by the names that the API has for it. */
export interface Objects {
  readonly ucpOrderNo: string
  readonly outTradeNo: string
  readonly ucpRefundNo: string
  readonly outRefundNo: string
  readonly apiKeyId: string
  readonly userId: string
  readonly email: string
  readonly reference: string
  readonly merchantId: string
}

export type Identifier = keyof Objects

/** Names of one and the same thing: where one is tried, the other must not be there to help. */
const SAME_THING: readonly (readonly Identifier[])[] = [
  ['ucpOrderNo', 'outTradeNo'],
  ['ucpRefundNo', 'outRefundNo'],
]

/** What every other parameter and member is: a value that names no object. A new one belongs here or above. */
const NO_IDENTIFIERS = new Set([
  ...['nonceStr', 'signType', 'sign', 'timestamp', 'limit', 'tradeStatus', 'refundStatus', 'from', 'to'],
  ...['subject', 'body', 'totalAmt', 'currency', 'sceneType', 'notifyUrl', 'returnUrl', 'captureMode', 'expiresIn'],
  ...['deviceNo', 'captureAmt', 'refundAmt', 'refundDesc'],
  ...['name', 'kind', 'scopes', 'expiresInDays', 'ipAllowList', 'overlapS', 'keys'],
  ...['phone', 'address', 'language'],
])

const KNOWN = new Set<string>([
  ...['ucpOrderNo', 'outTradeNo', 'ucpRefundNo', 'outRefundNo', 'apiKeyId', 'userId', 'email', 'reference'],
  'merchantId',
])

/** A place in a request where an object can be named. */
export interface Naming {
  readonly place: 'params' | 'query' | 'body'
  readonly name: string
  readonly identifier: Identifier
}

/** @throws where a parameter or member is neither known as a name of something nor as none */
export function namingsOf(operation: Operation): Naming[] {
  const namesOf = { params: operation.params, query: operation.query, body: operation.body?.properties ?? {} }
  const places = ['params', 'query', 'body'] as const
  return places.flatMap((place) =>
    Object.keys(namesOf[place]).flatMap((name): Naming[] => {
      if (NO_IDENTIFIERS.has(name)) return []
      return identifiersOf(operation, name).map((identifier) => {
        if (!KNOWN.has(identifier)) throw new Error(`${operation.method} ${operation.path} takes ${name}: an object?`)
        return { place, name, identifier: identifier as Identifier }
      })
    }),
  )
}

/** Where a name depends on the route, what it can be the name of. */
function identifiersOf({ path }: Operation, name: string): readonly string[] {
  if (name !== 'startingAfter' && name !== 'id') return [name]
  const [, identifiers] = NUMBERS.find(([start]) => path.startsWith(start)) ?? []
  return identifiers ?? [`${name} of ${path}`]
}

const NUMBERS: readonly (readonly [string, readonly Identifier[]])[] = [
  ['/users', ['userId']],
  ['/v1/api-keys', ['apiKeyId']],
  ['/v1/payments', ['ucpOrderNo', 'outTradeNo']],
  ['/v1/refunds', ['ucpRefundNo', 'outRefundNo']],
]

/** A request as it is sent. */
export interface Sendable {
  readonly method: Operation['method']
  readonly path: string
  readonly body?: string
}

/** A request that is good but for the one name. */
export function requestOf(
  gateway: TestGateway,
  { operation, own }: { operation: Operation; own: Objects },
  named?: { naming: Naming; value: string },
): Sendable {
  const parts: Record<Naming['place'], Record<string, unknown>> = {
    params: Object.fromEntries(
      Object.keys(operation.params).map((name) => [name, own[identifiersOf(operation, name)[0] as Identifier]]),
    ),
    query: goodQuery(operation.path, own),
    body: operation.body ? goodBody(gateway, operation.path, own) : {},
  }
  if (named) {
    const { place, name, identifier } = named.naming
    const twins = SAME_THING.find((names) => names.includes(identifier)) ?? []
    parts[place] = Object.fromEntries(
      Object.entries(parts[place]).filter(([one]) => !twins.some((twin) => twin === one)),
    )
    parts[place][name] = named.value
  }
  const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => String(parts.params[name]))
  const query = new URLSearchParams(parts.query as Record<string, string>).toString()
  const body = operation.body ? { body: JSON.stringify(parts.body) } : {}
  return { method: operation.method, path: query === '' ? path : `${path}?${query}`, ...body }
}

function goodQuery(path: string, { outTradeNo, outRefundNo }: Objects): Record<string, string> {
  if (path === '/payment/status') return { outTradeNo }
  return path === '/payment/refund/status' ? { outRefundNo } : {}
}

/** @throws for a path that it has no body for */
function goodBody(gateway: TestGateway, path: string, own: Objects): Record<string, unknown> {
  const { outTradeNo, outRefundNo } = own
  const bodies: Record<string, Record<string, unknown>> = {
    '/payment/unifiedorder': gateway.order(),
    '/payment/orderquery': { outTradeNo },
    '/payment/closeorder': { outTradeNo },
    '/payment/reverse': { outTradeNo },
    '/payment/capture': { outTradeNo },
    '/payment/refund': { outTradeNo, outRefundNo: 'FRESH1', totalAmt: 450, refundAmt: 1, refundDesc: 'cold' },
    '/payment/refundquery': { outRefundNo },
    '/v1/payments': gateway.order(),
    '/v1/refunds': { outTradeNo, outRefundNo: 'FRESH2', refundAmt: 1 },
    '/v1/api-keys': { name: 'Till', kind: 'rk', scopes: 'payments:read' },
    '/users': { name: 'Ada' },
    '/users/{userId}': { name: 'Eve' },
    '/security/leaked-keys': { keys: ['none'] },
  }
  return bodies[path] ?? {}
}

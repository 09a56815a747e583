import { safePath, safeText } from './safe-text.ts'

/** Requests of Node.js, Express, Fastify, Hono and pino's own serializer, as far as they matter here. */
export interface LoggedRequest {
  readonly id?: unknown
  readonly requestId?: unknown
  readonly method?: unknown
  readonly url?: unknown
  readonly originalUrl?: unknown
  readonly route?: unknown
  readonly routeOptions?: unknown
  readonly headers?: unknown
}

/**
 * What may be logged of a request: its id, method and route, never its query, headers or body. A serializer for
 * `pino-http` and Fastify, and of use by itself: `log.info(requestFields(request), 'paid')`. Where the framework knows
 * no route, the path's words stay and the rest of it becomes `:id`.
 */
export function requestFields(request: LoggedRequest): { requestId?: string; method?: string; route?: string } {
  const { id, requestId, method, route, routeOptions, originalUrl, url, headers } = request
  const header = typeof headers === 'object' && headers !== null && 'x-request-id' in headers && headers['x-request-id']
  const name = [requestId, id, header]
    .map((each) => (typeof each === 'number' ? String(each) : each))
    .find((each) => typeof each === 'string' && /^[\w.:-]{1,80}$/.test(each))
  const pattern = [route, member(route, 'path'), member(routeOptions, 'url')].find((each) => typeof each === 'string')
  const address = [originalUrl, url].find((each) => typeof each === 'string')
  return {
    ...(typeof name === 'string' ? { requestId: safeText(name) } : {}),
    ...(typeof method === 'string' && /^[A-Za-z]{1,20}$/.test(method) ? { method } : {}),
    ...(typeof pattern === 'string'
      ? { route: safeText(pattern) }
      : typeof address === 'string'
        ? { route: safePath(address) }
        : {}),
  }
}

/** What may be logged of a response: its status. */
export function responseFields(response: object): { statusCode?: number } {
  const status = member(response, 'statusCode')
  return typeof status === 'number' && status >= 100 && status < 1_000 ? { statusCode: status } : {}
}

function member(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[name] : undefined
}

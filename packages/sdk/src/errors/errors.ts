import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerOf, type ErrorAnswer } from './answer.ts'
import { judge } from './judge.ts'
import { writeLog, type ErrorLog } from './log.ts'
import { requestIdFor } from './request-id.ts'
import { read, storyOf } from './story.ts'

export { logFatal, type FatalOptions } from './fatal.ts'
export type { ErrorLog, ErrorRecord, LogLevel } from './log.ts'
export { Refusal } from './refusal.ts'
export type { ErrorStory } from './story.ts'

/** How errors are written down. */
export interface ErrorHandlerOptions {
  /** pino, winston, console, or a function; without one each error is a line of JSON on stderr. */
  readonly log?: ErrorLog
  /** Whose request it was: your own id of the user, no name or address. Else the one of `ucanpay-sdk/session`. */
  readonly userId?: (request: object) => string | undefined
}

/** Which route a handler is for, where no framework tells: its pattern, e.g. `/orders/[id]`. */
export interface RouteName {
  readonly route?: string
}

/** Express's handler of errors, which it knows by its four parameters. */
export type ExpressErrorHandler = (...parts: ExpressErrorParts) => void
type ExpressErrorParts = [
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
]
/** The last of the routes: whatever comes this far is at no address. */
export type ExpressNotFound = (request: IncomingMessage, response: ServerResponse) => void

/** Fastify's instance, as far as it matters here. */
export interface FastifyWithErrors {
  setErrorHandler(handler: (error: unknown, request: FastifyRequestLike, reply: FastifyReplyLike) => unknown): unknown
  setNotFoundHandler(handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => unknown): unknown
}
interface FastifyRequestLike {
  readonly raw: object
  readonly method: string
  readonly headers: IncomingMessage['headers']
  /** Not there yet where the address is none. */
  readonly routeOptions?: { readonly url?: string | undefined }
}
interface FastifyReplyLike {
  readonly raw: { readonly headersSent: boolean; destroy(): unknown }
  code(status: number): unknown
  headers(headers: Record<string, string>): unknown
  removeHeader(name: string): unknown
  /** What a reply takes depends on its route; for a text there is room in each. */
  send(...parts: never): unknown
}

/** Hono's context, as far as it matters here. */
export interface HonoContextLike {
  readonly req: { readonly raw: Request; readonly routePath?: string }
}

/** Handlers of errors, one for each framework. All of them answer with a status, a fixed sentence and an id. */
export interface ErrorHandlers {
  /** `app.use(errors.notFound, errors.express)`, after all routes. */
  readonly express: ExpressErrorHandler
  readonly notFound: ExpressNotFound
  /** `await app.register(errors.fastify)`, before the routes; it is for all of the application. */
  readonly fastify: (instance: FastifyWithErrors) => Promise<void>
  /** `fastify({ frameworkErrors: errors.frameworkErrors })`: addresses that Fastify refuses before any plug-in. */
  readonly frameworkErrors: (error: unknown, request: FastifyRequestLike, reply: FastifyReplyLike) => unknown
  /** `app.onError(errors.hono)` */
  readonly hono: (error: unknown, context: HonoContextLike) => Response
  /** `app.use(errors.honoThrown)`, first of all: Hono gives `onError` errors alone, and lets all else through. */
  readonly honoThrown: (context: HonoContextLike, next: () => Promise<void>) => Promise<Response | undefined>
  /** `app.notFound(errors.honoNotFound)` */
  readonly honoNotFound: (context: HonoContextLike) => Response
  /** `createServer(errors.node((request, response) => …))` */
  readonly node: <Q extends IncomingMessage, P extends ServerResponse>(
    handler: (request: Q, response: P) => unknown,
    name?: RouteName,
  ) => (request: Q, response: P) => Promise<void>
  /** `export const POST = errors.wrap(async (request) => …, { route: '/orders' })` in Next.js' `app/`. */
  readonly wrap: <Q extends Request, Rest extends unknown[]>(
    handler: (request: Q, ...rest: Rest) => Response | Promise<Response>,
    name?: RouteName,
  ) => (request: Q, ...rest: Rest) => Promise<Response>
  /** The id of a request as the caller is told it, for log lines of your own: give it what the handler got. */
  readonly requestId: (request: object) => string
}

/** What failed, and where. */
interface Failure {
  readonly thrown: unknown
  readonly request: object
  readonly method: string | undefined
  readonly route: string | undefined
  readonly accept: string | undefined
  readonly requestId: string
}

/**
 * Makes handlers of errors that tell a caller what to do and nothing else, in development as in production, and the log
 * the whole story without card numbers, keys and personal data.
 */
export function errorHandlers(options: ErrorHandlerOptions = {}): ErrorHandlers {
  const keeper = new FailureKeeper(options)
  return {
    // eslint-disable-next-line max-params, @typescript-eslint/no-unused-vars
    express(thrown, request, response, _next) {
      answerNode(keeper, response, ofNode(thrown, request, expressRoute(request)))
    },
    notFound(request, response) {
      answerNode(keeper, response, ofNode(NOT_FOUND, request, undefined))
    },
    fastify: Object.assign((instance: FastifyWithErrors) => addToFastify(keeper, instance), {
      [Symbol.for('skip-override')]: true, // What Fastify looks for in a plug-in that is for all of the application.
    }),
    frameworkErrors: (thrown, request, reply) => answerFastify(keeper, { thrown, request, reply }),
    hono: (thrown, { req }) => respond(keeper.keep(ofWeb(thrown, req.raw, routeOfHono(req)))),
    honoThrown: async ({ req }, next) => {
      try {
        await next()
        return undefined
      } catch (thrown) {
        return respond(keeper.keep(ofWeb(thrown, req.raw, routeOfHono(req))))
      }
    },
    honoNotFound: ({ req }) => respond(keeper.keep(ofWeb(NOT_FOUND, req.raw, undefined))),
    node: (handler, name) => async (request, response) => {
      try {
        await handler(request, response)
      } catch (thrown) {
        answerNode(keeper, response, ofNode(thrown, request, name?.route))
      }
    },
    wrap:
      (handler, name) =>
      async (request, ...rest) => {
        try {
          return await handler(request, ...rest)
        } catch (thrown) {
          if (isOfNext(thrown)) throw thrown
          return respond(keeper.keep(ofWeb(thrown, request, name?.route)))
        }
      },
    requestId,
  }
}

/** Not an error: nobody did anything wrong. */
const NOT_FOUND = { name: 'NotFound', message: 'no route', expose: false, status: 404, statusCode: 404 }

class FailureKeeper {
  readonly #options: ErrorHandlerOptions
  constructor(options: ErrorHandlerOptions) {
    this.#options = options
  }

  /** Writes it down. @returns what the caller gets */
  keep(failure: Failure): ErrorAnswer {
    const { status, message } = judge(failure.thrown)
    this.#write(failure, status)
    return answerOf({ status, message, requestId: failure.requestId, accept: failure.accept })
  }

  /** The answer had begun: there is nothing left to say to the caller. */
  keepCut(failure: Failure): void {
    this.#write(failure, 0)
  }

  #write({ thrown, request, method, route, requestId: id }: Failure, status: number): void {
    const userId = this.#userIdOf(request)
    const record = {
      requestId: id,
      ...(method === undefined ? {} : { method }),
      ...(route === undefined ? {} : { route }),
      status,
      ...(userId === undefined ? {} : { userId }),
      error: storyOf(thrown),
    }
    const isOurs = status === 0 || status >= 500
    const line = {
      record,
      level: isOurs ? 'error' : 'info',
      what: isOurs ? 'request failed' : 'request refused',
    } as const
    writeLog(this.#options.log, line)
  }

  #userIdOf(request: object): string | undefined {
    try {
      const session = read(request, 'session')
      const found = this.#options.userId
        ? this.#options.userId(request)
        : typeof session === 'object' && session !== null
          ? read(session, 'userId')
          : undefined
      return typeof found === 'string' ? found.slice(0, 255) : undefined
    } catch {
      return undefined // That it cannot be told whose request it was must not keep the error from the log.
    }
  }
}

function ofNode(thrown: unknown, request: IncomingMessage, route: string | undefined): Failure {
  const { method, headers } = request
  return { thrown, request, method, route, accept: headers.accept, requestId: requestId(request) }
}

function ofWeb(thrown: unknown, request: Request, route: string | undefined): Failure {
  const accept = request.headers.get('accept') ?? undefined
  return { thrown, request, method: request.method, route, accept, requestId: requestId(request) }
}

function requestId(request: object): string {
  const raw = read(request, 'raw') // Fastify's request and Hono's `req` stand for one below, which has the id.
  if (typeof raw === 'object' && raw !== null) return requestId(raw)
  const headers = read(request, 'headers')
  const given = headers instanceof Headers ? headers.get('x-request-id') : read(headers ?? {}, 'x-request-id')
  return requestIdFor(request, given)
}

/** What a body that is not sent any more left behind. */
const OF_THE_BODY = [
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-range',
  'etag',
  'expires',
  'last-modified',
]

function answerNode(keeper: FailureKeeper, response: ServerResponse, failure: Failure): void {
  if (response.headersSent) {
    keeper.keepCut(failure)
    response.destroy() // So that nobody takes what has come so far for the whole.
    return
  }
  const { status, headers, body } = keeper.keep(failure)
  for (const name of OF_THE_BODY) response.removeHeader(name)
  response.statusMessage = ''
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  // ucanpay-audit-ignore response-leaks-error: a Refusal's own public sentence, or a fixed one; nothing of other errors
  response.end(body)
}

interface FastifyFailure {
  readonly thrown: unknown
  readonly request: FastifyRequestLike
  readonly reply: FastifyReplyLike
}

function answerFastify(keeper: FailureKeeper, { thrown, request, reply }: FastifyFailure): unknown {
  const { method, headers, raw, routeOptions } = request
  const route = thrown === NOT_FOUND ? undefined : routeOptions?.url
  const failure = { thrown, request, method, route, accept: headers.accept, requestId: requestId(raw) }
  if (reply.raw.headersSent) {
    keeper.keepCut(failure)
    reply.raw.destroy()
    return reply
  }
  const told = keeper.keep(failure)
  for (const name of OF_THE_BODY) reply.removeHeader(name)
  reply.code(told.status)
  reply.headers({ ...told.headers })
  return (reply.send as (body: string) => unknown).call(reply, told.body)
}

function addToFastify(keeper: FailureKeeper, instance: FastifyWithErrors): Promise<void> {
  instance.setErrorHandler((thrown, request, reply) => answerFastify(keeper, { thrown, request, reply }))
  instance.setNotFoundHandler((request, reply) => answerFastify(keeper, { thrown: NOT_FOUND, request, reply }))
  return Promise.resolve()
}

function respond({ status, headers, body }: ErrorAnswer): Response {
  return new Response(body, { status, headers })
}

function expressRoute(request: IncomingMessage): string | undefined {
  const route = read(request, 'route')
  const path = typeof route === 'object' && route !== null ? read(route, 'path') : undefined
  return typeof path === 'string' || path instanceof RegExp ? String(path) : undefined
}

function routeOfHono(req: object): string | undefined {
  const path = read(req, 'routePath')
  return typeof path === 'string' ? path : undefined
}

/** Next.js throws where it redirects, finds nothing, or renders later; it has to get those back. */
function isOfNext(thrown: unknown): boolean {
  const digest = typeof thrown === 'object' && thrown !== null ? read(thrown, 'digest') : undefined
  return typeof digest === 'string' && /^(?:NEXT_|DYNAMIC_SERVER_USAGE$|BAILOUT_TO_CLIENT|HANGING_PROMISE)/.test(digest)
}

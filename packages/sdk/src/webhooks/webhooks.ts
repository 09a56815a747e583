import type { IncomingMessage, ServerResponse } from 'node:http'
import { UCanPayConfigError } from '../errors.ts'
import { readRequest, readStream } from './raw-body.ts'
import { NotificationReceiver, refusal, type WebhookAnswer, type WebhookOptions } from './receiver.ts'
import type { WebhookHeaders } from './verify.ts'

export { keyFromEnvironment, keyFromFile, type KeySource } from '../key-source.ts'
export { seenInMemory, type SeenNotifications, type Taking } from './seen.ts'
export { seenInPostgres, seenTableSql, type PostgresQueries } from './seen-in-postgres.ts'
export type { WebhookAnswer, WebhookFailure, WebhookOptions } from './receiver.ts'
export type { UCanPayNotification, WebhookHeaders } from './verify.ts'

/** Express's request, as far as it matters here. */
export type ExpressRequest = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown }

/** Fastify's instance, as far as it matters here. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer' },
    parse: (request: unknown, body: Buffer, done: (error: Error | null, body?: unknown) => void) => void,
  ): unknown
  post(path: string, handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>): unknown
}
interface FastifyRequestLike {
  readonly headers: WebhookHeaders
  readonly body: unknown
}
interface FastifyReplyLike {
  code(status: number): { type(type: string): { send(body: string): unknown } }
}

/** Handlers of notifications, one for each framework. All of them verify, do each notification once, and answer. */
export interface WebhookHandlers {
  /** For `http.createServer`, and for Next.js' `pages/api` with `bodyParser: false`. */
  readonly node: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** `app.post('/notifications', hooks.express)`, before any parser of bodies, or after `express.raw`. */
  readonly express: (
    request: ExpressRequest,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ) => Promise<void>
  /** `app.register(hooks.fastify, { path: '/notifications' })`. Other routes keep their parsers. */
  readonly fastify: (instance: FastifyLike, options: { readonly path: string }) => Promise<void>
  /** For all that speaks the web's Request and Response: `export const POST = hooks.web` in Next.js' `app/`. */
  readonly web: (request: Request) => Promise<Response>
  /** `app.post('/notifications', hooks.hono)` */
  readonly hono: (context: { readonly req: { readonly raw: Request } }) => Promise<Response>
}

const JSON_TYPE = 'application/json'

/**
 * Makes handlers for the notifications of one address.
 *
 * @throws UCanPayConfigError where the options cannot work
 */
export function webhooks(options: WebhookOptions): WebhookHandlers {
  const receiver = new NotificationReceiver(options)
  const take = async (read: () => Promise<Buffer | undefined>, headers: WebhookHeaders): Promise<WebhookAnswer> => {
    let body: Buffer | undefined
    try {
      body = await read()
    } catch (error) {
      return receiver.brokenOff(error)
    }
    return body ? receiver.receive(body, headers) : refusal(413)
  }
  const ofStream = async (request: IncomingMessage): Promise<WebhookAnswer> => {
    if (request.method !== 'POST') return refusal(405)
    return take(() => readStream(request), request.headers)
  }
  const web = async (request: Request): Promise<Response> => {
    const answer =
      request.method === 'POST'
        ? await take(() => readRequest(request), Object.fromEntries(request.headers))
        : refusal(405)
    return new Response(answer.body, { status: answer.status, headers: { 'content-type': JSON_TYPE } })
  }
  return {
    async node(request, response) {
      send(response, await ofStream(request))
    },
    async express(request, response, next) {
      try {
        const raw = rawBodyOf(request)
        send(response, raw ? await receiver.receive(raw, request.headers) : await ofStream(request))
      } catch (error) {
        next(error)
      }
    },
    fastify(instance, { path }) {
      instance.removeAllContentTypeParsers()
      instance.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
        done(null, body)
      })
      instance.post(path, async ({ body, headers }, reply) => {
        const answer = Buffer.isBuffer(body) ? await receiver.receive(body, headers) : refusal(401)
        return reply.code(answer.status).type(JSON_TYPE).send(answer.body)
      })
      return Promise.resolve()
    },
    web,
    hono: ({ req }) => web(req.raw),
  }
}

function send(response: ServerResponse, { status, body }: WebhookAnswer): void {
  response.writeHead(status, { 'content-type': JSON_TYPE, ...(status === 413 ? { connection: 'close' } : {}) })
  response.end(body)
}

/**
 * The bytes that came, where somebody has read them already; undefined where they are still to be read.
 *
 * @throws UCanPayConfigError where a parser has read them and kept none: what it made of them has another signature
 */
function rawBodyOf({ rawBody, body, readableEnded }: ExpressRequest): string | Uint8Array | undefined {
  for (const kept of [rawBody, body]) if (typeof kept === 'string' || kept instanceof Uint8Array) return kept
  if (!readableEnded) return undefined
  throw new UCanPayConfigError(
    "A parser has read the notification's body before it could be verified: mount this handler before express.json(), " +
      "or mount express.raw({ type: '*/*' }) on its path.",
  )
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ErrorAnswer } from '../errors/answer.ts'
import { sealedHeaders, sealNode } from './answers.ts'
import { SessionKeeper, type SessionOptions } from './keeper.ts'
import { OpenedSession, type Session, type SessionAnswer } from './opened-session.ts'
import { visitOfNode, visitOfWeb } from './visit.ts'

export { sessionsInMemory } from './sessions-in-memory.ts'
export { sessionsInPostgres, sessionTableSql, type SessionTableOptions } from './sessions-in-postgres.ts'
export { checkSessionStore } from './store-contract.ts'
export type { SessionOptions } from './keeper.ts'
export type { SessionLimits } from './limits.ts'
export type { Session } from './opened-session.ts'
export type { SessionRotation, SessionStore, SessionUse, StoredSession } from './store.ts'

declare global {
  /** What `request.session.data` holds: add your members to it by `declare global`. */
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface UCanPaySessionData {}
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Request {
      /** There where `app.use(sessions.express)` stands before the route. */
      session: Session<UCanPaySessionData>
    }
  }
}

/** A user's session as the user sees it in a list. */
export interface SessionSeen {
  readonly sessionId: string
  /** The browser as it names itself. */
  readonly device: string
  /** Where it was begun; empty where that is not known. */
  readonly ip: string
  readonly createdAt: Date
  /** Within a minute. */
  readonly lastSeenAt: Date
}

type NodeRequest = IncomingMessage & { readonly originalUrl?: string }

/** Fastify's instance, as far as it matters here. */
export interface FastifyWithSessions {
  decorateRequest(name: 'session', value: null): unknown
  addHook(
    name: 'onRequest',
    hook: (request: { readonly raw: IncomingMessage }, reply: FastifyReplyLike) => Promise<unknown>,
  ): unknown
}
interface FastifyReplyLike {
  readonly raw: ServerResponse
  code(status: number): unknown
  headers(headers: Record<string, string>): unknown
  send(body: string): unknown
}

/** Hono's context, as far as it matters here. */
export interface HonoContextLike {
  readonly req: { readonly raw: Request }
  readonly res: Response
  header(name: string, value: string, options?: { append?: boolean }): void
}

/** Sessions, one plug-in for each framework. */
export interface Sessions<Data extends object> {
  /** `app.use(sessions.express)`, before the routes; then `request.session`. */
  readonly express: (request: NodeRequest, response: ServerResponse, next: (error?: unknown) => void) => Promise<void>
  /** `await app.register(sessions.fastify)`, before the routes; then `sessions.of(request)`. */
  readonly fastify: (instance: FastifyWithSessions) => Promise<void>
  /** `app.use(sessions.hono)`; then `sessions.of(context.req)`. */
  readonly hono: (context: HonoContextLike, next: () => Promise<void>) => Promise<Response | undefined>
  /**
   * `createServer(tls, errors.node(sessions.node((request, response, session) => …)))`, with `ucanpay-sdk/errors`: Node.js
   * ends the process for what a handler throws, `requireUser` included, and nobody catches.
   */
  readonly node: (
    handler: (request: IncomingMessage, response: ServerResponse, session: Session<Data>) => unknown,
  ) => (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** For all that speaks the web's Request and Response: `export const POST = sessions.web((request, session) => …)`. */
  readonly web: <Q extends Request, Rest extends unknown[]>(
    handler: (request: Q, session: Session<Data>, ...rest: Rest) => Response | Promise<Response>,
  ) => (request: Q, ...rest: Rest) => Promise<Response>
  /** The session of a request, typed. @throws UCanPayConfigError where the plug-in has not seen the request */
  readonly of: (request: object) => Session<Data>
  /** A user's sessions that are alive, last seen first, 100 at most. */
  readonly list: (userId: string) => Promise<SessionSeen[]>
  /** Ends one of a user's sessions; of somebody else's nothing. @returns whether there was one */
  readonly endOne: (userId: string, sessionId: string) => Promise<boolean>
  /** Ends a user's sessions everywhere, at once: after a change of the password, all but the one it was made in. */
  readonly endAll: (userId: string, but?: { readonly butSessionId: string | undefined }) => Promise<number>
  /** Deletes dead sessions, a thousand at most; it happens by itself after sign-ins. @returns how many */
  readonly sweep: () => Promise<number>
}

/**
 * Sessions that end by themselves after 15 minutes without use and 12 hours in all, live on the server, and are known by
 * a cookie that scripts, other hosts and plain HTTP never see. What another site's page sends is refused.
 *
 * @throws UCanPayConfigError where the options cannot work or are not safe
 * @see PCI DSS 8.2.8; OWASP ASVS 5.0 V3.3, V3.5, V7
 */
export function createSessions<Data extends object = UCanPaySessionData>(options: SessionOptions): Sessions<Data> {
  const keeper = new SessionKeeper<Data>(options)
  const { store, now } = keeper.world
  return {
    ...nodePlugins(keeper),
    ...webPlugins(keeper),
    of: (request) => keeper.of(request),
    async list(userId) {
      const found = await store.list(userId, now())
      return found.map(({ sessionId, device, ip, createdAt, lastSeenAt }) => {
        return { sessionId, device, ip, createdAt: new Date(createdAt), lastSeenAt: new Date(lastSeenAt) }
      })
    },
    endOne: async (userId, only) => (await store.endOf(userId, { only })) > 0,
    endAll: (userId, { butSessionId } = { butSessionId: undefined }) =>
      store.endOf(userId, butSessionId === undefined ? {} : { but: butSessionId }),
    sweep: () => store.sweep(now()),
  }
}

function nodePlugins<Data extends object>(
  keeper: SessionKeeper<Data>,
): Pick<Sessions<Data>, 'express' | 'fastify' | 'node'> {
  const open = async (
    request: NodeRequest,
    response: ServerResponse,
  ): Promise<{ session: OpenedSession<Data> } | { refused: ErrorAnswer }> => {
    const answer: SessionAnswer = { isPersonal: false, hasBegun: () => response.headersSent }
    const opened = await keeper.open(visitOfNode(request, keeper.proxies), request, answer)
    if (!(opened instanceof OpenedSession)) return { refused: opened }
    sealNode(response, answer, keeper.cookie)
    return { session: opened }
  }
  return {
    async express(request, response, next) {
      const opened = await open(request, response)
      if ('refused' in opened) send(response, opened.refused)
      else next(void Object.assign(request, { session: opened.session }))
    },
    node: (handler) => async (request, response) => {
      const opened = await open(request, response)
      if ('refused' in opened) send(response, opened.refused)
      else await handler(request, response, opened.session)
    },
    fastify: Object.assign(
      (instance: FastifyWithSessions) => {
        instance.decorateRequest('session', null)
        instance.addHook('onRequest', async (request, reply) => {
          const opened = await open(request.raw, reply.raw)
          if ('session' in opened) return void Object.assign(request, { session: opened.session })
          reply.code(opened.refused.status)
          reply.headers({ ...opened.refused.headers })
          return reply.send(opened.refused.body)
        })
        return Promise.resolve()
      },
      { [Symbol.for('skip-override')]: true }, // What Fastify looks for in a plug-in that is for all of the application.
    ),
  }
}

function webPlugins<Data extends object>(keeper: SessionKeeper<Data>): Pick<Sessions<Data>, 'web' | 'hono'> {
  const begin = (request: Request) => {
    const answer: SessionAnswer = { isPersonal: false, hasBegun: () => false }
    return { answer, opening: keeper.open(visitOfWeb(request, keeper.proxies), request, answer) }
  }
  return {
    web:
      (handler) =>
      async (request, ...rest) => {
        const { answer, opening } = begin(request)
        const opened = await opening
        if (!(opened instanceof OpenedSession)) return respond(opened)
        const response = await handler(request, opened, ...rest)
        const { status, statusText } = response
        const headers = new Headers(response.headers)
        for (const [name, value] of sealedHeaders(answer, keeper.cookie, headers))
          if (name === 'set-cookie') headers.append(name, value)
          else headers.set(name, value)
        return new Response(response.body, { status, statusText, headers })
      },
    async hono(context, next) {
      const { answer, opening } = begin(context.req.raw)
      const opened = await opening
      if (!(opened instanceof OpenedSession)) return respond(opened)
      await next()
      for (const [name, value] of sealedHeaders(answer, keeper.cookie, context.res.headers))
        context.header(name, value, { append: name === 'set-cookie' })
      return undefined
    },
  }
}

function send(response: ServerResponse, { status, headers, body }: ErrorAnswer): void {
  response.writeHead(status, headers).end(body)
}

function respond({ status, headers, body }: ErrorAnswer): Response {
  return new Response(body, { status, headers })
}

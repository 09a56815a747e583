import type { ApiKeyKind } from '@ucanpay/wire/api-key'
import type { Scope } from '@ucanpay/wire/scopes'
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Static, TSchema } from 'typebox'
import type { Caller } from '../domain/caller.ts'
import type { Account } from '../domain/merchants/account.ts'

/** Gives handlers the static types of their schemas. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown
}

/** A server whose routes are typed by their schemas. */
export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxProvider>

/** Who may call a route. */
export type Access =
  | 'api-key' // A merchant's server, by its key, and by its signature where there is a body.
  | 'checkout-link' // A buyer, by the token in the address.
  | 'session' // A member of a merchant's team, signed in.
  | 'session-pending' // The same between the two steps of signing in.
  | 'vault-client' // Another process of ours, by its certificate.
  | 'public'

/** A limit of a route's own, by address. */
export interface RouteLimit {
  readonly limit: number
  readonly windowS: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required on every route: the start-up refuses one without it. */
    access?: Access
    /** Required where `access` is `api-key`. */
    scope?: Scope
    /** One line for the API's description. */
    summary?: string
    /** Takes an `Idempotency-Key`. */
    idempotent?: boolean
    /** No body is as good as an empty object. */
    bodyOptional?: boolean
    /** Keys in its body are what it is for, and no leak. */
    takesKeys?: boolean
    /** No rate limit: probes, and files that are the same for everybody. */
    unlimited?: boolean
    /** A limit of its own, by address, in place of the usual one. */
    limit?: RouteLimit
  }
  interface FastifyRequest {
    /** Set where the route's access is `api-key`. */
    account: Account | null
    /** Set where the route's access is `api-key` or `checkout-link`. */
    caller: Caller | null
    /** The client's address; Fastify's own `ip` is whatever a trusted proxy passed on, an address or not. */
    clientIp: string
    /** One time for everything that the request does. */
    receivedAt: Date
    /** True once a body has been read, even an empty one. */
    bodyRead: boolean
  }
}

/** Kinds of key that may be used on the server side; a publishable key opens none of these routes. */
export const SERVER_KEY_KINDS: ReadonlySet<ApiKeyKind> = new Set(['sk', 'rk'])

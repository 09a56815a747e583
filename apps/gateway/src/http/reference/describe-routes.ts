import { FAILURES } from '@ucanpay/wire/failures'
import { FailureReply } from '@ucanpay/wire/payment-replies'
import type { FastifyContextConfig } from 'fastify'
import type { Access, App } from '../app.ts'

type Json = Readonly<Record<string, unknown>>

/** Contract §4: writes take one. */
const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Makes a repeat within 24 hours give the same answer; with another path or body it is refused.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]*$' },
}

interface RouteSchema {
  readonly body?: object
  readonly params?: object
  readonly querystring?: object
  readonly response?: Readonly<Record<number, object>>
}

/** What an API says of itself. */
export interface ApiInfo {
  readonly title: string
  readonly summary: string
  readonly description: string
  readonly securitySchemes: Json
}

/** The API's description in OpenAPI 3.1; whole once the server is ready. */
export interface Description {
  readonly openapi: '3.1.0'
  readonly info: Json
  readonly servers: readonly Json[]
  readonly paths: Record<string, Record<string, Json>>
  readonly components: Json
}

/**
 * Describes every route of the API as it is registered, from the very schemas that validate it. So the description
 * cannot say what the server does not do, and no route can be left out of it.
 */
export function describeRoutes(app: App, { securitySchemes, ...info }: ApiInfo): Description {
  const description: Description = {
    openapi: '3.1.0',
    info: { ...info, version: '1.0', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/', description: 'This gateway.' }],
    paths: {},
    components: {
      securitySchemes,
      schemas: { Failure: plain(FailureReply) },
    },
  }
  app.addHook('onRoute', (route) => {
    const { access, summary, idempotent, bodyOptional } = route.config ?? {}
    if (summary === undefined) return
    for (const method of [route.method].flat()) {
      if (method === 'HEAD') continue
      const schema = (route.schema ?? {}) as RouteSchema
      const parameters = [
        ...parametersOf('path', schema.params),
        ...parametersOf('query', schema.querystring),
        ...(idempotent ? [IDEMPOTENCY_KEY] : []),
      ]
      ;(description.paths[route.url.replace(/:([A-Za-z]+)/g, '{$1}')] ??= {})[method.toLowerCase()] = {
        operationId: operationId(method, route.url),
        summary,
        tags: [tagOf(route.url)],
        ...securityOf(route.config ?? {}),
        ...(parameters.length > 0 ? { parameters } : {}),
        ...(schema.body
          ? {
              requestBody: {
                required: bodyOptional !== true,
                content: { 'application/json': { schema: plain(schema.body) } },
              },
            }
          : {}),
        responses: responsesOf(schema.response?.[200], statusesOf(schema, access)),
      }
    }
  })
  return description
}

function securityOf({ access, scope, right, fresh }: FastifyContextConfig): Json {
  if (access === 'api-key') return { security: [{ apiKey: [] }], 'x-scope': scope }
  if (access !== 'session' && access !== 'session-pending') return { security: [] }
  return { security: [{ session: [] }], ...(right ? { 'x-right': right } : {}), ...(fresh ? { 'x-fresh': true } : {}) }
}

function operationId(method: string, url: string): string {
  return [method.toLowerCase(), ...url.split(/[^0-9A-Za-z]+/).filter(Boolean)].join('-')
}

function tagOf(url: string): string {
  if (url.startsWith('/dashboard-api/')) return 'Dashboard'
  if (/^\/(?:payment\/refund|v1\/refunds)/.test(url)) return 'Refunds'
  if (url.startsWith('/v1/api-keys') || url.startsWith('/security/')) return 'Keys'
  return /^\/(?:payment\/|v1\/payments)/.test(url) ? 'Orders' : 'Gateway'
}

function parametersOf(place: 'path' | 'query', schema?: object): readonly Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = plain(schema) as {
    properties?: Record<string, Json>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: required.includes(name),
    description,
    schema: rest,
  }))
}

/** Which failures a route can answer with. */
function statusesOf({ body }: RouteSchema, access: Access | undefined): readonly number[] {
  if (access === 'api-key' || access === 'session') return [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503]
  return [400, 401, ...(access === 'public' ? [] : [403]), ...(body ? [413, 415] : []), 429, 503]
}

function responsesOf(success: object | undefined, failures: readonly number[]): Json {
  const failure = (description: string): Json => ({
    description,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
  })
  const responses: Record<string, Json> = {
    200: success
      ? { description: 'Success.', content: { 'application/json': { schema: plain(success) } } }
      : { description: 'Success.' },
    500: failure(msgsOf(500)),
  }
  for (const status of failures) responses[status] = failure(msgsOf(status))
  return responses
}

function msgsOf(status: number): string {
  const msgs = Object.entries(FAILURES).filter(([, failure]) =>
    (failure.statuses as readonly number[]).includes(status),
  )
  return `${msgs.map(([msg]) => msg).join(', ')}.`
}

/** A schema as plain JSON, without the names that are only ours. */
function plain(schema: object): Json {
  const withoutName = (name: string, value: unknown): unknown => (name === '$id' ? undefined : value)
  return JSON.parse(JSON.stringify(schema, withoutName)) as Json
}

import type { TestGateway } from './gateway.ts'

/** JSON Schema, as far as the tests read it. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
}

/** One operation of the API, as the gateway describes it. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With its parameters in braces. */
  readonly path: string
  /** What a restricted key needs; undefined where anybody may call. */
  readonly scope: string | undefined
  readonly params: Readonly<Record<string, Schema>>
  readonly query: Readonly<Record<string, Schema>>
  /** Undefined where it takes none. */
  readonly body: Schema | undefined
  /** The schema of each status that it may answer with; undefined where the description has none. */
  readonly responses: Readonly<Record<string, Schema | undefined>>
}

interface Described {
  readonly 'x-scope'?: string
  readonly parameters?: readonly { name: string; in: string; schema: Schema }[]
  readonly requestBody?: { content: Record<string, { schema: Schema }> }
  readonly responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

/** The gateway's description of itself. */
export interface ApiDescription {
  readonly operations: readonly Operation[]
  /** Schemas that others refer to. */
  readonly components: Readonly<Record<string, unknown>>
}

/** Reads every operation from the live description, which is the list of the routes. */
export async function describedOperations(gateway: TestGateway): Promise<ApiDescription> {
  const { body } = await gateway.get('/openapi.json', { key: null })
  const paths = body['paths'] as Record<string, Record<string, Described>>
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(method, path, described)),
  )
  return { operations, components: body['components'] as Record<string, unknown> }
}

function operationOf(method: string, path: string, described: Described): Operation {
  const { parameters = [], requestBody, responses } = described
  const of = (place: string): Record<string, Schema> =>
    Object.fromEntries(parameters.filter((one) => one.in === place).map(({ name, schema }) => [name, schema]))
  return {
    method: method.toUpperCase() as Operation['method'],
    path,
    scope: described['x-scope'],
    params: of('path'),
    query: of('query'),
    body: requestBody?.content['application/json']?.schema,
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, { content }]) => [status, content?.['application/json']?.schema]),
    ),
  }
}

/**
 * Writes apps/dashboard/src/shared/api/schema.ts from docs/dashboard-openapi.json: for each operation of the dashboard's
 * own API what it takes and what it gives. With --check it writes nothing, and fails where the file is another one.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const OUT = at('apps/dashboard/src/shared/api/schema.ts')

/** What may stand beside a type and says nothing about it that TypeScript could check. */
const BOUNDS = new Set([
  ...['description', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems'],
  ...['uniqueItems', 'type', 'enum', 'const', 'properties', 'required', 'additionalProperties', 'patternProperties'],
  ...['items', 'anyOf'],
])

/** A JSON Schema as a type. @throws where it uses a word that this does not know, rather than write a wrong type */
export function typeOf(schema) {
  const unknown = Object.keys(schema).find((word) => !BOUNDS.has(word))
  if (unknown !== undefined) throw new Error(`the schema has a word that no type is known for: ${unknown}`)
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ')
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return `readonly (${typeOf(schema.items)})[]`
    case 'object':
      return objectOf(schema)
    case undefined:
      return 'unknown'
    default:
      throw new Error(`no type is known for ${schema.type}`)
  }
}

function objectOf({ properties = {}, required = [], additionalProperties, patternProperties }) {
  const members = Object.entries(properties).map(([name, schema]) => {
    const comment = schema.description === undefined ? '' : `/** ${schema.description.replaceAll('*/', '* /')} */\n`
    return `${comment}readonly ${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`
  })
  const [values] = Object.values(patternProperties ?? {})
  const rest = values ?? (additionalProperties === true ? {} : undefined)
  if (rest !== undefined) members.push(`readonly [name: string]: ${typeOf(rest)}`)
  if (members.length === 0) return 'Readonly<Record<string, never>>'
  return `{\n${members.join('\n')}\n}`
}

function operationOf(path, method, operation) {
  const parameters = (place) => {
    const found = (operation.parameters ?? []).filter((parameter) => parameter.in === place)
    const required = found.filter((parameter) => parameter.required).map(({ name }) => name)
    return objectOf({ properties: Object.fromEntries(found.map(({ name, schema }) => [name, schema])), required })
  }
  const body = operation.requestBody?.content['application/json'].schema
  const reply = operation.responses[200].content?.['application/json']?.schema.properties.data
  return `/** ${operation.summary} */
  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: {
    params: ${parameters('path')}
    query: ${parameters('query')}
    body: ${body ? typeOf(body) : 'undefined'}
    data: ${reply ? typeOf(reply) : 'undefined'}
  }`
}

/** The whole file. @param description an OpenAPI document */
export async function schemaFile({ paths }) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationOf(path, method, operation)),
  )
  const text = `/* Made from docs/dashboard-openapi.json by npm run dashboard-types; not edited by hand. */

  /** Every operation of the dashboard's own API. */
  export interface Operations {
    ${operations.join('\n')}
  }
  `
  const options = JSON.parse(JSON.stringify((await import('../prettier.config.mjs')).default))
  return format(text, { ...options, parser: 'typescript' })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await schemaFile(JSON.parse(readFileSync(at('docs/dashboard-openapi.json'), 'utf8')))
  if (!process.argv.includes('--check')) writeFileSync(OUT, text)
  else if (readFileSync(OUT, 'utf8') !== text) {
    console.error(
      'apps/dashboard/src/shared/api/schema.ts is not what docs/dashboard-openapi.json says: npm run dashboard-types',
    )
    process.exitCode = 1
  }
}

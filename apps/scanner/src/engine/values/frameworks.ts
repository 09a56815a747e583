import type { Node } from '../syntax/parse.ts'

/**
 * What well-known libraries hand to the functions they are given. `@request`, `@response`, `@reply`, `@ctx` (Koa),
 * `@hono`, `@caught` and `@event` name it, whichever library it is: `@request.body` is what a client sent.
 */
const ROUTE = /(?:^|\.)(?:get|post|put|patch|delete|head|options|all|use|route|param|del|opts)$/
const SERVER_ROOT =
  /^(?:express\(\)|express\.Router\(\)|new express\.Router|router\(\)|new Router|fastify\(\)|new koa|koa-router|@koa\/router|new @koa\/router|new koa-router|new hono|restify|polka|~?(?:app|router|server|route|api|fastify|instance)\b)/i
const FASTIFY_ROOT = /^(?:fastify|~?(?:fastify|instance)\b)/
const KOA_ROOT = /^new (?:koa|@koa\/router)/
const ERROR_PARAM = /^(?:err|error|e|ex|exception|cause|reason)$/i
const ARRAY_CALLBACK = /\.(?:map|forEach|filter|find|findIndex|some|every|flatMap)$/

/** The name of what a library hands to a callback; `@receiver`, `@element`: what the method belongs to, or a part of it. */
export function callbackParam(path: string, { index, count }: { index: number; count: number }): string | undefined {
  if (/\.(?:then|tap)$/.test(path)) return index === 0 ? '@receiver' : undefined
  if (path.endsWith('.catch')) return index === 0 ? '@caught' : undefined
  if (ARRAY_CALLBACK.test(path)) return index === 0 ? '@element' : undefined
  if (path === 'http.createServer' || path === 'https.createServer') return index === 0 ? '@request' : '@response'
  if (path.startsWith('new hono') && path.endsWith('.onError')) return ['@caught', '@hono'][index]
  if (/\.(?:setErrorHandler|onError)$/.test(path)) return ['@caught', '@request', '@reply'][index]
  if (!ROUTE.test(path) || !SERVER_ROOT.test(path)) return undefined
  if (KOA_ROOT.test(path)) return index === 0 ? '@ctx' : undefined
  if (path.startsWith('new hono')) return index === 0 ? '@hono' : undefined
  if (FASTIFY_ROOT.test(path)) return ['@request', '@reply'][index]
  const params = count >= 4 ? ['@caught', '@request', '@response'] : ['@request', '@response']
  return params[index]
}

const BY_TYPE: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:(?:express|e|core)\.)?Request\b|^(?:Next(?:Api)?|Fastify|Authenticated|Express|Auth)Request\b|^IncomingMessage\b/,
    '@request',
  ],
  [/^(?:(?:express|e|core)\.)?Response\b|^(?:NextApi|Server|Express)Response\b/, '@response'],
  [/^FastifyReply\b/, '@reply'],
  [/^(?:Parameterized|Koa\.)?Context\b.*Koa|^(?:Koa\.)(?:Context|ParameterizedContext)\b/, '@ctx'],
  [/^(?:unknown\s*\|\s*)?Error\b|^[A-Z]\w*(?:Error|Exception)$/, '@caught'],
]

/** What a parameter's type says it is. */
export function typedParam(id: Node & { type: 'Identifier' }): string | undefined {
  const annotation = (id as { typeAnnotation?: { typeAnnotation?: Node } | null }).typeAnnotation?.typeAnnotation
  const name = annotation?.type === 'TSTypeReference' ? typeName(annotation.typeName) : undefined
  return name === undefined ? undefined : BY_TYPE.find(([pattern]) => pattern.test(name))?.[1]
}

function typeName(node: Node): string {
  if (node.type === 'Identifier') return node.name
  return node.type === 'TSQualifiedName' ? `${typeName(node.left)}.${node.right.name}` : ''
}

const REQUEST = /^_?(?:req|request)$/
const RESPONSE = /^_?(?:res|response|resp)$/
const HTTP_METHODS = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/

/** What a parameter is by the convention that its name and its neighbours' follow. */
export function conventionalParam(names: readonly (string | undefined)[], index: number, fn: Node): string | undefined {
  const name = names[index]
  const [first, second] = names
  if (name !== undefined && RESPONSE.test(name) && index > 0) return '@response'
  if (name === 'reply' && index > 0) return '@reply'
  if (name !== undefined && REQUEST.test(name)) return '@request'
  if (name === 'ctx' && (names.length === 1 || second === 'next')) return '@ctx'
  if (name === undefined && index === 0 && second !== undefined && (RESPONSE.test(second) || second === 'reply'))
    return '@request'
  if (index === 0 && isPageHandler(fn)) return '@ctx'
  if (index === 0 && first !== undefined && ERROR_PARAM.test(first)) return '@caught'
  return index === 0 && isRouteHandler(fn) ? '@request' : undefined
}

const PAGE_HANDLERS = /^(?:getServerSideProps|loader|action|load)$/

/** Next.js's pages, Remix, SvelteKit: what they hand over has the request's parts as members. */
function isPageHandler(fn: Node): boolean {
  if (!('params' in fn) || (fn.params as Node[])[0]?.type !== 'ObjectPattern') return false
  const isFunction = fn.type === 'FunctionDeclaration'
  const id = isFunction ? fn.id : fn.parent?.type === 'VariableDeclarator' ? fn.parent.id : null
  const exported = isFunction ? fn.parent : fn.parent?.parent?.parent
  if (id?.type !== 'Identifier' || exported?.type !== 'ExportNamedDeclaration') return false
  return PAGE_HANDLERS.test(id.name) || HTTP_METHODS.test(id.name)
}

/** A Next.js route: `export async function POST(…)`. */
function isRouteHandler(fn: Node): boolean {
  return (
    fn.type === 'FunctionDeclaration' &&
    fn.id !== null &&
    HTTP_METHODS.test(fn.id.name) &&
    fn.parent?.type === 'ExportNamedDeclaration'
  )
}

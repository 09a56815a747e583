import { codeOf, sourceOf } from '../modules/source-text.ts'
import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { optionsOf, type Named, type Origin, type Value } from '../values/value.ts'
import type { SourceHit } from './sources.ts'
import { SANITIZER } from './sources.ts'

/** What a client chose, sign by sign: of a request, an event of a function in a cloud, a form. */
const SENT =
  /^(?:@request|~req|~request|~ctx\.request|@ctx\.request|@ctx|~event|@event)\.(?:body|query|params|headers|cookies|rawBody|queryStringParameters|multiValueQueryStringParameters|pathParameters|(?:json|text|formData)\(\)|(?:nextUrl\.)?searchParams\.get(?:All)?\(\)|param\(\))(?:[.[]|$)|^@hono\.req\.(?:json|text|parseBody|query|queries|param|header|valid|formData)\(\)|^(?:h3\.)?(?:getQuery|readBody|getRouterParams?|getHeader|getCookie)\(\)|^(?:~\w*\.?|@ctx\.)url\.searchParams\.get(?:All)?\(\)|^location\.hash|^next\/(?:navigation\.useSearchParams\(\)\.get\(\)|router\.useRouter\(\)\.query\.)|^react-router(?:-dom)?\.useSearchParams\(\)\.0\.get\(\)|^(?:vue-router\.)?useRoute\(\)\.query\.|^~this\.\$route\.query\./
/** Names that no client chooses, or that tell little. */
const NOT_CHOSEN = /\.(?:length|size)$|\.headers?(?:\(\))?\.(?:host|x-forwarded-(?:host|proto|for))$/i
const ADDRESS = /^(?:@request|~req|~request|@ctx|@ctx\.request|~event)\.(?:url|originalUrl|href|rawUrl)$/
const BROWSER_ADDRESS =
  /^(?:(?:document\.)?location(?:\.(?:href|search|hash))?|(?:react-router(?:-dom)?\.)?useLocation\(\)\.search)$/

/** Functions that give back what they are given, sign by sign. */
const PASSES =
  /^(?:String|JSON\.(?:stringify|parse)|decodeURI(?:Component)?|encodeURI|unescape|util\.format|sprintf-js\.\w+|~?v?sprintf|atob|Object\.(?:values|assign|entries|keys)|Array\.from|Buffer\.from|structuredClone|url\.parse|url\.format|(?:qs|querystring)\.(?:parse|stringify)|new (?:String|URL|URLSearchParams|Array|Set|Map)|\[\]\.concat)$/
const PASSING_METHODS =
  /\.(?:toString|trim|trimStart|trimEnd|toUpperCase|toLowerCase|replace|replaceAll|concat|join|split|filter|flat|sort|reverse|slice|padStart|padEnd|normalize|valueOf|get|getAll|at|pop|shift|substring|substr|values|format|href)$/
/** They put values into a statement, escaped; the statement itself is taken as it is. */
const ESCAPING_FORMAT = /^(?:(?:mysql2?|sqlstring)\.format|pg-format(?:\.\w+)?)$/
const TO_NUMBERS = /^(?:Number|parseInt|parseFloat|BigInt|Boolean|Number\.parse\w+)$|escape/i
const DEEPEST = 14

/** Finds where a value is, or is put together from, what a client sent, unless it was made a number or escaped on the way. */
export function sentIn(value: Value, scan: CodeScan): SourceHit[] {
  const walk = new Walk(scan)
  walk.look(value, 0)
  return walk.hits
}

class Walk {
  readonly hits: SourceHit[] = []
  readonly #scan: CodeScan
  readonly #seen = new Set<Value>()
  #steps = 300

  constructor(scan: CodeScan) {
    this.#scan = scan
  }

  look(value: Value, depth: number): void {
    if (depth > DEEPEST || this.#steps-- <= 0 || this.hits.length >= 8 || this.#seen.has(value)) return
    this.#seen.add(value)
    if (value.kind === 'text') for (const part of value.parts) this.look(part, depth + 1)
    else if (value.kind === 'list') for (const item of value.items) this.look(item, depth + 1)
    else if (value.kind === 'union') for (const option of value.options) this.look(option, depth + 1)
    else if (value.kind === 'named') this.#lookAtName(value, depth)
  }

  #lookAtName(value: Named, depth: number): void {
    if (NOT_CHOSEN.test(value.path)) return
    if (SENT.test(value.path) || isPartOfAddress(value)) {
      if (!this.#isMadeHarmless(value)) this.hits.push({ kind: 'request', path: value.path, origin: value.origin })
    } else if (value.via === 'call' || value.via === 'new') this.#lookAtCall(value, depth)
    else if (value.base && (value.base.kind !== 'named' || value.base.via === 'call' || value.base.via === 'new')) {
      this.look(value.base, depth + 1)
    }
  }

  /** `req.query.name.replace(/\W/g, '')`, `req.body.ids.map(Number)`: the way still begins with the request. */
  #isMadeHarmless(value: Named): boolean {
    for (let at: Value | undefined = value; at?.kind === 'named'; at = at.base) {
      if (at.via !== 'call') continue
      const path = at.base?.kind === 'named' ? at.base.path : ''
      const method = path.slice(path.lastIndexOf('.') + 1)
      if (SENT.test(`${path}()`) && !SENT.test(path)) return false
      if (!PASSING_METHODS.test(path) && !PASSES.test(path) && method !== 'map') return true
      if (SANITIZER.test(method) || this.#isFilter(method, at)) return true
    }
    return false
  }

  /** What leaves only some signs, or makes numbers of all items. */
  #isFilter(method: string, call: Named): boolean {
    const [first] = call.args ?? []
    if (/^replace(?:All)?$/.test(method)) return first?.kind === 'named' && first.path === '~regex'
    if (method !== 'map' || !first) return false
    if (first.kind === 'named') return TO_NUMBERS.test(first.path)
    return first.kind === 'function' && !returnedBy(first.node).some((node) => this.#isSent(node, first.origin))
  }

  #isSent(node: Node, { module }: Origin): boolean {
    return module === this.#scan.module && sentIn(this.#scan.valueOf(node), this.#scan).length > 0
  }

  #lookAtCall(value: Named, depth: number): void {
    const callee = value.base
    const path = callee?.kind === 'named' ? (value.via === 'new' ? `new ${callee.path}` : callee.path) : ''
    const method = path.slice(path.lastIndexOf('.') + 1)
    if (SANITIZER.test(method) || this.#isFilter(method, value)) return
    if (ESCAPING_FORMAT.test(path)) {
      const [first] = value.args ?? []
      if (first) this.look(first, depth + 1)
      return
    }
    if (PASSES.test(path)) for (const arg of value.args ?? []) this.look(arg, depth + 1)
    if (callee?.kind !== 'named' || !callee.base || !PASSING_METHODS.test(path)) return
    this.look(callee.base, depth + 1)
    if (/^(?:concat|replace|replaceAll|format)$/.test(method)) {
      for (const arg of value.args ?? []) this.look(arg, depth + 1)
    }
  }
}

function returnedBy(fn: Node): Node[] {
  if (fn.type === 'ArrowFunctionExpression' && fn.body.type !== 'BlockStatement') return [fn.body]
  const body = 'body' in fn ? (fn.body as Node | null) : null
  if (body?.type !== 'BlockStatement') return []
  return body.body.flatMap((each) => (each.type === 'ReturnStatement' && each.argument ? [each.argument] : []))
}

/** `new URL(req.url).searchParams.get('next')`, `url.parse(req.url, true).query.next`. */
function isPartOfAddress(value: Named): boolean {
  const isPart =
    /^new (?:url\.)?URL\.searchParams\.get(?:All)?\(\)|^url\.parse\(\)\.query\.|^new URLSearchParams\.get(?:All)?\(\)/.test(
      value.path,
    )
  if (!isPart) return false
  return rootArgs(value).some((arg) => isAddress(arg, 0))
}

function isAddress(value: Value, depth: number): boolean {
  if (depth > 4) return false
  return optionsOf(value).some((option): boolean => {
    if (option.kind === 'text') return option.parts.some((part) => isAddress(part, depth + 1))
    if (option.kind !== 'named') return false
    if (ADDRESS.test(option.path) || BROWSER_ADDRESS.test(option.path)) return true
    return /(?:\.(?:slice|substring|split|toString|pop)\(\)|\.\d|^new (?:url\.)?URL(?:\.search)?)$/.test(option.path)
      ? [...(option.args ?? []), ...(option.base ? [option.base] : [])].some((each) => isAddress(each, depth + 1))
      : false
  })
}

/** The arguments of the call that a longer path begins with. */
function rootArgs(value: Named): readonly Value[] {
  let args: readonly Value[] = []
  for (let at: Value | undefined = value; at?.kind === 'named'; at = at.base) args = at.args ?? args
  return args
}

const CHECKING =
  'includes|has|test|indexOf|hasOwn|hasOwnProperty|(?:is(?!Empty|Nil|Null|Undefined|Defined|String|Object|Array)|assert|validate|ensure|sanitize|allow|valid|safe|escape)\\w*'

/**
 * Whether what was sent is held against what is allowed, in the handler or the function that uses it: looked up in a
 * list, matched against a form, compared with texts, or declared as a number.
 *
 * @param use the expression that it is put into
 * @param weigh takes out of the handler's text what is no check for this use
 */
export function isChecked(
  hit: SourceHit,
  use: Origin,
  { scan, weigh }: { scan: CodeScan; weigh?: (text: string) => string },
): boolean {
  const names = namesFor(hit, use, scan)
  return [use, hit.origin].some((place) => {
    const text = handlerText(place)
    const weighed = weigh ? weigh(text) : text
    return names.some((name) => checks(name).test(weighed))
  })
}

/** The names by which a value is known between its source and its use, as regular expressions. */
function namesFor({ origin }: SourceHit, use: Origin, scan: CodeScan): string[] {
  const names = new Set<string>()
  for (const place of [origin, use]) {
    const text = sourceOf(place.node, place.module)
    if (text.length < 80 && /^[\w$.?![\]'"]+$/.test(text)) names.add(text)
    for (const name of identifiersIn(place.node, 0)) names.add(name)
  }
  const variable = variableOf(origin.node)
  if (variable !== undefined) names.add(variable)
  for (const name of [...names]) {
    const last = /[\w$]+$/.exec(name)?.[0]
    if (last !== undefined) names.add(last)
  }
  for (const request of ['req', 'request', 'ctx', 'c', 'query', 'body', 'params', 'event', 'res', scan.file.path]) {
    names.delete(request)
  }
  return [...names].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
}

/** The variable that an expression becomes the value of, by itself or as one of several. */
function variableOf(node: Node): string | undefined {
  let at: Node = node
  while (at.parent && /^(?:Logical|Conditional|TSAs|TSNonNull|Chain|Await|Call|Parenthesized)/.test(at.parent.type)) {
    at = at.parent
  }
  const { parent } = at
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : undefined
}

function identifiersIn(node: Node, depth: number): string[] {
  if (depth > 6) return []
  switch (node.type) {
    case 'Identifier':
      return [node.name]
    case 'TemplateLiteral':
      return node.expressions.flatMap((each) => identifiersIn(each, depth + 1))
    case 'BinaryExpression':
    case 'LogicalExpression':
      return [node.left, node.right].flatMap((each) => identifiersIn(each, depth + 1))
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].flatMap((each) => identifiersIn(each, depth + 1))
    case 'CallExpression':
      return [node.callee, ...node.arguments].flatMap((each) => identifiersIn(each, depth + 1))
    case 'MemberExpression':
      return node.computed ? [] : [...identifiersIn(node.object, depth + 1), node.property.name]
    case 'VariableDeclarator':
      return [...identifiersIn(node.id, depth + 1), ...(node.init ? identifiersIn(node.init, depth + 1) : [])]
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return identifiersIn(node.expression, depth + 1)
    case 'AwaitExpression':
      return identifiersIn(node.argument, depth + 1)
    default:
      return []
  }
}

function checks(name: string): RegExp {
  const text = `(?!(['"\`])(?:undefined|null|true|false|string|object)?\\1)['"\`]`
  return new RegExp(
    `(?:^|\\W)(?:${CHECKING})\\(\\s*(?:[\\w.]+,\\s*)?(?:String\\()?${name}\\b` +
      `|(?<![\\w$.])${name}\\s+in\\s` +
      `|(?<![\\w$])${name}\\)?\\s*[!=]==?\\s*${text}` +
      `|switch\\s*\\(\\s*${name}\\b` +
      `|typeof ${name}\\s*[!=]==?\\s*['"]number` +
      `|\\b${name}\\??\\.(?:match|startsWith|search)\\(` +
      `|\\b${name}\\??:\\s*(?:number|bigint|boolean|Date)\\b`,
  )
}

const REQUESTS = /^_?(?:req|request|ctx|c|event|context)$/

/** The text, without comments, of the handler around a node, or of the function where there is no handler. */
export function handlerText({ module, node }: Origin): string {
  let handler: Node | undefined
  for (let at: Node = node; at.parent; at = at.parent) {
    if (!at.type.includes('Function')) continue
    const params = 'params' in at ? (at.params as Node[]) : []
    const isHandler = params.some((param) => param.type === 'Identifier' && REQUESTS.test(param.name))
    if (!handler || isHandler) handler = at
    if (isHandler) break
  }
  return handler ? codeOf(handler, module) : module.text
}

import { wordsOf } from '../data/column.ts'
import type { Node } from '../syntax/parse.ts'
import type { FunctionValue, Named, Origin, Value } from '../values/value.ts'
import { fieldOf } from './form-fields.ts'
import { SENSITIVE_NAMES, type NamedSourceKind } from './sensitive-names.ts'

/** What should not get everywhere: by where it comes from, or by what it is called. */
export type SourceKind = 'request' | 'error' | NamedSourceKind

/** A sensitive thing within a value. */
export interface SourceHit {
  readonly kind: SourceKind
  /** Its path, such as `@request.body.cardNumber`. */
  readonly path: string
  readonly origin: Origin
}

/** Members of a request that hold what a client sent. */
const REQUEST =
  /^(?:@request|~req|~request)\.(?:body|query|params|headers|cookies|files?|rawBody|(?:json|text|formData)\(\))(?:\.|$)|^@ctx\.(?:request\.(?:body|query|headers?)|query|params|headers?)(?:\.|$)|^@hono\.req\.(?:json|text|parseBody|query|param|header|valid)\(\)/
/** A request as a whole, as in `console.log(req)`. */
const WHOLE_REQUEST = /^(?:@request|@ctx\.req(?:uest)?)$/
/** An error, or what it says; not its codes, which say nothing of the inside. */
const ERROR =
  /^(?:@caught|~err|~error)(?:\.(?:message|stack|cause|errors?|detail|details|sql|sqlMessage|query|hint|original|parent|response|data|reason|description|toString\(\)|inspect\(\)|\[\])(?:\(\))?)*$/

/** What makes a value harmless on its way, by the name of the function. */
export const SANITIZER =
  /(?:mask|redact|scrub|seal|encrypt|cipher|hash|hmac|digest|tokeni[sz]e|sanitiz|sanitis|obfuscat|anonymi[sz]|last_?(?:4|four)|truncate|omit|pick|serializeError|toPublic|bcrypt|argon2|scrypt|sha256|filterFields|strip)/i
/** Functions that give back what they are given, in another form. */
const PASSES_ON =
  /^(?:JSON\.stringify|String|util\.inspect|util\.format|encodeURIComponent|encodeURI|btoa|Buffer\.from|Object\.(?:entries|values|assign|fromEntries)|Array\.from|structuredClone|qs\.stringify|querystring\.stringify|serialize-javascript|new (?:Error|[\w.]*Error|URLSearchParams|Map|Set|Array|String|Blob|FormData|Buffer)|safe-stable-stringify|fast-safe-stringify|flatted\.stringify|js-yaml\.dump|yaml\.stringify|csv-stringify(?:\/sync)?(?:\.stringify)?|papaparse\.unparse|json2csv\.parse|new json2csv\.(?:Parser|Async\w*)\.parse|@json2csv\/\w+\.parse|new @json2csv\/\w+\.Parser\.parse|new xml2js\.Builder\.buildObject|xml-js\.js(?:on)?2xml|csv-writer\.create\w+Stringifier\(\)\.stringifyRecords)$/
const PASSING_METHODS =
  /\.(?:toString|trim|toUpperCase|toLowerCase|replace|replaceAll|concat|join|split|map|filter|flat|sort|reverse|slice|padStart|padEnd|normalize|toJSON|valueOf|then|entries|get|toObject|lean|match|substring|substr|stringify|json|text)$/
/** They make numbers of what is typed as text; the number of a card remains one. */
const TO_NUMBER = /^(?:Number|parseInt|parseFloat|BigInt|Number\.parse(?:Int|Float)|new Number)$/
const WRITTEN_ANOTHER_WAY =
  /\.(?:toString|trim|trimStart|trimEnd|replace|replaceAll|normalize|valueOf|toUpperCase)\(\)$/
/** Values that are said to be another form of what their key names: `{ cardNumber: maskedPan }`. */
const OTHER_FORM =
  /\b(?:hash|hashed|digest|masked|redacted|last ?4|last four|token|tokeni[sz]ed|encrypted|sealed|cipher|ciphertext|enc|fingerprint)\b/
/** Functions that write a text from what they are given. */
export const RENDERS =
  /(?:render|template|compile|mustache|handlebars|mjml|juice|marked|markdown|html|body|content|layout|message|text|format|sprintf|interpolate|fill|mail(?!er))\w*(?:\(\))*$/i
/** What is put together by a chain of calls: `new EmbedBuilder().setTitle(…).addFields(…)`. */
const CHAINED = /^new discord\.js\.\w*Embed\w*\./
/** What stands before a part of an address. */
export const BEFORE_LINK_PART = /(?:[?&#][\w.[\]-]+=|[^\s/]\/|:\/\/)$/
/** What seals a value and leaves it in store all the same, where only the keeping of it matters. */
const SEALER = /(?:seal|encrypt|cipher)/i
/** What tells little of the whole: its length, its last four signs. */
const LITTLE =
  /^(?:length|size|brand|type|last ?4|last four|exp(?:iry)?(?: (?:month|year))?|status|status code|code|name)$/
/** `errors.cardNumber`: what is said of a field, not what is in it. */
const SAYS_OF_FIELDS = /(?:^| )(?:errors?|touched|dirty|labels|placeholders|validators?|validation)$/
/** `{ cardNumber: data.numOfCartItems }`: how many, or which, and no number of a card. */
const NUMBER_OF_MANY = /\b(?:cart|items?|count|quantity|qty|total|index|position)\b/
const MOST_HITS = 8

/** How far sensitive things are followed. */
export interface SourceOptions {
  /** Where true, what was encrypted counts as what it was: a security code must not be kept in any form. */
  readonly evenSealed?: boolean
  /** Where true, what is handed to a function that writes a page or a mail is in what it writes. */
  readonly throughTemplates?: boolean
  /** Where true, what is a part of an address is passed over: links have tokens that are good once. */
  readonly outsideLinks?: boolean
}

/** What a function makes of one item of a list. */
type EachOf = (list: Value, fn: FunctionValue) => Value

/** Finds sensitive things in a value: in its parts, its members, and what it was made from. */
export function findSources(
  value: Value,
  kinds: readonly SourceKind[],
  { eachOf, ...options }: SourceOptions & { readonly eachOf?: EachOf } = {},
): SourceHit[] {
  const finder = new Finder(kinds, options, eachOf)
  finder.look(value, 0)
  return finder.hits
}

const DEEPEST = 12

class Finder {
  readonly hits: SourceHit[] = []
  readonly #kinds: readonly SourceKind[]
  readonly #seen = new Set<Value>()
  readonly #options: SourceOptions
  readonly #eachOf: EachOf | undefined
  readonly #isOfCards: boolean
  #steps = 400

  constructor(kinds: readonly SourceKind[], options: SourceOptions, eachOf: EachOf | undefined) {
    this.#kinds = kinds
    this.#options = options
    this.#eachOf = eachOf
    this.#isOfCards = kinds.some((kind) => kind === 'card' || kind === 'cvc')
  }

  look(value: Value, depth: number): void {
    if (depth > DEEPEST || this.#steps-- <= 0 || this.hits.length >= MOST_HITS || this.#seen.has(value)) return
    this.#seen.add(value)
    switch (value.kind) {
      case 'named':
        this.#lookAtName(value, depth)
        break
      case 'text':
        this.#lookAtParts(value.parts, depth)
        break
      case 'list':
        for (const item of value.items) this.look(item, depth + 1)
        break
      case 'union':
        for (const option of value.options) this.look(option, depth + 1)
        break
      case 'object':
        for (const layer of value.layers) {
          if ('spread' in layer) this.look(layer.spread(), depth + 1)
          else this.#lookAtMember(layer.name, layer.value(), depth)
        }
        break
      default:
    }
  }

  #lookAtParts(parts: readonly Value[], depth: number): void {
    let before = ''
    for (const part of parts) {
      const isInLink = this.#options.outsideLinks === true && BEFORE_LINK_PART.test(before)
      if (!isInLink) this.look(part, depth + 1)
      before = part.kind === 'constant' ? (before + String(part.value)).slice(-80) : `${before}\u0000`
    }
  }

  /** `{ cardNumber: input }` says by its key what the value is. */
  #lookAtMember(name: string | undefined, value: Value, depth: number): void {
    const before = this.hits.length
    this.look(value, depth + 1)
    if (name === undefined || this.hits.length > before) return
    const inner = this.#isOfCards ? unconverted(value) : value
    if (inner?.kind !== 'named' || inner.via === 'call' || inner.via === 'new') return
    const kind = this.#byName(name)
    const own = lastWords(inner.path)
    if (kind && !LITTLE.test(own) && !OTHER_FORM.test(own) && !(this.#isOfCards && NUMBER_OF_MANY.test(own)))
      this.hits.push({ kind, path: `${inner.path} (${name})`, origin: inner.origin })
  }

  #lookAtName(value: Named, depth: number): void {
    if (value.via === 'call' || value.via === 'new') {
      this.#lookAtCall(value, depth)
      return
    }
    const kind = this.#kindOf(value)
    if (kind) this.hits.push({ kind, path: value.path, origin: value.origin })
    else if (this.#lookAtField(value)) return
    // A member of something that was put together: `[a, b].length`, `(a + b).x`.
    else if (value.base && value.base.kind !== 'named' && !LITTLE.test(lastWords(value.path)))
      this.look(value.base, depth + 1)
    else if (value.base?.kind === 'named' && value.base.via === 'call')
      this.#lookAtMemberOfResult(value, value.base, depth)
  }

  /** What was typed into a field of a form that is named after a card's number or code. */
  #lookAtField(value: Named): boolean {
    const field = this.#isOfCards ? fieldOf(value) : undefined
    const kind = field === undefined ? undefined : this.#byName(field)
    if (field === undefined || (kind !== 'card' && kind !== 'cvc')) return false
    this.hits.push({ kind, path: `${value.path} (${field})`, origin: value.origin })
    return true
  }

  #lookAtMemberOfResult(value: Named, base: Named, depth: number): void {
    if (!LITTLE.test(lastWords(value.path))) this.#lookAtCall(base, depth)
  }

  #lookAtCall(value: Named, depth: number): void {
    const callee = value.base
    const path = callee?.kind === 'named' ? (value.via === 'new' ? `new ${callee.path}` : callee.path) : ''
    const name = path.slice(path.lastIndexOf('.') + 1)
    const isSealer = this.#options.evenSealed === true && SEALER.test(name)
    if ((SANITIZER.test(name) && !isSealer) || isLastSlice(value) || isMasking(name, value)) return
    if (this.#matches('request', REQUEST, value.path)) {
      this.hits.push({ kind: 'request', path: value.path, origin: value.origin })
      return
    }
    if (this.#lookAtField(value)) return
    const isChained = CHAINED.test(path)
    if (isChained && callee?.kind === 'named' && callee.base) this.look(callee.base, depth + 1)
    const isTemplate = this.#options.throughTemplates === true && RENDERS.test(path)
    const isNumber = this.#isOfCards && TO_NUMBER.test(path)
    const passes = isSealer || isTemplate || isChained || isNumber || PASSES_ON.test(path)
    if (passes) for (const arg of value.args ?? []) this.look(arg, depth + 1)
    // `req.get('host')` is one header, not the request.
    const isHeader = callee?.kind === 'named' && callee.base?.kind === 'named' && WHOLE_REQUEST.test(callee.base.path)
    if (callee?.kind === 'named' && callee.base && PASSING_METHODS.test(path) && !isHeader) {
      this.look(callee.base, depth + 1)
      const [first] = value.args ?? []
      if (/\.(?:map|flatMap)$/.test(path) && first?.kind === 'function' && this.#eachOf) {
        this.look(this.#eachOf(callee.base, first), depth + 1)
      }
      if (/\.(?:concat|replace|replaceAll)$/.test(path)) for (const arg of value.args ?? []) this.look(arg, depth + 1)
    }
  }

  #kindOf(value: Named): SourceKind | undefined {
    const { path } = value
    const last = lastWords(path)
    if (this.#matches('error', ERROR, path)) return 'error'
    const byName = value.via === 'root' && !path.startsWith('~') ? undefined : this.#byName(lastOf(path), value)
    if (byName) return byName
    if (LITTLE.test(last)) return undefined
    if (this.#matches('request', REQUEST, path) || this.#matches('request', WHOLE_REQUEST, path)) return 'request'
    return undefined
  }

  #byName(name: string, value?: Named): SourceKind | undefined {
    const words = wordsOf(name)
    const owner = value?.base?.kind === 'named' ? wordsOf(lastOf(value.base.path)) : ''
    if (SAYS_OF_FIELDS.test(owner)) return undefined
    return this.#kinds.find((kind) => {
      if (kind === 'request' || kind === 'error') return false
      const { pattern, not, owned } = SENSITIVE_NAMES[kind]
      if (not.test(words)) return false
      return pattern.test(words) || (owned?.test(`${owner} ${words}`) ?? false)
    })
  }

  #matches(kind: SourceKind, pattern: RegExp, path: string): boolean {
    return this.#kinds.includes(kind) && pattern.test(path)
  }
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replace(/^~/, '')
}

function lastWords(path: string): string {
  return wordsOf(lastOf(path))
}

/** What was written another way: `String(x)`, `Number(x)`, `x.trim()`, `x.replace(/ /g, '')`, `$(x).val()`. */
function unconverted(value: Value): Value | undefined {
  let at: Value | undefined = value
  for (let depth = 0; at && depth < 6; depth++) {
    if (at.kind === 'text' && at.parts.length === 1) at = at.parts[0]
    else if (at.kind !== 'named' || at.via !== 'call' || at.base?.kind !== 'named' || isLastSlice(at)) break
    else if (isMasking(at.base.path.slice(at.base.path.lastIndexOf('.') + 1), at)) break
    else if (WRITTEN_ANOTHER_WAY.test(at.path)) at = at.base.base
    else if (TO_NUMBER.test(at.base.path)) at = at.args?.[0]
    else break
  }
  return at
}

/** `number.replace(/\d(?=\d{4})/g, '*')` */
function isMasking(method: string, { args }: Named): boolean {
  const sign = /^replace(?:All)?$/.test(method) ? args?.[1] : undefined
  return sign?.kind === 'constant' && /[*•●█#]|^[xX]+$/.test(String(sign.value))
}

/** `number.slice(-4)`, `number.substr(-4)`, `number.slice(12)`: what may be shown of a card. */
function isLastSlice(value: Value): boolean {
  if (value.kind !== 'named' || value.via !== 'call' || value.base?.kind !== 'named') return false
  if (!/\.(?:slice|substr|substring|at)$/.test(value.base.path)) return false
  const [from, to] = value.args ?? []
  if (isFromEnd(value.origin.node)) return true
  if (from?.kind !== 'constant' || typeof from.value !== 'number') return false
  if (from.value < 0) return from.value >= -4
  return (
    from.value >= 12 || (from.value === 0 && to?.kind === 'constant' && typeof to.value === 'number' && to.value <= 8)
  )
}

/** `number.slice(number.length - 4)` */
function isFromEnd(node: Node): boolean {
  const from = node.type === 'CallExpression' ? node.arguments[0] : undefined
  if (from?.type !== 'BinaryExpression' || from.operator !== '-' || from.left.type !== 'MemberExpression') return false
  const { property } = from.left
  const isLength = property.type === 'Identifier' && property.name === 'length'
  return isLength && from.right.type === 'Literal' && Number(from.right.value) <= 4
}

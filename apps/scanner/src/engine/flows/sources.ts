import { wordsOf } from '../data/column.ts'
import type { Named, Origin, Value } from '../values/value.ts'
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
  /^(?:JSON\.stringify|String|util\.inspect|util\.format|encodeURIComponent|encodeURI|btoa|Buffer\.from|Object\.(?:entries|values|assign|fromEntries)|Array\.from|structuredClone|qs\.stringify|querystring\.stringify|serialize-javascript|new (?:Error|[\w.]*Error|URLSearchParams|Map|Set|Array|String|Blob|FormData|Buffer)|safe-stable-stringify|fast-safe-stringify|flatted\.stringify|js-yaml\.dump|yaml\.stringify)$/
const PASSING_METHODS =
  /\.(?:toString|trim|toUpperCase|toLowerCase|replace|replaceAll|concat|join|split|map|filter|flat|sort|reverse|slice|padStart|padEnd|normalize|toJSON|valueOf|then|entries|get|toObject|lean|match|substring|substr|stringify|json|text)$/
/** Values that are said to be another form of what their key names: `{ cardNumber: maskedPan }`. */
const OTHER_FORM =
  /\b(?:hash|hashed|digest|masked|redacted|last ?4|last four|token|tokeni[sz]ed|encrypted|sealed|cipher|ciphertext|enc|fingerprint)\b/
/** What seals a value and leaves it in store all the same, where only the keeping of it matters. */
const SEALER = /(?:seal|encrypt|cipher)/i
/** What tells little of the whole: its length, its last four signs. */
const LITTLE =
  /^(?:length|size|brand|type|last ?4|last four|exp(?:iry)?(?: (?:month|year))?|status|status code|code|name)$/
const MOST_HITS = 8

/** How far sensitive things are followed. */
export interface SourceOptions {
  /** Where true, what was encrypted counts as what it was: a security code must not be kept in any form. */
  readonly evenSealed?: boolean
}

/** Finds sensitive things in a value: in its parts, its members, and what it was made from. */
export function findSources(value: Value, kinds: readonly SourceKind[], options: SourceOptions = {}): SourceHit[] {
  const finder = new Finder(kinds, options)
  finder.look(value, 0)
  return finder.hits
}

const DEEPEST = 12

class Finder {
  readonly hits: SourceHit[] = []
  readonly #kinds: readonly SourceKind[]
  readonly #seen = new Set<Value>()
  readonly #evenSealed: boolean
  #steps = 400

  constructor(kinds: readonly SourceKind[], { evenSealed = false }: SourceOptions) {
    this.#kinds = kinds
    this.#evenSealed = evenSealed
  }

  look(value: Value, depth: number): void {
    if (depth > DEEPEST || this.#steps-- <= 0 || this.hits.length >= MOST_HITS || this.#seen.has(value)) return
    this.#seen.add(value)
    switch (value.kind) {
      case 'named':
        this.#lookAtName(value, depth)
        break
      case 'text':
        for (const part of value.parts) this.look(part, depth + 1)
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

  /** `{ cardNumber: input }` says by its key what the value is. */
  #lookAtMember(name: string | undefined, value: Value, depth: number): void {
    const before = this.hits.length
    this.look(value, depth + 1)
    if (name === undefined || this.hits.length > before) return
    if (value.kind !== 'named' || value.via === 'call' || value.via === 'new' || isLastSlice(value)) return
    const kind = this.#byName(name)
    const own = lastWords(value.path)
    if (kind && !LITTLE.test(own) && !OTHER_FORM.test(own))
      this.hits.push({ kind, path: `${value.path} (${name})`, origin: value.origin })
  }

  #lookAtName(value: Named, depth: number): void {
    if (value.via === 'call' || value.via === 'new') {
      this.#lookAtCall(value, depth)
      return
    }
    const kind = this.#kindOf(value)
    if (kind) this.hits.push({ kind, path: value.path, origin: value.origin })
    // A member of something that was put together: `[a, b].length`, `(a + b).x`.
    else if (value.base && value.base.kind !== 'named' && !LITTLE.test(lastWords(value.path)))
      this.look(value.base, depth + 1)
    else if (value.base?.kind === 'named' && value.base.via === 'call')
      this.#lookAtMemberOfResult(value, value.base, depth)
  }

  #lookAtMemberOfResult(value: Named, base: Named, depth: number): void {
    if (!LITTLE.test(lastWords(value.path))) this.#lookAtCall(base, depth)
  }

  #lookAtCall(value: Named, depth: number): void {
    const callee = value.base
    const path = callee?.kind === 'named' ? (value.via === 'new' ? `new ${callee.path}` : callee.path) : ''
    const name = path.slice(path.lastIndexOf('.') + 1)
    const isSealer = this.#evenSealed && SEALER.test(name)
    if ((SANITIZER.test(name) && !isSealer) || isLastSlice(value)) return
    if (this.#matches('request', REQUEST, value.path)) {
      this.hits.push({ kind: 'request', path: value.path, origin: value.origin })
      return
    }
    const passes = isSealer || PASSES_ON.test(path)
    if (passes) for (const arg of value.args ?? []) this.look(arg, depth + 1)
    // `req.get('host')` is one header, not the request.
    const isHeader = callee?.kind === 'named' && callee.base?.kind === 'named' && WHOLE_REQUEST.test(callee.base.path)
    if (callee?.kind === 'named' && callee.base && PASSING_METHODS.test(path) && !isHeader) {
      this.look(callee.base, depth + 1)
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

/** `number.slice(-4)`, `number.substr(-4)`, `number.slice(12)`: what may be shown of a card. */
function isLastSlice(value: Value): boolean {
  if (value.kind !== 'named' || value.via !== 'call' || value.base?.kind !== 'named') return false
  if (!/\.(?:slice|substr|substring|at)$/.test(value.base.path)) return false
  const [from, to] = value.args ?? []
  if (from?.kind !== 'constant' || typeof from.value !== 'number') return false
  if (from.value < 0) return from.value >= -4
  return (
    from.value >= 12 || (from.value === 0 && to?.kind === 'constant' && typeof to.value === 'number' && to.value <= 6)
  )
}

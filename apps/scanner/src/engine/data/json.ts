/** JSON with the place of everything. */
export type JsonNode =
  | { readonly kind: 'object'; readonly members: readonly JsonMember[]; readonly start: number; readonly end: number }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[]; readonly start: number; readonly end: number }
  /** A text (with its quotes), a number, true, false or null. */
  | { readonly kind: 'value'; readonly start: number; readonly end: number }

export interface JsonMember {
  readonly key: string
  readonly keyStart: number
  readonly value: JsonNode
}

const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{}[\],:]|[^\s{}[\],:"']+/g
const DEEPEST = 200

/** Reads JSON, also with comments, trailing commas and single quotes. Undefined where there is none to begin with. */
export function readJson(text: string): JsonNode | undefined {
  return new Reader(text).read(0)
}

class Reader {
  readonly #text: string
  readonly #token = new RegExp(TOKEN.source, 'g')
  #start = 0
  #end = 0

  constructor(text: string) {
    this.#text = text
    this.#next()
  }

  get #sign(): string {
    return this.#text.slice(this.#start, this.#end)
  }

  #next(): void {
    for (;;) {
      const match = this.#token.exec(this.#text)
      this.#start = match?.index ?? this.#text.length
      this.#end = match ? match.index + match[0].length : this.#text.length
      if (!match) this.#token.lastIndex = this.#text.length
      if (!match || !/^\/[/*]/.test(match[0])) return
    }
  }

  read(depth: number): JsonNode | undefined {
    const start = this.#start
    const sign = this.#sign
    if (sign === '' || depth > DEEPEST) return undefined
    if (sign === '{') return this.#object(start, depth)
    if (sign === '[') return this.#array(start, depth)
    if (/^[}\],:]$/.test(sign)) return undefined
    const end = this.#end
    this.#next()
    return { kind: 'value', start, end }
  }

  #object(start: number, depth: number): JsonNode {
    const members: JsonMember[] = []
    this.#next()
    while (this.#sign !== '' && this.#sign !== '}') {
      const keyStart = this.#start
      const raw = this.#sign
      this.#next()
      if (raw === ',') continue
      if (this.#sign !== ':') continue // Not a member: what follows is tried as one.
      this.#next()
      const value = this.read(depth + 1)
      if (value) members.push({ key: raw.replace(/^["']|["']$/g, ''), keyStart, value })
    }
    return { kind: 'object', members, start, end: this.#close() }
  }

  #array(start: number, depth: number): JsonNode {
    const items: JsonNode[] = []
    this.#next()
    while (this.#sign !== '' && this.#sign !== ']') {
      const before = this.#start
      const item = this.read(depth + 1)
      if (item) items.push(item)
      if (this.#sign === ',' || this.#start === before) this.#next()
    }
    return { kind: 'array', items, start, end: this.#close() }
  }

  #close(): number {
    const end = this.#end
    this.#next()
    return end
  }
}

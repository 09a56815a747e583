/** Why a text is refused, as a rule's name; never with a piece of the text itself. */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError'
  readonly rule: 'syntax' | 'duplicate-member' | 'depth' | 'number' | 'forbidden-member' | 'text'
  constructor(rule: StrictJsonError['rule']) {
    super(`JSON refused: ${rule}`)
    this.rule = rule
  }
}

/** Names that reach for an object's prototype where a program copies members carelessly. */
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype'])
const PLAIN_INTEGER = /^-?(?:0|[1-9][0-9]{0,15})$/

/**
 * Parses JSON as a payment API has to: what `JSON.parse` lets pass in silence is refused. That is a member given
 * twice (the last one would win, and a signature check elsewhere may read the first), a number that is not a plain
 * integer within 2^53 (`1e3`, `4.0` and digits beyond a double's precision have two readings), nesting deeper than
 * `maxDepth`, text that no database stores (a NUL, half a surrogate pair), and names that reach for a prototype.
 *
 * @param maxDepth 1 allows one object or array with no other inside it
 * @throws StrictJsonError
 * @see RFC 8259 §4 on duplicate names; security.md, "Input"
 */
export function parseStrictJson(text: string, maxDepth = 4): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own words quote the text, which may hold a card number; they stop here.
    throw new StrictJsonError('syntax')
  }
  inspect(text, maxDepth)
  return value
}

/** Walks text that is known to be valid JSON, token by token, without recursion. */
function inspect(text: string, maxDepth: number): void {
  const open: (Set<string> | undefined)[] = [] // One entry an open object (its names so far) or array (undefined).
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '"') {
      const end = endOfString(text, at)
      if (text.slice(at, end).includes('\\')) checkText(text.slice(at, end))
      const names = open.at(-1)
      if (names && isMemberName(text, end)) claimName(names, text.slice(at, end))
      at = end
    } else if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined)
      if (open.length > maxDepth) throw new StrictJsonError('depth')
      at++
    } else if (char === '}' || char === ']') {
      open.pop()
      at++
    } else if (char === '-' || (char >= '0' && char <= '9')) {
      const end = endOfNumber(text, at)
      const number = text.slice(at, end)
      if (!PLAIN_INTEGER.test(number) || !Number.isSafeInteger(Number(number))) throw new StrictJsonError('number')
      at = end
    } else at++
  }
}

/** Only an escape can bring in what the decoder of UTF-8 has refused already. */
function checkText(quoted: string): void {
  const resolved = JSON.parse(quoted) as string
  if (resolved.includes('\u0000') || !resolved.isWellFormed()) throw new StrictJsonError('text')
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at + 1
}

function endOfNumber(text: string, start: number): number {
  let at = start
  while (at < text.length && '+-.eE0123456789'.includes(text.charAt(at))) at++
  return at
}

function isMemberName(text: string, end: number): boolean {
  let at = end
  while (' \t\n\r'.includes(text.charAt(at)) && at < text.length) at++
  return text.charAt(at) === ':'
}

function claimName(names: Set<string>, quoted: string): void {
  const name = JSON.parse(quoted) as string // Escapes resolved: "a" and "\u0061" are one name.
  if (FORBIDDEN_NAMES.has(name)) throw new StrictJsonError('forbidden-member')
  if (names.has(name)) throw new StrictJsonError('duplicate-member')
  names.add(name)
}

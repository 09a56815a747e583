import type { Attribute, Element } from './element.ts'

const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
])
const RAW = /^(?:script|style|textarea|title)$/
const MOST_ELEMENTS = 20_000

/** The elements of a page or a component, in order; attributes of Vue and Svelte as they are written. */
export function htmlElements(text: string): Element[] {
  const elements: Element[] = []
  const open: Element[] = []
  const tag = /<!--[\s\S]*?(?:-->|$)|<(\/?)([A-Za-z][\w:.-]*)/g
  for (let match = tag.exec(text); match && elements.length < MOST_ELEMENTS; match = tag.exec(text)) {
    const [whole, slash, name = ''] = match
    if (name === '') continue
    const lower = /^[A-Z]/.test(name) ? name : name.toLowerCase()
    if (slash === '/') {
      close(open, lower)
      continue
    }
    const start = match.index
    const { attributes, end, closed } = attributesFrom(text, start + whole.length)
    const element: Element = { name: lower, attributes, parent: open.at(-1), start, end, source: 'html', open: false }
    elements.push(element)
    tag.lastIndex = end
    if (closed || VOID.has(lower)) continue
    if (RAW.test(lower)) tag.lastIndex = endOfRaw(text, end, lower)
    else open.push(element)
  }
  return elements
}

function close(open: Element[], name: string): void {
  const at = open.findLastIndex((element) => element.name === name)
  if (at >= 0) open.splice(at)
}

function endOfRaw(text: string, from: number, name: string): number {
  const end = text.slice(from).search(new RegExp(`</${name}`, 'i'))
  return end < 0 ? text.length : from + end
}

const ATTRIBUTE = /\s*([^\s=>/"'{][^\s=>/]*|\{)/y
const VALUE = /\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'{]+))?/y

/** Reads attributes up to the end of the tag. An expression in braces (Svelte) may hold any sign. */
function attributesFrom(text: string, from: number): { attributes: Attribute[]; end: number; closed: boolean } {
  const attributes: Attribute[] = []
  let at = from
  while (at < text.length) {
    const rest = /\s*(\/?)>/y
    rest.lastIndex = at
    const end = rest.exec(text)
    if (end) return { attributes, end: rest.lastIndex, closed: end[1] === '/' }
    ATTRIBUTE.lastIndex = at
    const match = ATTRIBUTE.exec(text)
    if (!match) {
      at++
      continue
    }
    const name = match[1] ?? ''
    const start = ATTRIBUTE.lastIndex - name.length
    if (name === '{') {
      at = endOfBraces(text, start)
      attributes.push({ name: text.slice(start, at), value: undefined, start, end: at })
      continue
    }
    const { value, end: valueEnd } = valueFrom(text, ATTRIBUTE.lastIndex)
    attributes.push({ name, value, start, end: valueEnd })
    at = valueEnd
  }
  return { attributes, end: at, closed: false }
}

function valueFrom(text: string, from: number): { value: string | undefined; end: number } {
  VALUE.lastIndex = from
  const match = VALUE.exec(text)
  if (!match) return { value: '', end: from }
  const value = match[1] ?? match[2] ?? match[3]
  if (value !== undefined) return { value, end: VALUE.lastIndex }
  if (text[VALUE.lastIndex] === '{') return { value: undefined, end: endOfBraces(text, VALUE.lastIndex) }
  return { value: '', end: VALUE.lastIndex }
}

function endOfBraces(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length && at < from + 10_000; at++) {
    const sign = text[at]
    if (sign === '{') depth++
    else if (sign === '}' && --depth === 0) return at + 1
    else if (sign === '"' || sign === "'" || sign === '`') {
      const end = text.indexOf(sign, at + 1)
      if (end > 0) at = end
    }
  }
  return Math.min(text.length, from + 1)
}

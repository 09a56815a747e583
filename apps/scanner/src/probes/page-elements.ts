/** An opening tag of a page that a site has sent. */
export interface PageElement {
  /** In lower case. */
  readonly name: string
  /** By lower-case name; of two of one name the first, as browsers take it. */
  readonly attributes: ReadonlyMap<string, string>
  /** The form that it stands in. */
  readonly form: PageElement | undefined
  /** Its opening tag as it came. */
  readonly source: string
}

/** Whoever sends more wants to keep us busy. */
const MOST_ELEMENTS = 20_000
/** Elements whose contents are text to a browser. */
const RAW = /^(?:script|style|textarea|title|iframe|xmp|noembed|noframes)$/

/** A page as it is read. */
export interface ReadPage {
  readonly elements: readonly PageElement[]
  /** What stands between the tags, scripts and style sheets left out; a space for each tag. */
  readonly text: string
}

/**
 * The elements of a page, in order, and its text, as a browser would read its tags. A page may come from anybody: each
 * sign is looked at a fixed number of times, whatever stands there.
 */
export function readPage(html: string): ReadPage {
  const elements: PageElement[] = []
  const texts: string[] = []
  const sign = /<(?:!--|\/?[A-Za-z])/g
  let form: PageElement | undefined
  let from = 0
  for (let match = sign.exec(html); match && elements.length < MOST_ELEMENTS; match = sign.exec(html)) {
    const { index: at } = match
    texts.push(html.slice(from, at))
    if (match[0] === '<!--') from = endAfter(html, '-->', at + 4)
    else {
      const isEnd = match[0].startsWith('</')
      const nameEnd = endOf(/[^\s/>]*/y, html, at + match[0].length)
      const name = html.slice(at + (isEnd ? 2 : 1), nameEnd).toLowerCase()
      const { attributes, end } = attributesAt(html, nameEnd)
      from = end
      if (isEnd) form = name === 'form' ? undefined : form
      else {
        const element = { name, attributes, form, source: html.slice(at, end) }
        elements.push(element)
        if (name === 'form') form ??= element
        const rawEnd = RAW.test(name) ? endOfRaw(html, end, name) : end
        sign.lastIndex = rawEnd
        // What stands in a title is text; what stands in a script is none.
        if (/^(?:script|style)$/.test(name)) from = rawEnd
      }
    }
    sign.lastIndex = Math.max(sign.lastIndex, from)
  }
  if (elements.length < MOST_ELEMENTS) texts.push(html.slice(from))
  return { elements, text: decoded(texts.join(' ')) }
}

const SIGNS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** The references that frameworks write in place of signs. */
function decoded(text: string): string {
  return text.replace(/&(#?\w{1,6});/g, (whole, reference: string) => {
    const hex = /^#x([\da-f]{1,5})$/i.exec(reference)?.[1]
    const decimal = /^#(\d{1,6})$/.exec(reference)?.[1]
    if (hex === undefined && decimal === undefined) return SIGNS[reference.toLowerCase()] ?? whole
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
  })
}

function attributesAt(html: string, from: number): { attributes: Map<string, string>; end: number } {
  const attributes = new Map<string, string>()
  let at = from
  for (;;) {
    at = endOf(/[\s/]*/y, html, at)
    if (at >= html.length || html[at] === '>') return { attributes, end: Math.min(at + 1, html.length) }
    const nameEnd = endOf(/=?[^\s/>=]*/y, html, at)
    const name = html.slice(at, nameEnd).toLowerCase()
    at = nameEnd
    let value = ''
    if (endOf(/\s*=/y, html, at) > at) {
      const begin = endOf(/\s*=\s*/y, html, at)
      const quote = html[begin]
      const isQuoted = quote === '"' || quote === "'"
      at = isQuoted ? endAfter(html, quote, begin + 1) : endOf(/[^\s>]*/y, html, begin)
      value = isQuoted ? html.slice(begin + 1, at - (html[at - 1] === quote ? 1 : 0)) : html.slice(begin, at)
    }
    if (!attributes.has(name)) attributes.set(name, decoded(value))
  }
}

/** Where a sticky pattern ends; where it began if it does not match. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

function endAfter(text: string, sign: string, from: number): number {
  const at = text.indexOf(sign, from)
  return at < 0 ? text.length : at + sign.length
}

function endOfRaw(html: string, from: number, name: string): number {
  const close = new RegExp(`</${name}`, 'gi')
  close.lastIndex = from
  return close.exec(html)?.index ?? html.length
}

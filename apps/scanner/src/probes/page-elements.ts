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

/**
 * The elements of a page, in order, as a browser would read their tags. A page may come from anybody: each sign is
 * looked at a fixed number of times, whatever stands there.
 */
export function pageElements(html: string): PageElement[] {
  const elements: PageElement[] = []
  let form: PageElement | undefined
  let at = html.indexOf('<')
  while (at >= 0 && elements.length < MOST_ELEMENTS) {
    let next = at + 1
    const tag = nameAt(html, next)
    if (tag) {
      const { attributes, end } = attributesAt(html, tag.end)
      const element = { name: tag.name, attributes, form, source: html.slice(at, end) }
      elements.push(element)
      if (tag.name === 'form') form ??= element
      next = RAW.test(tag.name) ? endOfRaw(html, end, tag.name) : end
    } else if (html.startsWith('!--', next)) next = endAfter(html, '-->', next + 3)
    else if (html[next] === '/') {
      const closed = nameAt(html, next + 1)
      if (closed?.name === 'form') form = undefined
      next = closed?.end ?? next
    }
    at = html.indexOf('<', next)
  }
  return elements
}

function nameAt(html: string, at: number): { name: string; end: number } | undefined {
  const name = /[A-Za-z][^\s/>]*/y
  name.lastIndex = at
  const match = name.exec(html)
  return match ? { name: match[0].toLowerCase(), end: name.lastIndex } : undefined
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
    if (!attributes.has(name)) attributes.set(name, value.replaceAll('&amp;', '&'))
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

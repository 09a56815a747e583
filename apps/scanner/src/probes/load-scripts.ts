import { answerOrNone, isPage, type Answer } from './ask.ts'
import { MOST_SCRIPTS, type Budget } from './budget.ts'
import { readPage } from './page-elements.ts'

/** A script as it is served, and the source map that belongs to it. */
export interface Script {
  readonly answer: Answer
  readonly map: SourceMap | undefined
}

/** A source map, served by itself or within the script. */
export interface SourceMap {
  readonly url: string
  readonly text: string
  /** More of it may have come than was read. */
  readonly isCut: boolean
}

interface Wish {
  readonly origin: string
  readonly page: Answer
  readonly ca: readonly string[]
}

/** Loads the scripts that a page names on the origin, and what they name as their source maps there. */
export async function loadScripts({ origin, page, ca }: Wish, budget: Budget): Promise<Script[]> {
  const scripts: Script[] = []
  for (const url of isPage(page) ? scriptsOf(page, origin) : []) {
    const answer = await answerOrNone({ url, ca }, budget)
    if (answer?.status !== 200 || isPage(answer)) continue
    const place = mapOf(answer)
    const inside = place === undefined ? undefined : insideOf(place, url)
    const isOwn = place !== undefined && URL.parse(place, url)?.origin === origin
    const served = isOwn && !inside ? await answerOrNone({ url: new URL(place, url).href, ca }, budget) : undefined
    const isServed = served?.status === 200 && !isPage(served)
    const outside = isServed ? { url: served.url, text: served.body, isCut: served.isCut } : undefined
    scripts.push({ answer, map: inside ?? outside })
  }
  return scripts
}

/** The first scripts of a page on the origin, each once. */
function scriptsOf({ url, body }: Answer, origin: string): string[] {
  const { elements } = readPage(body)
  const base = elements.find(({ name, attributes }) => name === 'base' && attributes.has('href'))
  const from = URL.parse(base?.attributes.get('href') ?? '', url)?.href ?? url
  const named = elements.flatMap(({ name, attributes }) => {
    const isPreload = name === 'link' && /^(?:module)?preload$/i.test(attributes.get('rel') ?? '')
    const isScript = isPreload && /^(?:script)?$/i.test(attributes.get('as') ?? '')
    const address = name === 'script' ? attributes.get('src') : isScript ? attributes.get('href') : undefined
    const target = address === undefined ? null : URL.parse(address, from)
    if (target?.origin !== origin) return []
    target.hash = ''
    return [target.href]
  })
  return [...new Set(named)].slice(0, MOST_SCRIPTS)
}

const MARK = 'sourceMappingURL='

/** Where a script says that its source map is; where it was too long to be read to its end, where one usually is. */
function mapOf({ url, headers, body, isCut }: Answer): string | undefined {
  const header = headers.get('sourcemap')?.[0] ?? headers.get('x-sourcemap')?.[0]
  if (header !== undefined) return header
  const at = body.lastIndexOf(MARK)
  if (at >= 0 && /[/*][#@]\s?$/.test(body.slice(Math.max(0, at - 4), at)))
    return /^[^\s'"*]*/.exec(body.slice(at + MARK.length))?.[0]
  const { origin, pathname } = new URL(url)
  return isCut && /\.[cm]?js$/.test(pathname) ? `${origin}${pathname}.map` : undefined
}

function insideOf(place: string, url: string): SourceMap | undefined {
  const head = /^data:application\/json[^,]{0,100},/i.exec(place)?.[0]
  if (head === undefined) return undefined
  const data = place.slice(head.length)
  const text = /;base64,$/i.test(head) ? Buffer.from(data, 'base64').toString('utf8') : data
  return { url, text, isCut: false }
}

import { attributeOf, type Attribute, type Element } from '../../engine/data/element.ts'
import { plainPublicHost } from '../../engine/flows/plain-address.ts'
import type { Fix } from '../../engine/fix.ts'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import { shownText } from '../../engine/values/known-calls.ts'
import { optionsOf } from '../../engine/values/value.ts'

/** What a page loads or sends by an attribute, and how bad it is where that goes in the clear. */
const LOADED: Readonly<Record<string, { readonly attributes: readonly string[]; readonly what: string }>> = {
  script: { attributes: ['src'], what: 'A script' },
  iframe: { attributes: ['src'], what: 'A page within the page' },
  embed: { attributes: ['src'], what: 'An embedded file' },
  object: { attributes: ['data'], what: 'An embedded file' },
  form: { attributes: ['action'], what: 'A form' },
  // Components of Element and Ant Design that send a file.
  'el-upload': { attributes: ['action'], what: 'A form' },
  Upload: { attributes: ['action'], what: 'A form' },
  button: { attributes: ['formaction'], what: 'A form' },
  input: { attributes: ['formaction', 'src'], what: 'A form' },
  link: { attributes: ['href'], what: 'A style sheet' },
  img: { attributes: ['src'], what: 'A picture' },
  audio: { attributes: ['src'], what: 'A recording' },
  video: { attributes: ['src', 'poster'], what: 'A recording' },
  source: { attributes: ['src'], what: 'A recording' },
}
/** Next.js' component of that name loads what its namesake does. */
const NAMESAKES: Readonly<Record<string, string>> = { Script: 'script', Image: 'img' }
const SEEN_ONLY = /^(?:img|audio|video|source)$/
/** Kinds of `link` that are fetched. */
const FETCHED = /^(?:stylesheet|preload|modulepreload|manifest|import|icon|shortcut icon|apple-touch-icon)$/i

export const rule: Rule = {
  id: 'mixed-content',
  practice: 1,
  severity: 'high',
  title: 'A page loads something, or sends a form, without TLS',
  why: 'Whoever is on the way can replace a script that comes by http and read every card number that is typed into the page, and reads what a form sends there. Browsers block much of it, so that the page breaks instead; pictures tell a stranger what somebody looks at.',
  mend: 'Write https://, or keep the file on your own site. `upgrade-insecure-requests` in the Content-Security-Policy helps until all are mended.',
  before: '<script src="http://cdn.shop.io/checkout.js"></script>',
  after: '<script src="https://cdn.shop.io/checkout.js"></script>',
  language: 'html',
  controls: { pci: ['4.2.1'], asvs: ['12.2.1'], gdpr: ['32(1)(a)'] },
  fixes: 'it writes https:// for http://.',
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'lockfile'],
  words: ['http://', 'HTTP://'],
  on: { elements: check },
}

function check(element: Element, scan: FileScan): void {
  const name = NAMESAKES[element.name] ?? element.name
  const loaded = Object.hasOwn(LOADED, name) ? LOADED[name] : undefined
  if (!loaded || scan.isComment(element.start)) return
  if (name === 'link' && !FETCHED.test(attributeOf(element, 'rel')?.value ?? '')) return
  for (const attribute of loaded.attributes) {
    const found = attributeOf(element, attribute)
    const host =
      found &&
      addresses(found)
        .map(plainPublicHost)
        .find((each) => each !== undefined)
    if (!found || host === undefined) continue
    const isSent = loaded.what === 'A form' && attribute !== 'src'
    const fix = fixOf(found, scan)
    scan.report({
      ...(fix ? { fix } : {}),
      at: { start: found.start, end: found.end },
      message: isSent
        ? `A form is sent to ${host} without TLS: use https`
        : `${loaded.what} comes from ${host} without TLS: use https`,
      ...(SEEN_ONLY.test(name) || (name === 'link' && !isStyle(element)) ? { severity: 'low' as const } : {}),
    })
  }
}

/** Over http a browser would not have loaded it from a page that has TLS, so that nothing can be lost. */
function fixOf({ start, end }: Attribute, { file }: FileScan): Fix | undefined {
  const [first, ...more] = file.text.slice(start, end).matchAll(/http(?=:\/\/)/gi)
  if (!first || more.length > 0) return undefined
  const at = start + first.index + first[0].length
  return { what: 'Write https://', edits: [{ start: at, end: at, text: first[0] === 'HTTP' ? 'S' : 's' }] }
}

function isStyle(element: Element): boolean {
  return /stylesheet|preload|import/i.test(attributeOf(element, 'rel')?.value ?? '')
}

function addresses({ name, value, expression }: Attribute): string[] {
  if (expression) return optionsOf(expression).map((option) => shownText(option))
  if (value === undefined) return []
  // Vue: an expression, of which a text alone is known.
  if (/^(?::|v-bind:)/.test(name)) return [/^\s*(['"`])([^'"`$]*)/.exec(value)?.[2] ?? '']
  return /^[^{<%$]*(?:\{\{|<%|\$\{)/.test(value) ? [value.replace(/(?:\{\{|<%|\$\{)[^]*$/, '\u0000')] : [value]
}

import type { Answer } from './ask.ts'
import { leaksIn, type Leak } from './leaks.ts'
import { readPage } from './page-elements.ts'
import type { Probe, Sighting } from './probe.ts'
import { SENT_WORDS } from './provoke.ts'
import type { Site } from './site.ts'

/** What the site tells where something goes wrong. */
export const ERROR_PROBES: readonly Probe[] = [
  {
    id: 'site-error-page-leaks',
    practice: 8,
    severity: 'medium',
    title: 'An error shows a stack, a path, a version, the words of a database, or what was sent',
    why: 'Whoever looks for a way in sends nonsense first and reads what comes back: which framework and version answers, where its files lie, what its tables are called, how its checks are written. A customer can do nothing with it. Pages for developers go further: some of them run code.',
    mend: 'Answer every failure with one fixed sentence and a number by which your own log has the rest. Turn the mode for developers off (`NODE_ENV=production`, `DEBUG = False`, `display_errors = Off`), and register a handler for errors that comes after everything else: for bodies that cannot be read, and for paths that do not exist, too.',
    before: 'HTTP/1.1 400 Bad Request\n\nSyntaxError: Unexpected end of JSON input\n    at JSON.parse (<anonymous>)',
    after: 'HTTP/1.1 400 Bad Request\n\n{"code":400,"msg":"The request cannot be read.","requestId":"8fK2…"}',
    language: 'http',
    controls: { pci: ['6.2.4'], asvs: ['16.5.1', '13.4.2', '13.4.6'], gdpr: ['32(1)(b)'] },
    check: leaksOf,
  },
]

function leaksOf({ page, provoked }: Site): Sighting[] {
  // What the page says anyway, as one about programming does, was not provoked.
  const usual = page.status < 400 ? textOf(page) : ''
  const isNew = ({ text }: Leak): boolean => !usual.includes(text)
  const answers = [...(page.status >= 400 ? [{ by: 'an ordinary request', answer: page } as const] : []), ...provoked]
  return answers.flatMap(({ by, answer }) => {
    const isParsed = by === 'a broken body'
    const text = textOf(answer)
    const leaks = leaksIn(text, isParsed).filter(isNew)
    const echo = isParsed ? SENT_WORDS.find((word) => text.includes(word)) : undefined
    if (echo !== undefined) leaks.push({ what: 'what was sent', severity: 'low', text: around(text, echo) })
    return leaks.map(({ what, severity, text: evidence }) => {
      const message = `The answer (${answer.status}) to ${by} shows ${what}`
      return { url: answer.url, message, evidence, severity }
    })
  })
}

/** As it is read: without tags, or without what JSON adds. */
function textOf({ headers, body }: Answer): string {
  const type = headers.get('content-type')?.[0] ?? ''
  if (/html/i.test(type) || /^\s{0,100}<(?:!doctype|html|head|body|pre|br|b)\b/i.test(body)) return readPage(body).text
  if (!/json/i.test(type) && !/^\s{0,100}[[{"]/.test(body)) return body
  return body.replace(/\\(["\\/nrt])/g, (_whole, sign: string) => ESCAPED[sign] ?? sign)
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function around(text: string, word: string): string {
  const at = text.indexOf(word)
  return text.slice(Math.max(0, at - 40), at + word.length + 40).replace(/\s+/g, ' ')
}

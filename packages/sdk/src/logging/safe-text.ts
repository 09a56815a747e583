import { scrubLog } from '@ucanpay/redaction/scrub-log'

/** Characters of one text. What is longer is cut, after it was scrubbed. */
const LONGEST_TEXT = 4_000
/** More is read than is kept, so that what the cut would go through is still known for what it is. */
const READ = LONGEST_TEXT + 20_000

/** Too short or too plain to hold anything, and times. */
const HARMLESS = /^(?:[A-Za-z][A-Za-z _./-]{0,10}|[0-9]{0,8}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/
/** Texts that are clean, since most of a log is the same over and over. None that held anything is kept. */
const clean = new Set<string>()
const MOST_KEPT = 2_000
const LONGEST_KEPT = 200

/** A text without secrets, of one line: breaks and control characters are written as escapes, so that no line is forged. */
export function safeText(text: string): string {
  if (clean.has(text) || HARMLESS.test(text)) return text
  const scrubbed = oneLine(scrubLog(text.length > READ ? text.slice(0, READ) : text))
  if (scrubbed === text && text.length <= LONGEST_KEPT) {
    if (clean.size >= MOST_KEPT) clean.clear()
    clean.add(text)
  }
  return scrubbed.length > LONGEST_TEXT ? `${scrubbed.slice(0, LONGEST_TEXT)}… [${text.length} characters]` : scrubbed
}

/** C0 and C1 controls, what else breaks lines, and what turns the direction of writing around. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g // eslint-disable-line no-control-regex -- These are what it is about.

function oneLine(text: string): string {
  return text.replace(CONTROLS, (sign) => {
    if (sign === '\n') return '\\n'
    if (sign === '\r') return '\\r'
    if (sign === '\t') return ' '
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

const SHOWN_NAME = /^[A-Za-z_$@][A-Za-z_$.:-]{0,39}[0-9]{0,2}$/

/** The name of a field that was left out. One that does not look like a name may itself be somebody's data. */
export function shownName(name: string): string {
  return SHOWN_NAME.test(name) ? safeText(name) : '[name]'
}

/**
 * The path of an address, without what it hands over and with `:id` for what may be data: only words of letters stay.
 *
 * @param url a path or a whole address, of which the path alone is kept
 */
export function safePath(url: string): string {
  const path =
    url
      .slice(0, 2_048)
      .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
      .split(/[?#]/, 1)[0] ?? ''
  const parts = path
    .split('/')
    .map((part) => (/^(?:[A-Za-z][a-z_-]{0,30}|v[0-9]{1,2}|:[A-Za-z]{1,30}|\*)?$/.test(part) ? part : ':id'))
  return parts.slice(0, 16).join('/')
}

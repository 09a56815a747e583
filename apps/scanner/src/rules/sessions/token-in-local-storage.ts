import type { Sink } from '../../engine/flows/sinks.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { shownText } from '../../engine/values/known-calls.ts'
import { optionsOf, pathsOf, type Value } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'token-in-local-storage',
  practice: 10,
  severity: 'high',
  title: 'A token by which somebody is signed in is kept where every script of the page can read it',
  why: 'Every script of the page reads localStorage, sessionStorage and the cookies that scripts set: an injected one, an advertiser’s, a library that was taken over. It takes the token away, and the attacker is signed in elsewhere, often for weeks after the page was closed.',
  mend: 'Let the server set the token as a cookie with `HttpOnly`, `Secure` and `SameSite`, and send it by `credentials: "same-origin"`. A page that has to hold a short-lived access token keeps it in a variable.',
  before: "localStorage.setItem('token', response.data.token)",
  after:
    "// The server: res.cookie('__Host-session', id, { httpOnly: true, secure: true, sameSite: 'lax' })\nawait fetch('/api/orders', { credentials: 'same-origin' })",
  controls: { pci: ['6.2.4'], asvs: [], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'development'],
  words: ['localStorage', 'sessionStorage', 'ookie'],
  on: {
    sinks: [{ kinds: ['browser-storage'], check: checkSink }],
    calls: [{ to: ['*.put', '*.set', '*.setItem'], check: checkCall }],
  },
}

const TOKEN =
  /(?:^|[^a-z])(?:tokens?|jwt|bearer|session_?id|sid|credentials?|password|passwd|api_?key|secret)(?:[^a-z]|$)|(?:access|auth|id|refresh|bearer|session|user|admin|jwt|api|login|security)[-_. ]?(?:token|jwt)|^(?:authorization|auth)$|(?:api|secret|private)[-_]?key|sessionId/i
const OTHER =
  /csrf|xsrf|(?:push|fcm|device|design|cart|invite|captcha|css|theme|guest|page|next|continuation|public|publishable|payment_?method|color)[-_. ]?(?:token|key)|token[-_. ]?(?:type|expir\w*|count|list|price|symbol|address|balance|ttl|time)|(?:expir|remove|clear|has|is|need|show|reset|forgot|hide)[-_a-z. ]*(?:token|password|jwt)/i

// Angular and others hand these over by name.
const BY_NAME = /(?:^|[.~])_?(?:ngxCookieService|cookieService|\$cookies|\$cookieStore|\$localStorage)\.(?:put|set)$/i

function checkCall({ node, callee, args }: CallSite, scan: CodeScan): void {
  if (callee.kind === 'named' && BY_NAME.test(callee.path)) checkKept({ key: args[0], kept: args[1], node }, scan)
}

function checkSink({ path, node, value }: Sink, scan: CodeScan): void {
  if (node.type === 'AssignmentExpression') {
    if (path === 'document.cookie') checkCookieText(value, node, scan)
    else if (isToken(path.replace(/^.*\./, ''))) checkKept({ key: undefined, kept: value, node, name: path }, scan)
    return
  }
  if (node.type !== 'CallExpression') return
  const [first, second] = node.arguments
  if (!first || !second) return
  checkKept({ key: scan.valueOf(first), kept: scan.valueOf(second), node }, scan)
}

function checkCookieText(value: Value, node: Node, scan: CodeScan): void {
  const text = shownText(value)
  const equals = text.indexOf('=')
  if (equals < 1 || !isToken(text.slice(0, equals).trim())) return
  const rest = text.slice(equals + 1)
  if (rest === '' || rest.startsWith(';') || /max-age=(?:0|-)|1970/i.test(rest)) return
  report(node, scan)
}

interface Kept {
  readonly key: Value | undefined
  readonly kept: Value | undefined
  readonly node: Node
  readonly name?: string
}

function checkKept({ key, kept, node, name }: Kept, scan: CodeScan): void {
  if (!kept || isEmpty(kept)) return
  const text = key ? shownText(key, '') : (name ?? '')
  const keyText = text === '' && key ? pathsOf(key).map(last).join(' ') : text
  if (OTHER.test(spaced(keyText))) return
  if (isToken(keyText.replace(/^.*[.:/]/, '')) || pathsOf(kept).some((path) => isToken(last(path)))) report(node, scan)
}

function isEmpty(value: Value): boolean {
  return optionsOf(value).every(
    (option) =>
      option.kind === 'constant' &&
      (typeof option.value !== 'string' || option.value.length < 6 || /^(?:undefined|false)$/.test(option.value)),
  )
}

function isToken(name: string): boolean {
  const text = spaced(name)
  return TOKEN.test(text) && !OTHER.test(text)
}

function last(path: string): string {
  return path.replace(/\(\)$/, '').replace(/^.*[.~]/, '')
}

/** `accessToken` as `access Token`. */
function spaced(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2')
}

function report(node: Node, scan: CodeScan): void {
  scan.report({ at: scan.placeOf(node) })
}

import { COOKIE_CALLS, COOKIE_WORDS, cookieOf, flagOff, signsIn, type Cookie } from '../../engine/flows/cookies.ts'
import { isForStage } from '../../engine/flows/development-only.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { optionsOf, pathsOf, type Member } from '../../engine/values/value.ts'

const FASTIFY = /^(?:@fastify\/session|fastify-session)(?:\.\w+)?$/

export const rule: Rule = {
  id: 'cookie-samesite-none',
  practice: 11,
  severity: 'medium',
  title: 'A cookie by which somebody is signed in is sent with requests that other sites cause',
  why: 'With `SameSite=None` the browser adds the cookie to a form that any other page submits: an order, a refund, a new address, in the name of whoever is signed in. Without `Secure`, browsers drop such a cookie altogether.',
  mend: "Set `sameSite: 'lax'` (or 'strict'), and serve the shop and its API from one site, such as shop.example.com and api.example.com. Where another site has to be let in, ask for a token against forged requests as well.",
  before: "res.cookie('session', id, { httpOnly: true, secure: true, sameSite: 'none' })",
  after: "res.cookie('__Host-session', id, { httpOnly: true, secure: true, sameSite: 'lax' })",
  controls: { pci: ['6.2.4'], asvs: ['3.3.2'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'development'],
  words: COOKIE_WORDS,
  on: {
    calls: [
      { to: COOKIE_CALLS, check },
      { to: ['*.register'], check: checkRegister },
    ],
  },
}

function check(call: CallSite, scan: CodeScan): void {
  const cookie = cookieOf(call, scan)
  if (!cookie?.options) return
  const none = noneOf(scan.members(cookie.options, 'sameSite'))
  if (!none) return
  const isPlain = flagOff(cookie, 'secure', { call, scan }) !== undefined
  if (isPlain || (signsIn(cookie) && !hasTokens(scan))) report(none, { isPlain, cookie, scan })
}

/** Fastify takes the options of the session with the plug-in. */
function checkRegister(call: CallSite, scan: CodeScan): void {
  const [plugin, options] = call.args
  if (!plugin || !options || !pathsOf(plugin).some((path) => FASTIFY.test(path))) return
  for (const { value } of scan.members(options, 'cookie')) {
    const cookie: Cookie = { about: 'session', isSession: true, defaults: ['secure', 'httpOnly'], options: value }
    const none = noneOf(scan.members(value, 'sameSite'))
    const isPlain = flagOff(cookie, 'secure', { call, scan }) !== undefined
    if (none && (isPlain || !hasTokens(scan))) report(none, { isPlain, cookie, scan })
  }
}

/** Where it is none for certain, outside of development. */
function noneOf(members: readonly Member[]): Member | undefined {
  const [latest] = members
  if (!latest) return undefined
  const options = members.flatMap(({ value }) => optionsOf(value))
  const isNone = options.every(
    (option) => option.kind === 'constant' && /^none$/i.test(String(option.value)) && !isForStage(option.origin),
  )
  return isNone ? latest : undefined
}

/** Forged requests are refused by a token where one is asked for. */
function hasTokens(scan: CodeScan): boolean {
  return /csurf|csrf|xsrf|lusca/i.test(scan.file.text)
}

function report(
  { origin }: Member,
  { isPlain, cookie, scan }: { isPlain: boolean; cookie: Cookie; scan: CodeScan },
): void {
  const which = cookie.isSession ? 'The cookie of the session' : 'A cookie'
  scan.report({
    at: scan.placeOf(origin),
    message: isPlain
      ? `${which} has SameSite=None without Secure: browsers drop it, and older ones send it with every forged request`
      : 'SameSite=None lets other sites send requests in the name of whoever is signed in: use lax',
  })
}

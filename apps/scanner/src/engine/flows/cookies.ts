import type { Fix } from '../fix.ts'
import type { CallSite, CodeScan } from '../scan/code-scan.ts'
import { shownText } from '../values/known-calls.ts'
import { fixMissingMember, fixWrittenValue } from '../values/literal-fix.ts'
import { optionsOf, pathsOf, type Origin, type Value } from '../values/value.ts'

/** A cookie that the program sets, or that a session library sets for it. */
export interface Cookie {
  /** Its name and what is put into it, as far as they are known: words to judge by. */
  readonly about: string
  /** Where its flags are; undefined where none are given. */
  readonly options: Value | undefined
  readonly isSession: boolean
  /** Flags that the library sets where they are not given. */
  readonly defaults: readonly Flag[]
}

export type Flag = 'secure' | 'httpOnly'

/** A flag that is not set, and where that is to be mended. */
export interface MissingFlag {
  readonly at: Origin | CallSite['node']
  readonly isExplicit: boolean
  /** Sets it, where the flags are written out. */
  readonly fix?: Fix
}

interface SessionLibrary {
  readonly options: number
  /** The option that holds the cookie's flags; the options themselves where absent. */
  readonly within?: string
  readonly defaults: readonly Flag[]
}

const SESSIONS: Readonly<Record<string, SessionLibrary>> = {
  'express-session': { options: 0, within: 'cookie', defaults: ['httpOnly'] },
  // It follows the connection where `secure` is not given.
  'cookie-session': { options: 0, defaults: ['secure', 'httpOnly'] },
  'koa-session': { options: 0, defaults: ['httpOnly', 'secure'] },
  'koa-generic-session': { options: 0, within: 'cookie', defaults: ['httpOnly', 'secure'] },
  'iron-session.getIronSession': { options: 2, within: 'cookieOptions', defaults: ['secure', 'httpOnly'] },
  'next-iron-session.withIronSession': { options: 1, within: 'cookieOptions', defaults: ['secure', 'httpOnly'] },
}

const SETTERS: readonly { readonly path: RegExp; readonly name: number }[] = [
  { path: /^(?:@response|@reply|~res|~response|~reply)(?:\.\w+\(\))*\.(?:cookie|setCookie)$/, name: 0 },
  { path: /^@(?:ctx|request)\.cookies\.set$|^next\/headers\.cookies\(\)\.set$/, name: 0 },
  {
    path: /^(?:@response|~res|~response|next\/server\.NextResponse\.\w+\(\)|new next\/server\.NextResponse)\.cookies\.set$/,
    name: 0,
  },
  { path: /^cookie\.serialize$/, name: 0 },
  { path: /^(?:hono\/cookie|h3)\.setCookie$/, name: 1 },
]

/** The calls that set cookies, for `calls` of a rule. */
export const COOKIE_CALLS: readonly string[] = [
  ...Object.keys(SESSIONS),
  '*.cookie',
  '*.setCookie',
  '*.set',
  'cookie.serialize',
]
/** Words of which a file that sets cookies has one. */
export const COOKIE_WORDS: readonly string[] = ['cookie', 'Cookie', 'session']

/** Names of cookies by which somebody is signed in. Those against forged requests are read by scripts on purpose. */
const SIGNS_IN = /sess|(?:^|[^a-z])sid(?:[^a-z]|$)|token|jwt|auth|bearer|refresh|login|remember/i
const IS_FOR_SCRIPTS = /csrf|xsrf|public|authori[sz]ed_|author(?!i)|is_?log|logged_?in|expir/i

/** Whether somebody is signed in by it. */
export function signsIn({ isSession, about }: Cookie): boolean {
  return isSession || (SIGNS_IN.test(about) && !IS_FOR_SCRIPTS.test(about))
}

/** The cookie that a call sets; undefined where it sets none, or takes one back. */
export function cookieOf(call: CallSite, scan: CodeScan): Cookie | undefined {
  const library = SESSIONS[call.path]
  if (library) return sessionCookie(call, library, scan)
  const path = call.callee.kind === 'named' ? call.callee.path : call.path
  const setter = SETTERS.find((each) => each.path.test(path))
  if (!setter) return undefined
  const [name, value, options] = call.args.slice(setter.name)
  if (!name) return undefined
  // Next.js takes one object as well.
  if (name.kind === 'object') {
    return { about: words(scan.member(name, 'name')), options: name, isSession: false, defaults: [] }
  }
  if (!value || isNothing(value) || (options && isTakenBack(options, scan))) return undefined
  const known = words(name)
  const about = known === '' ? words(value) : known
  // Koa signs its own, sets `httpOnly` where it is not given, and lets `secure` follow the connection.
  const defaults: Flag[] = path.startsWith('@ctx') ? ['httpOnly', 'secure'] : []
  return { about, options, isSession: false, defaults }
}

function sessionCookie(call: CallSite, library: SessionLibrary, scan: CodeScan): Cookie | undefined {
  const given = call.args[library.options]
  const base = { about: 'session', isSession: true, defaults: library.defaults }
  if (!given) return { ...base, options: undefined }
  if (library.within === undefined) return { ...base, options: given }
  const members = scan.members(given, library.within)
  const [first] = members
  if (first) return { ...base, options: first.value }
  return scan.memberNames(given).open || given.kind !== 'object' ? undefined : { ...base, options: undefined }
}

function isNothing(value: Value): boolean {
  return value.kind === 'constant' && (value.value === '' || value.value === null || value.value === undefined)
}

/** It is set to expire at once. */
function isTakenBack(options: Value, scan: CodeScan): boolean {
  return scan.members(options, 'maxAge').some(({ value }) => value.kind === 'constant' && Number(value.value) <= 0)
}

function words(value: Value): string {
  const text = shownText(value, '')
  return text === '' ? pathsOf(value).join(' ') : text
}

/** Where a flag is off for certain; undefined where it is on, or may be. */
export function flagOff(
  cookie: Cookie,
  flag: Flag,
  { call, scan }: { readonly call: CallSite; readonly scan: CodeScan },
): MissingFlag | undefined {
  const missing = cookie.defaults.includes(flag) ? undefined : { at: call.node, isExplicit: false }
  const { options } = cookie
  if (!options) return missing
  if (options.kind === 'constant') return options.value === undefined ? missing : undefined
  const members = scan.members(options, flag)
  const [latest] = members
  if (latest) {
    const isOff = members.every(({ value }) => optionsOf(value).every(isFalse))
    if (!isOff) return undefined
    const fix = members.length === 1 ? fixWrittenValue(latest.origin, 'true') : undefined
    return { at: latest.origin, isExplicit: true, ...(fix ? { fix } : {}) }
  }
  const isWhole = optionsOf(options).every((option) => option.kind === 'object' && !scan.memberNames(option).open)
  if (!isWhole || !missing) return undefined
  const fix = fixMissingMember(options, `${flag}: true`, scan.module)
  return { ...missing, ...(fix ? { fix } : {}) }
}

function isFalse(value: Value): boolean {
  return value.kind === 'constant' && (value.value === false || value.value === 0 || value.value === null)
}

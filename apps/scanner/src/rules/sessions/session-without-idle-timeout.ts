import { isForStage } from '../../engine/flows/development-only.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, pathsOf, type Member, type Value } from '../../engine/values/value.ts'

interface Library {
  readonly options: number
  /** The option that holds the cookie's; the options themselves where absent. */
  readonly within?: string
  readonly unitMs: number
  /** Whether a session lasts for as long as the browser is open, or longer, where nothing is given. */
  readonly isEndless: boolean
}

const LIBRARIES: Readonly<Record<string, Library>> = {
  'express-session': { options: 0, within: 'cookie', unitMs: 1, isEndless: true },
  'cookie-session': { options: 0, unitMs: 1, isEndless: true },
  'koa-session': { options: 0, unitMs: 1, isEndless: false },
  'koa-generic-session': { options: 0, within: 'cookie', unitMs: 1, isEndless: false },
  'iron-session.getIronSession': { options: -1, within: 'cookieOptions', unitMs: 1_000, isEndless: false },
  'next-auth': { options: -1, within: 'session', unitMs: 1_000, isEndless: false },
}
const FASTIFY = /^(?:@fastify\/session|fastify-session)(?:\.\w+)?$/
const FASTIFY_SESSION: Library = { options: 1, within: 'cookie', unitMs: 1, isEndless: true }

export const rule: Rule = {
  id: 'session-without-idle-timeout',
  practice: 10,
  severity: 'medium',
  title: 'A session does not end when nobody uses it',
  why: 'Whoever sits down at a browser that was left open, or finds the cookie in a backup or on a lost machine, is signed in as its owner, days later as well. PCI DSS asks that whoever can reach card data signs in again after 15 minutes without activity.',
  mend: 'Set `maxAge` of the cookie to 15 minutes with `rolling: true`, so that each request begins it anew, and end every session after 12 hours on the server.',
  before: 'app.use(session({ secret, cookie: { maxAge: 30 * 24 * 3600 * 1000 } }))',
  after: 'app.use(session({ secret, rolling: true, cookie: { maxAge: 15 * 60 * 1000 } }))',
  controls: { pci: ['8.2.8'], asvs: ['7.3.1', '7.3.2'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'development'],
  words: ['ession', 'next-auth'],
  on: {
    calls: [
      { to: Object.keys(LIBRARIES), check: checkLibrary },
      { to: ['*.register'], check: checkRegister },
    ],
  },
}

/** The longest that a session lasts in all; the idle time-out is shorter than that in any case. */
const LONGEST_MS = 12 * 3_600_000
/** Where the program ends sessions by itself. */
const ENDS_BY_ITSELF =
  /session\.cookie\.(?:maxAge|expires)|last_?(?:activity|active|seen|access|used)|idle_?(?:timeout|time|limit|ms|s)|inactiv|session_?timeout|expires_?at/i

function checkLibrary(call: CallSite, scan: CodeScan): void {
  const library = LIBRARIES[call.path]
  if (library) check(call, library, scan)
}

function checkRegister(call: CallSite, scan: CodeScan): void {
  const [plugin] = call.args
  if (plugin && pathsOf(plugin).some((path) => FASTIFY.test(path))) check(call, FASTIFY_SESSION, scan)
}

function check(call: CallSite, library: Library, scan: CodeScan): void {
  const options = call.args.at(library.options)
  if (!options) {
    if (library.isEndless) reportMissing(call.node, scan)
    return
  }
  const holders =
    library.within === undefined ? [options] : scan.members(options, library.within).map(({ value }) => value)
  const times = holders.flatMap((holder) => [...scan.members(holder, 'maxAge'), ...scan.members(holder, 'expires')])
  if (times.length > 0) {
    for (const time of scan.members(holders[0] ?? options, 'maxAge')) checkTime(time, library, scan)
    return
  }
  if (!library.isEndless || [options, ...holders].some((each) => isOpen(each, scan))) return
  if (storeEnds(options, scan)) return
  reportMissing(call.node, scan)
}

function isOpen(value: Value, scan: CodeScan): boolean {
  return optionsOf(value).some((option) => option.kind !== 'object') || scan.memberNames(value).open
}

function checkTime({ value, origin }: Member, { unitMs }: Library, scan: CodeScan): void {
  for (const option of optionsOf(value)) {
    if (option.kind !== 'constant' || isForStage(option.origin)) continue
    const { value: age } = option
    if (age === null || age === 'session') reportMissing(origin.node, scan)
    if (typeof age !== 'number' || age * unitMs <= LONGEST_MS) continue
    const hours = Math.round((age * unitMs) / 3_600_000)
    scan.report({
      at: scan.placeOf(origin),
      message: `A session lasts ${hours >= 48 ? `${Math.round(hours / 24)} days` : `${hours} hours`} without being used: 15 minutes are due, and 12 hours in all`,
    })
  }
}

/** Whether the place where sessions are kept forgets them after a time of its own. */
function storeEnds(options: Value, scan: CodeScan): boolean {
  return scan.members(options, 'store').some(({ value }) =>
    optionsOf(value).some((store) => {
      if (store.kind !== 'named' || (store.via !== 'new' && store.via !== 'call')) return true
      // Made by a function that is not known here.
      if (store.via === 'call' && (store.args ?? []).length === 0) return true
      return (store.args ?? []).some((arg) =>
        ['ttl', 'expiration', 'ttlMs', 'checkExpirationInterval', 'expire'].some(
          (name) => scan.members(arg, name).length > 0,
        ),
      )
    }),
  )
}

function reportMissing(node: Node, scan: CodeScan): void {
  if (ENDS_BY_ITSELF.test(scan.file.text)) return
  scan.report({
    at: scan.placeOf(node),
    message: 'The session has no time after which it ends unused: set maxAge (15 minutes) and rolling',
  })
}

import type { Probe, Sighting } from './probe.ts'
import type { Site } from './site.ts'

/** In all, however busy somebody is: a working day, as in practice 10. */
const LONGEST_SESSION_S = 12 * 3600

/** How the cookies are that the site sets before anybody has signed in. */
export const COOKIE_PROBES: readonly Probe[] = [
  {
    id: 'site-cookie-flags',
    practice: 11,
    severity: 'medium',
    title: 'A cookie is sent without Secure, or one of a session without HttpOnly',
    why: 'A cookie without Secure goes over plain HTTP as well, where it is read on the way. One of a session without HttpOnly is read by any script that gets into the page, and whoever has it is the customer.',
    mend: 'Set `Secure; HttpOnly; SameSite=Lax` (or Strict), and a name with `__Host-`.',
    before: 'set-cookie: sid=…',
    after: 'set-cookie: __Host-sid=…; Path=/; Secure; HttpOnly; SameSite=Lax',
    language: 'http',
    controls: { pci: ['6.2.4'], asvs: ['3.3.1', '3.3.4'], gdpr: ['32(1)(b)'] },
    check: (site) => eachCookie(site, missingFlags),
  },
  {
    id: 'site-session-cookie-lifetime',
    practice: 10,
    severity: 'medium',
    title: 'The cookie of a session lives longer than twelve hours',
    why: 'A browser keeps such a cookie on its disk when it is closed: whoever sits down at the machine next, or takes it away, is the customer, and so is a copy of the cookie for as long as it lives.',
    mend: 'Leave `Max-Age` and `Expires` out, so that the cookie goes with the browser, and end the session on the server: after 15 minutes in which nothing came, and after 12 hours in all.',
    before: 'set-cookie: __Host-sid=…; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000',
    after: 'set-cookie: __Host-sid=…; Path=/; Secure; HttpOnly; SameSite=Lax',
    language: 'http',
    controls: { pci: ['8.2.8'], asvs: ['7.3.2'], gdpr: ['32(1)(b)'] },
    check: (site) => eachCookie(site, lifetimeFault),
  },
  {
    id: 'site-cookie-samesite',
    practice: 11,
    severity: 'medium',
    title: 'The cookie of a session is sent with requests that other sites cause',
    why: 'With `SameSite=None` the browser adds the cookie to a form that any other page submits: an order, a refund, a new address, in the name of whoever is signed in. Where nothing is said, some browsers take it for `Lax` and some for `None`.',
    mend: 'Set `SameSite=Lax` (or `Strict`), and serve the shop and its API from one site. Where another site has to be let in, ask for a token against forged requests as well.',
    before: 'set-cookie: sid=…; Secure; HttpOnly; SameSite=None',
    after: 'set-cookie: __Host-sid=…; Path=/; Secure; HttpOnly; SameSite=Lax',
    language: 'http',
    controls: { pci: ['6.2.4'], asvs: ['3.3.2'], gdpr: ['32(1)(b)'] },
    check: (site) => eachCookie(site, sameSiteFault),
  },
]

const OF_A_SESSION = /sess|sid$|auth(?!or)|token|jwt|login/i
/** One that a script has to read, as against forgery, is no session. */
const FOR_SCRIPTS = /csrf|xsrf/i

interface Cookie {
  readonly name: string
  readonly isSession: boolean
  /** By lower-case name; `true` where there is no value. */
  readonly attributes: ReadonlyMap<string, string | true>
  readonly now: Date
}

type Fault = Omit<Sighting, 'url' | 'evidence'>

/** Every cookie that is set on the way to the page and is not taken back; a name once. Its value is never shown. */
function eachCookie({ visited, now }: Site, faultsOf: (cookie: Cookie) => readonly Fault[]): Sighting[] {
  const known = new Set<string>()
  return visited.flatMap(({ url, headers }) =>
    (headers.get('set-cookie') ?? []).flatMap((line) => {
      const [pair = '', ...parts] = line.split(';')
      const name = pair.split('=')[0]?.trim() ?? ''
      const attributes = new Map(parts.map(attributeOf))
      const cookie = { name, isSession: OF_A_SESSION.test(name) && !FOR_SCRIPTS.test(name), attributes, now }
      const left = lifetimeOf(cookie)
      if (known.has(name) || (left !== undefined && left <= 0)) return []
      known.add(name)
      // Of a date that moves with the clock a finding would never be the same one.
      const shown = parts.map((part) => (/^\s*expires=/i.test(part) ? ' Expires=…' : part))
      const evidence = [`set-cookie: ${name}=[masked]`, ...shown].join(';')
      return faultsOf(cookie).map((fault) => ({ url, evidence, ...fault }))
    }),
  )
}

function attributeOf(part: string): readonly [string, string | true] {
  const at = part.indexOf('=')
  return at < 0
    ? [part.trim().toLowerCase(), true]
    : [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]
}

/** In seconds; `Max-Age` wins over `Expires` (RFC 6265, 5.3). Undefined where it goes with the browser. */
function lifetimeOf({ attributes, now }: Omit<Cookie, 'isSession'>): number | undefined {
  const age = attributes.get('max-age')
  if (typeof age === 'string' && /^-?\d+$/.test(age)) return Number(age)
  const expires = attributes.get('expires')
  const date = typeof expires === 'string' ? Date.parse(expires) : Number.NaN
  return Number.isNaN(date) ? undefined : (date - now.getTime()) / 1000
}

function missingFlags({ name, isSession, attributes }: Cookie): Fault[] {
  const wanted = ['Secure', ...(isSession ? ['HttpOnly'] : [])]
  return wanted
    .filter((flag) => !attributes.has(flag.toLowerCase()))
    .map((flag) => ({ message: `The cookie ${name} is without ${flag}` }))
}

function lifetimeFault(cookie: Cookie): Fault[] {
  const seconds = lifetimeOf(cookie)
  // A minute more is a clock that differs.
  if (!cookie.isSession || seconds === undefined || seconds <= LONGEST_SESSION_S + 60) return []
  return [{ message: `The cookie ${cookie.name} lives for ${wordsFor(seconds)}` }]
}

function wordsFor(seconds: number): string {
  const hours = Math.round(seconds / 3600)
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`
}

function sameSiteFault({ name, isSession, attributes }: Cookie): Fault[] {
  const value = attributes.get('samesite')
  if (!isSession || (typeof value === 'string' && /^(?:lax|strict)$/i.test(value))) return []
  if (typeof value === 'string' && /^none$/i.test(value)) return [{ message: `The cookie ${name} has SameSite=None` }]
  return [{ message: `The cookie ${name} is without SameSite`, severity: 'low' }]
}

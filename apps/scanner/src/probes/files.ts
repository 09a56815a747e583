import type { Severity } from '../engine/severity.ts'
import { isPage, type Answer } from './ask.ts'
import type { SECRET_FILES } from './budget.ts'
import type { Probe, Sighting } from './probe.ts'
import type { Site } from './site.ts'

/** Files that a site ought to serve, and ones that it must not. */
export const FILE_PROBES: readonly Probe[] = [
  {
    id: 'site-serves-secret-file',
    practice: 3,
    severity: 'critical',
    title: 'A file of the project that is nobody’s business is served',
    why: 'Programs ask every host of the internet for these files, all day. `.env` has the keys themselves; `.git` gives the whole source with everything that was ever committed; a dump of the database has the customers.',
    mend: 'Roll every key that was in it, since it has to be taken as known. Then serve a folder that holds public files alone, not the folder of the project, and refuse names that begin with a dot.',
    before: 'server { root /srv/shop; }',
    after: 'server { root /srv/shop/public; location ~ /\\.(?!well-known) { return 404; } }',
    language: 'nginx',
    controls: { pci: ['6.2.4', '8.6.2'], asvs: ['13.4.1', '13.4.7'], gdpr: ['32(1)(b)'] },
    check: ({ files }) => files.flatMap(servedFault),
  },
  {
    id: 'site-security-txt',
    practice: 14,
    severity: 'low',
    title: 'security.txt is missing, has expired, or names nobody',
    why: 'Whoever finds a hole and means well looks there for whom to tell (RFC 9116). Where there is nothing, they give up, or tell everybody.',
    mend: 'Serve `/.well-known/security.txt` as plain text, with a `Contact` (an address that begins with `mailto:` or `https:`) and one `Expires` within a year, and renew it before that day.',
    before: 'HTTP/1.1 404 Not Found',
    after: 'Contact: mailto:security@shop.example\nExpires: 2027-06-30T00:00:00Z',
    language: 'text',
    controls: { pci: ['6.3.1'], asvs: [], gdpr: ['32(1)(d)'] },
    check: securityTextFaults,
  },
]

interface FileForm {
  readonly what: string
  readonly severity: Severity
  /** What of the text shows that it is such a file; nothing that is secret. */
  readonly evidence: (text: string) => string | undefined
}

const GIT = { what: 'The folder .git is served', severity: 'high' } as const

const FORMS: Readonly<Record<(typeof SECRET_FILES)[number], FileForm>> = {
  '/.env': { what: 'A file of settings is served', severity: 'critical', evidence: settingsIn },
  '/.git/HEAD': {
    ...GIT,
    evidence: (text) => /^(?:ref: refs\/[\w./-]{1,200}|[\da-f]{40})\s{0,9}$/.exec(text)?.[0].trim(),
  },
  '/.git/config': { ...GIT, evidence: (text) => /^\s{0,99}\[core\]/m.exec(text.slice(0, 4_000))?.[0].trim() },
  '/backup.sql': {
    what: 'A dump of a database is served',
    severity: 'critical',
    evidence: (text) =>
      /^(?:-- (?:MySQL dump|MariaDB dump|PostgreSQL database dump|phpMyAdmin SQL Dump)|PGDMP|(?:CREATE TABLE|INSERT INTO|DROP TABLE IF EXISTS|COPY) [`"\w.]{1,100})/im.exec(
        text,
      )?.[0],
  },
}

/** By what is in it: applications answer every path with their page and 200. */
function servedFault(answer: Answer): Sighting[] {
  const { url, status, body } = answer
  if (status !== 200 || isPage(answer) || /^\s{0,99}</.test(body)) return []
  const { pathname } = new URL(url)
  const form = Object.entries(FORMS).find(([path]) => path === pathname)?.[1]
  const evidence = form?.evidence(body)
  return form === undefined || evidence === undefined
    ? []
    : [{ url, message: form.what, evidence, severity: form.severity }]
}

/** The names of the first settings, without what they are set to; undefined where the text is none of settings. */
function settingsIn(text: string): string | undefined {
  const lines = text
    .slice(0, 8_000)
    .split('\n')
    .slice(0, 40)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const names = lines.flatMap((line) => /^(?:export )?([A-Za-z_]\w{0,99}) ?=/.exec(line)?.[1] ?? [])
  // Some values go over several lines.
  if (names.length === 0 || names.length * 2 < lines.length) return undefined
  return names
    .slice(0, 3)
    .map((name) => `${name}=…`)
    .join(' ')
}

function securityTextFaults({ origin, now, securityText }: Site): Sighting[] {
  if (!securityText) return []
  const url = `${origin}/.well-known/security.txt`
  const fault = (message: string, evidence = ''): Sighting => ({ url, message, evidence })
  const { status, body } = securityText
  const fields = fieldsOf(body)
  const isThere = status === 200 && !isPage(securityText) && !/^\s{0,99}</.test(body)
  if (!isThere || fields.length === 0) return [fault('There is no security.txt')]
  const valuesOf = (wanted: string): string[] => fields.filter(([name]) => name === wanted).map(([, value]) => value)
  const [expires, ...more] = valuesOf('expires')
  const date = Date.parse(expires ?? '')
  const faults: Sighting[] = []
  if (!valuesOf('contact').some((value) => /^[a-z][a-z0-9+.-]{0,20}:\S/i.test(value)))
    faults.push(fault('security.txt is without a Contact that is an address'))
  const line = `Expires: ${expires}`
  if (expires === undefined) faults.push(fault('security.txt is without Expires'))
  else if (Number.isNaN(date) || more.length > 0)
    faults.push(fault('security.txt is without one Expires that is a date', line))
  else if (date < now.getTime()) faults.push(fault('security.txt has expired', line))
  return faults
}

const MOST_FIELDS = 200

/** Names in lower case; what is signed is read without checking the signature. */
function fieldsOf(text: string): (readonly [name: string, value: string])[] {
  return text
    .slice(0, 65_536)
    .split(/\r?\n/)
    .flatMap((line) => {
      const match =
        /^(contact|expires|encryption|acknowledgments|preferred-languages|canonical|policy|hiring|csaf):\s*(.*)$/i.exec(
          line,
        )
      return match ? [[(match[1] ?? '').toLowerCase(), (match[2] ?? '').trim()] as const] : []
    })
    .slice(0, MOST_FIELDS)
}

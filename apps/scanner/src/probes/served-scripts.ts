import type { Rule } from '../engine/rule.ts'
import type { Report } from '../engine/scan/file-scan.ts'
import { rule as secretInSource } from '../rules/api-keys/secret-in-source.ts'
import { rule as cardNumberInFile } from '../rules/sealed-before-storage/card-number-in-file.ts'
import type { Probe, Sighting } from './probe.ts'
import type { Site } from './site.ts'

const MOST_OF_ONE = 5
const SHOWN_AROUND = 40

/** What every visitor can read of the page and its scripts. */
export const SCRIPT_PROBES: readonly Probe[] = [
  {
    id: 'site-secret-in-script',
    practice: 3,
    severity: 'critical',
    title: 'A secret key is served to everybody',
    why: 'What is in a page, a script or a source map is in the hands of every visitor, and of the programs that do nothing else but look for keys there. With a secret key they take payments back, read customers’ data, or send mail in your name.',
    mend: 'Revoke or roll the key first, since it has to be taken as known. Then keep it on the server, let the browser ask the server, and give the browser a publishable key alone.',
    before: "const client = new UCanPay({ key: 'ucp_sk_live_…' }) // in app.js",
    after: "await fetch('/orders', { method: 'POST', body }) // the server has the key",
    controls: { pci: ['8.6.2', '6.2.4'], asvs: ['13.3.1'], gdpr: ['32(1)(b)'] },
    // One of Google's is made to stand in a page: what it may be used for is bound to the site.
    check: (site) => foundBy(secretInSource, site).filter(({ secret = '' }) => !secret.startsWith('AIza')),
  },
  {
    id: 'site-card-number-served',
    practice: 6,
    severity: 'critical',
    title: 'A full card number is served to everybody',
    why: 'A card number in a page, a script or a source map is public from the first visit on, and stays in caches and archives when it is gone from the site. It has to be reported as lost.',
    mend: 'Take it out, find out how it came there (test data from a real order, a log, a copy of the database), and tell your acquirer. Use published test cards in examples.',
    before: "const demo = { card: '4929 1234 …' }",
    after: "const demo = { card: '4242 4242 4242 4242' }",
    controls: { pci: ['3.4.1', '3.5.1'], asvs: ['14.2.4'], gdpr: ['5(1)(f)', '32(1)(a)'] },
    check: (site) => foundBy(cardNumberInFile, site),
  },
  {
    id: 'site-source-map-published',
    practice: 14,
    severity: 'low',
    title: 'A source map is served with the sources in it',
    why: 'It gives everybody the sources as they were written: comments, names, addresses of other systems, code that is turned off. It is no hole by itself, and browsers do not need it; whoever looks for a hole reads it first.',
    mend: 'Build source maps for your error tracking alone (`hidden` in Vite, webpack and Rolldown), and do not upload them with the scripts.',
    before: 'const build = { sourcemap: true }',
    after: "const build = { sourcemap: 'hidden' } // and *.map is not uploaded",
    controls: { pci: ['6.2.4'], asvs: ['13.4.7'], gdpr: [] },
    check: ({ scripts }) =>
      scripts.flatMap(({ answer, map }) => {
        if (!map || !/"mappings"\s{0,9}:/.test(map.text) || !(holdsSources(map.text) || map.isCut)) return []
        const name = new URL(answer.url).pathname
        return [{ url: map.url, message: `The source map of ${name} is served to everybody`, evidence: '' }]
      }),
  },
]

function holdsSources(map: string): boolean {
  return /"sourcesContent"\s{0,9}:\s{0,9}\[(?:\s{0,9}null\s{0,9},){0,999}\s{0,9}"/.test(map)
}

/** What a rule for code finds in what is served; a secret that comes more than once is told once. */
function foundBy(rule: Rule, { page, scripts }: Site): Sighting[] {
  const served = [
    { url: page.url, text: page.body },
    ...scripts.flatMap(({ answer, map }) => [
      { url: answer.url, text: answer.body },
      ...(map ? [{ url: map.url, text: unescaped(map.text) }] : []),
    ]),
  ]
  const known = new Set<string>()
  return served.flatMap(({ url, text }) => {
    const found: Sighting[] = []
    for (const { at, message = rule.title, severity = rule.severity } of reportsOf(rule, text)) {
      const secret = text.slice(at.start, at.end)
      if (known.has(secret) || found.length >= MOST_OF_ONE || isWithinData(text, at.start)) continue
      known.add(secret)
      const before = text.slice(Math.max(0, at.start - SHOWN_AROUND), at.start)
      const after = text.slice(at.end, at.end + SHOWN_AROUND)
      const evidence = `${before}${secret}${after}`.replace(/[\r\n\t]/g, ' ')
      found.push({ url, message: message.replace('in the file', 'in what is served'), evidence, secret, severity })
    }
    return found
  })
}

function reportsOf(rule: Rule, text: string): Report[] {
  const reports: Report[] = []
  rule.on.text?.check({
    file: { path: 'served.js', text, kind: 'code', contexts: new Set() },
    isFor: () => false,
    isComment: () => false,
    hasNear: () => false,
    // A script is often one line of a megabyte.
    lineAt: (offset) => text.slice(Math.max(0, offset - 200), offset + 200),
    report: (report) => reports.push(report),
  })
  return reports
}

/** Within a picture or a program that is written as base64, any letters come up sometime. */
function isWithinData(text: string, at: number): boolean {
  return /[0-9A-Za-z+/]{60}$/.test(text.slice(Math.max(0, at - 60), at))
}

/** A source map is JSON: a line's end within it is two signs. */
function unescaped(json: string): string {
  return json.replace(/\\(["\\/nrt])/g, (_whole, sign: string) => (/[nrt]/.test(sign) ? '\n' : sign))
}

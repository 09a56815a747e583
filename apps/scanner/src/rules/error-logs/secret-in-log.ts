import { sensitiveVariables } from '../../engine/flows/named-variables.ts'
import type { SourceHit } from '../../engine/flows/sources.ts'
import type { Sink } from '../../engine/flows/sinks.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'

export const rule: Rule = {
  id: 'secret-in-log',
  practice: 9,
  severity: 'high',
  title: 'A password, key or token is written to a log',
  why: 'Whoever reads the log, its copies or the collector that it goes to can sign in or pay as its owner. A secret in a log is used long after, because nobody knows that it is there.',
  mend: 'Log who it belongs to, or the identifier of the key, and leave the secret out. Change every secret that has been logged.',
  before: "logger.debug('signing in', { email, password })",
  after: "logger.debug('signing in', { userId })",
  controls: { pci: ['8.3.2'], asvs: ['16.2.5'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'development'],
  words: ['ass', 'PASS', 'wd', 'ey', 'KEY', 'ecret', 'SECRET', 'oken', 'TOKEN', 'jwt', 'JWT', 'pin', 'uthorization'],
  on: { sinks: [{ kinds: ['log'], check }] },
}

/** Where a person asked a program for a secret, and it answers on the terminal. */
const IS_PROGRAM = /(?:^|\/)(?:bin|cli|seeds?|seeders?|migrations?)(?:\/|\.)|(?:^|\/)seed[\w-]*\.[cm]?[jt]s$/i

function check(sink: Sink, scan: CodeScan): void {
  const hit = [
    ...scan.sourcesIn(sink.value, ['password', 'secret']),
    ...sensitiveVariables(sink.valueNode, ['password', 'secret'], scan),
  ].find(isSecret)
  if (!hit) return
  const isOnTerminal = /^(?:console|process)\./.test(sink.path)
  if (isOnTerminal && (scan.file.text.startsWith('#!') || IS_PROGRAM.test(scan.file.path))) return
  const what = hit.kind === 'password' ? 'A password' : 'A key or token'
  scan.report({
    at: scan.placeOf(sink.node),
    message: `${what} is written to a log; leave it out`,
    related: [{ what: 'the secret', at: scan.placeOf(hit.origin) }],
  })
}

/** A payment has an authorisation as well, and a shell has a `PWD`, which is a folder. */
function isSecret({ path }: SourceHit): boolean {
  if (/(?:^|[.~])authorization(?: \(\w+\))?$/i.test(path)) return /headers?\b/i.test(path)
  return !/^(?:process\.env\.)?~?(?:PWD|pwd)(?: \(\w+\))?$/.test(path)
}

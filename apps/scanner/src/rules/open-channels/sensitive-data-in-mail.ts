import { contentsOf, hitsIn, isSensitiveToRead } from '../../engine/flows/messages.ts'
import type { SourceHit } from '../../engine/flows/sources.ts'
import type { Sink } from '../../engine/flows/sinks.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'

export const rule: Rule = {
  id: 'sensitive-data-in-mail',
  practice: 7,
  severity: 'critical',
  title: 'A card number, security code, password or key is sent by mail',
  why: 'A mail lies readable on every server that it passes, in the mailbox, in its backups and on every device that reads it, and is forwarded without a thought. Whoever gets into one of these, years later, has the card or the password that it holds.',
  mend: 'Say by mail that something happened, and let people see it where they sign in: the last four digits of a card, a link to set a password that is good once and for an hour. Never mail a password that you chose, not even the first one.',
  before: "await transport.sendMail({ to, subject: 'Welcome', text: `Your password is ${password}` })",
  after:
    "await transport.sendMail({ to, subject: 'Welcome', text: `Set your password: ${shop}/set-password/${tokenGoodOnce}` })",
  controls: { pci: ['4.2.2', '8.3.2'], asvs: ['14.2.4'], gdpr: ['5(1)(f)', '32(1)(a)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored'],
  words: [
    'ard',
    'cc',
    'CC',
    'cv',
    'CV',
    'Cv',
    'pan',
    'Pan',
    'csc',
    'ecurity',
    'rack',
    'ass',
    'wd',
    'ey',
    'oken',
    'ecret',
  ],
  on: { sinks: [{ kinds: ['mail'], check }] },
}

/** Members of a message that say how it is sent, and to whom. */
const AROUND =
  /^(?:auth|dkim|api_?key|key|host|port|secure|smtp\w*|transport\w*|headers?|from|to|cc|bcc|reply_?to|access_?token|refresh_?token|client_?(?:id|secret)|(?:public|private)_?key|config|options|settings|credentials|server|authorization|user|provider|username)$/i
/** A login for the server that takes the mail stands among these. */
const LOGIN = /^(?:auth|host|smtp\w*|transport\w*|port|service|server|user|username|secure)$/i

function check(sink: Sink, scan: CodeScan): void {
  for (const content of contentsOf(sink, scan, isAround)) {
    const hit = worst(hitsIn(content, ['cvc', 'card', 'password', 'secret'], scan), scan)
    if (!hit) continue
    scan.report({
      at: scan.placeOf(sink.node),
      message: MESSAGES[hit.kind as keyof typeof MESSAGES],
      severity: hit.kind === 'card' || hit.kind === 'cvc' ? 'critical' : 'high',
      related: [{ what: WHAT[hit.kind as keyof typeof WHAT], at: scan.placeOf(hit.origin) }],
    })
    return
  }
}

const MESSAGES = {
  cvc: 'The security code of a card is sent by mail; leave it out, and keep it nowhere',
  card: 'A card number is sent by mail; leave it out, or send its last four digits',
  password: 'A password is sent by mail; send a link that is good once, by which its owner sets it',
  secret: 'A key or token is sent by mail; show it once where its owner is signed in',
}
const WHAT = { cvc: 'the code', card: 'the number', password: 'the password', secret: 'the key' }

function isAround(name: string, all: readonly string[]): boolean {
  return AROUND.test(name) || (/^pass(?:word)?$/i.test(name) && all.some((each) => LOGIN.test(each)))
}

function worst(hits: readonly SourceHit[], scan: CodeScan): SourceHit | undefined {
  const own = hits.filter((hit) => isSensitiveToRead(hit, scan.file.text))
  for (const kind of ['cvc', 'card', 'password', 'secret']) {
    const found = own.find((hit) => hit.kind === kind)
    if (found) return found
  }
  return undefined
}

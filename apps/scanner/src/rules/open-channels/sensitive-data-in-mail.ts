import { wordsOf } from '../../engine/data/column.ts'
import { isOfPaymentCard } from '../../engine/flows/payment-cards.ts'
import { bodiesOf, isRequest, membersOf, unwrapped } from '../../engine/flows/posted.ts'
import { RENDERS, type SourceHit } from '../../engine/flows/sources.ts'
import type { Sink } from '../../engine/flows/sinks.ts'
import { writtenVariables } from '../../engine/flows/written-variables.ts'
import { sourceOf } from '../../engine/modules/source-text.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import type { Value } from '../../engine/values/value.ts'

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
/** Passwords that are good once, codes of a post office, and what a page says about a password. */
const OTHER_PASSWORD = /\b(?:one time|otp|totp|forgot|forgotten|pin code|smtp|mail|mailer|app|email)\b/
const MASKED = /mask|redact|\*{3}/i

function check(sink: Sink, scan: CodeScan): void {
  for (const { value, node } of contentsOf(sink, scan)) {
    const hit = worst(hitsIn(value, node, scan), scan)
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

interface Content {
  readonly value: Value
  /** The expression of it, where there is one of its own. */
  readonly node: Node | undefined
}

/** What of a mail is read by whoever opens it. */
function contentsOf({ path, value, node, valueNode }: Sink, scan: CodeScan): readonly Content[] {
  if (isRequest(path)) return bodiesOf(value, path, scan).flatMap((body) => partsOf(body, undefined, scan))
  const written = valueNode === node ? [] : writtenTo(valueNode, scan)
  return [...partsOf(unwrapped(value), valueNode, scan), ...written]
}

function partsOf(value: Value, node: Node | undefined, scan: CodeScan): readonly Content[] {
  const members = membersOf(value, scan)
  if (members.length === 0) return value.kind === 'object' ? [] : [{ value, node }]
  const hasLogin = members.some(({ name }) => LOGIN.test(name))
  return members.flatMap(({ name, value: content, origin }): Content[] => {
    if (AROUND.test(name) || (hasLogin && /^pass(?:word)?$/i.test(name))) return []
    return [{ value: keyed(name, content, origin.node), node: rightOf(origin.node) }]
  })
}

/** The value with its name, which may say what it is: `{ to, template, password }`. */
function keyed(name: string, value: Value, node: Node): Value {
  if (value.kind !== 'named') return value
  return { kind: 'object', layers: [{ name, node, maybe: false, value: () => value }], origin: value.origin }
}

function rightOf(node: Node): Node | undefined {
  if (node.type === 'Property') return node.value
  return node.type === 'AssignmentExpression' ? node.right : undefined
}

/** `const mail = new SendSmtpEmail(); mail.htmlContent = …`: what was put into it before it was sent. */
function writtenTo(id: Node, scan: CodeScan): readonly Content[] {
  if (id.type !== 'Identifier') return []
  const reads = scan.module.tree.bindings.get(id)?.reads ?? []
  return reads.flatMap((read): Content[] => {
    const member = read.parent
    const set = member?.parent
    if (member?.type !== 'MemberExpression' || member.object !== read || set?.type !== 'AssignmentExpression') return []
    if (set.left !== member || member.property.type !== 'Identifier' || AROUND.test(member.property.name)) return []
    return [{ value: scan.valueOf(set.right), node: set.right }]
  })
}

function hitsIn(value: Value, node: Node | undefined, scan: CodeScan): readonly SourceHit[] {
  const written = [value, ...attributes(node, scan), ...renderedFor(node, scan)]
  return written.flatMap((each) => [
    ...scan.sourcesIn(each, ['cvc', 'card', 'password'], { throughTemplates: true }),
    ...scan.sourcesIn(each, ['secret'], { throughTemplates: true, outsideLinks: true }),
    ...writtenVariables(each, ['cvc', 'card', 'password', 'secret']),
  ])
}

/** `react: <Welcome password={password} />` */
function attributes(node: Node | undefined, scan: CodeScan): readonly Value[] {
  if (node?.type !== 'JSXElement') return []
  const origin = { module: scan.module, node }
  return node.openingElement.attributes.flatMap((attribute): Value[] => {
    if (attribute.type !== 'JSXAttribute' || attribute.value?.type !== 'JSXExpressionContainer') return []
    const { expression } = attribute.value
    const name = attribute.name.type === 'JSXIdentifier' ? attribute.name.name : undefined
    return [
      {
        kind: 'object',
        layers: [{ name, node: attribute, maybe: false, value: () => scan.valueOf(expression) }],
        origin,
      },
    ]
  })
}

/** `render(file, { password }, (err, html) => send(html))`: what the text that is handed to it was made from. */
function renderedFor(node: Node | undefined, scan: CodeScan): readonly Value[] {
  if (node?.type !== 'Identifier') return []
  const fn = scan.module.tree.bindings.get(node)?.declarations.at(-1)?.parent
  const call = fn?.parent
  if (!fn?.type.includes('Function') || call?.type !== 'CallExpression' || call.callee === fn) return []
  if (!RENDERS.test(sourceOf(call.callee, scan.module))) return []
  return call.arguments.filter((argument) => argument !== fn).map((argument) => scan.valueOf(argument))
}

function worst(hits: readonly SourceHit[], scan: CodeScan): SourceHit | undefined {
  const own = hits.filter((hit) => isReadable(hit, scan))
  for (const kind of ['cvc', 'card', 'password', 'secret']) {
    const found = own.find((hit) => hit.kind === kind)
    if (found) return found
  }
  return undefined
}

function isReadable(hit: SourceHit, scan: CodeScan): boolean {
  if (MASKED.test(hit.path)) return false
  if (hit.kind === 'card' || hit.kind === 'cvc') return isOfPaymentCard(hit, scan.file.text)
  // A payment has an authorisation, and what the environment has is for the programs.
  if (/(?:^|[.~])(?:authorization|PWD|pwd)(?: \(\w+\))?$/.test(hit.path)) return false
  const name = wordsOf(hit.path.replace(/ \(\w+\)$/, '').replace(/^.*[.~]/, ''))
  return hit.kind !== 'password' || !OTHER_PASSWORD.test(name)
}

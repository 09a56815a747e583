import { wordsOf } from '../../engine/data/column.ts'
import { contentsOf, hitsIn, isSensitiveToRead, nameOf, type Content } from '../../engine/flows/messages.ts'
import { isRequest } from '../../engine/flows/posted.ts'
import type { SourceHit } from '../../engine/flows/sources.ts'
import type { Sink } from '../../engine/flows/sinks.ts'
import { wholeRecordsIn } from '../../engine/flows/whole-records.ts'
import { sourceOf } from '../../engine/modules/source-text.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'
import type { Origin } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'sensitive-data-in-chat',
  practice: 7,
  severity: 'critical',
  title: "A card number, a secret or a customer's personal data is posted to a chat",
  why: 'A chat belongs to another company, keeps all that was ever posted, and is searched by everybody who was let in, from any phone. Card data in one brings the whole chat into the scope of PCI DSS, and what customers told you for their order is now where they never gave it.',
  mend: "Post the order's number and a link to the page where those who may see the customer sign in. Leave cards out; the gateway shows the last four digits.",
  before: 'await slack.chat.postMessage({ channel, text: `Paid by ${customer.email}, ${customer.street}` })',
  after:
    'await slack.chat.postMessage({ channel, text: `Order ${order.number} is paid: ${shop}/staff/${order.number}` })',
  controls: { pci: ['4.2.2'], asvs: ['14.2.3'], gdpr: ['5(1)(c)', '5(1)(f)', '32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored'],
  words: ['lack', 'iscord', 'elegram', 'eams', 'attermost', 'chat', 'Chat', 'hook', 'bot', 'Bot', 'twilio', 'LACK'],
  on: { sinks: [{ kinds: ['chat'], check }] },
}

/** Members of a message that say how it goes, and where. */
const AROUND =
  /^(?:token|auth|authorization|headers?|channel|channels|channel_?id|thread_?ts|ts|username|icon_?\w+|avatar_?url|chat_?id|parse_?mode|url|webhook(?:_?url)?|api_?key|bot_?token|to|from|user|user_?id|unfurl_\w+|mrkdwn|config|options|reply_markup)$/i

type What = 'cvc' | 'card' | 'password' | 'secret' | 'personal' | 'request' | 'environment'

interface Finding {
  readonly what: What
  readonly origin: Origin
}

function check(sink: Sink, scan: CodeScan): void {
  const found = [...contentsOf(sink, scan, (name) => AROUND.test(name)), ...inAddress(sink)].flatMap((content) =>
    foundIn(content, sink, scan),
  )
  for (const what of ORDER) {
    const first = found.find((each) => each.what === what)
    if (!first) continue
    scan.report({
      at: scan.placeOf(sink.node),
      message: MESSAGES[what],
      severity: SEVERITIES[what],
      related: [{ what: 'what is posted', at: scan.placeOf(first.origin) }],
    })
    return
  }
}

const ORDER: readonly What[] = ['cvc', 'card', 'password', 'environment', 'secret', 'personal', 'request']
const MESSAGES: Readonly<Record<What, string>> = {
  cvc: 'The security code of a card is posted to a chat; leave it out, and keep it nowhere',
  card: 'A card number is posted to a chat; leave it out, or post its last four digits',
  password: 'A password is posted to a chat; leave it out',
  secret: 'A key or token is posted to a chat; leave it out, and replace it if it was posted before',
  personal:
    "A customer's personal data is posted to a chat; post the order's number, and a link for those who may see it",
  request: 'All that a client sent is posted to a chat; post only the members that are needed',
  environment: 'All settings of the process, its secrets among them, are posted to a chat',
}
const SEVERITIES = {
  cvc: 'critical',
  card: 'critical',
  password: 'high',
  secret: 'high',
  personal: 'high',
  request: 'medium',
  environment: 'critical',
} as const

/** Telegram's API takes the text of a message as a part of the address as well. */
function inAddress({ path, value, valueNode }: Sink): readonly Content[] {
  return isRequest(path) && value.kind === 'text' ? [{ value, node: valueNode }] : []
}

function foundIn(content: Content, sink: Sink, scan: CodeScan): readonly Finding[] {
  const isForOne = isPhone(sink) || isOwnChat(sink, scan)
  const isAddress = isRequest(sink.path) && content.value.kind === 'text'
  const kinds = isAddress ? (['cvc', 'card', 'password'] as const) : (['cvc', 'card', 'password', 'secret'] as const)
  const hits = hitsIn(content, kinds, scan).filter((hit) => isSensitiveToRead(hit, scan.file.text))
  const all: Finding[] = hits.map(({ kind, origin }) => ({ what: kind as What, origin }))
  // To whom it belongs it may be shown.
  if (isForOne) return all
  const personal = personalIn(hitsIn(content, ['personal'], scan))
  if (personal) all.push({ what: 'personal', origin: personal.origin })
  for (const { what, origin } of wholeRecordsIn(content.value)) {
    all.push({ what: what === 'person' ? 'personal' : what, origin })
  }
  return all
}

/** A text message goes to a phone, mostly to that of the customer. */
function isPhone({ path }: Sink): boolean {
  return path.endsWith('messages.create')
}

/** `bot.sendMessage(msg.chat.id, …)` answers whoever wrote to the bot. */
function isOwnChat({ path, node }: Sink, scan: CodeScan): boolean {
  if (!/\.(?:sendMessage|sendDocument)$/.test(path) || node.type !== 'CallExpression') return false
  const [first] = node.arguments
  const to = first ? sourceOf(first, scan.module) : ''
  return (
    /\b(?:msg|message|ctx|context|from|update|query|user\w*|customer\w*|chat_?id)\b/i.test(to) &&
    !/admin|group|channel|env\b|config|owner|manager|staff|[A-Z]_[A-Z]/.test(to)
  )
}

/** A mail address or a phone number alone says who it is about; both together are a record. */
const CONTACT = /mail|phone|mobile|telephone/

function personalIn(hits: readonly SourceHit[]): SourceHit | undefined {
  const named = hits.map((hit) => ({ hit, words: wordsOf(nameOf(hit)) }))
  const strong = named.find(({ words }) => !CONTACT.test(words))
  if (strong) return strong.hit
  const isRecord =
    named.some(({ words }) => words.includes('mail')) && named.some(({ words }) => !words.includes('mail'))
  return isRecord ? named[0]?.hit : undefined
}

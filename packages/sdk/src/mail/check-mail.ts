import { checkBytes, checkRaw, type Checking } from './check-bytes.ts'
import { checkText, type AllowedData } from './check-text.ts'
import { readContent } from './mail-content.ts'
import { SensitiveDataError, type SensitiveFinding } from './sensitive-data-error.ts'

/** What may be in a mail all the same. */
export interface MailFilterOptions extends AllowedData {
  /** Types of attachments that are sent without anybody having looked into them: `application/zip`. */
  readonly dangerouslySendTypes?: readonly string[]
}

/** What nodemailer sends, as far as it matters here. */
export type MailData = Record<string, unknown>

const ADDRESSES = ['from', 'sender', 'to', 'cc', 'bcc', 'replyTo']
const HEADERS = [
  'headers',
  'list',
  'references',
  'inReplyTo',
  'messageId',
  'xMailer',
  'otp',
  'envelope',
  'date',
  'encoding',
]
const TEXTS = ['text', 'html', 'watchHtml', 'amp']
const FILES = ['alternatives', 'attachments']
const EMAIL = /[^\s<>",;:()]{1,64}@[^\s<>",;:()]{1,255}/g
/** The shop's and the reader's own stand in most mails; more than these are a list. */
const MOST_OTHERS = 3

/**
 * Looks through a mail, and puts what was read in place of files and streams, so that nothing else is sent.
 *
 * @param mayOpen false where the mail is composed already: then files and streams are refused
 * @throws SensitiveDataError where it holds what must not leave
 */
export async function checkMail(data: MailData, options: MailFilterOptions, mayOpen: boolean): Promise<void> {
  const addresses = new Set(
    ADDRESSES.flatMap((name) => textsOf(data[name]))
      .join('\n')
      .toLowerCase()
      .match(EMAIL) ?? [],
  )
  const inside: Checking = { allowed: options, known: { addresses, mostOthers: MOST_OTHERS } }
  const heads: Checking = { allowed: options, known: { addresses, mostOthers: Number.POSITIVE_INFINITY } }
  const opening = { mayOpen, disableFileAccess: Boolean(data['disableFileAccess']) }
  const findings: SensitiveFinding[] = [
    ...checkText('subject', textsOf(data['subject']).join('\n'), inside),
    ...checkText('addresses', ADDRESSES.flatMap((name) => textsOf(data[name])).join('\n'), heads),
    ...checkText('headers', HEADERS.flatMap((name) => textsOf(data[name])).join('\n'), heads),
  ]
  for (const part of TEXTS) {
    if (!isThere(data[part])) continue
    const { bytes, sendable } = await readContent(data[part], { part, ...opening })
    data[part] = sendable
    findings.push(...checkText(part, bytes.toString('utf8'), inside))
  }
  if (isThere(data['raw'])) {
    const { bytes, sendable } = await readContent(data['raw'], { part: 'raw', ...opening })
    // Nodemailer takes the bytes of `raw` themselves.
    data['raw'] = typeof sendable === 'string' ? sendable : bytes
    findings.push(...checkRaw('raw', bytes, heads))
  }
  if (isThere(data['icalEvent']))
    data['icalEvent'] = await file(data['icalEvent'], { part: 'icalEvent', ...opening, inside: heads, findings })
  for (const name of FILES) {
    if (!isThere(data[name])) continue
    const files: unknown[] = []
    for (const [at, each] of [data[name]].flat().entries())
      files.push(await file(each, { part: `${name.slice(0, -1)} ${at + 1}`, ...opening, inside, findings }))
    data[name] = files
  }
  if (findings.length > 0) throw new SensitiveDataError(findings)
}

interface FileCheck {
  readonly part: string
  readonly mayOpen: boolean
  readonly disableFileAccess: boolean
  readonly inside: Checking
  readonly findings: SensitiveFinding[]
}

async function file(given: unknown, { part, inside, findings, ...opening }: FileCheck): Promise<unknown> {
  const { bytes, sendable } = await readContent(given, { part, ...opening })
  if (typeof sendable === 'object' && sendable !== null && !(sendable instanceof Uint8Array)) {
    const { raw, contentType } = sendable as Record<string, unknown>
    const about = Object.entries(sendable).filter(([name]) => name !== 'content' && name !== 'raw')
    findings.push(...checkText(`the name of ${part}`, textsOf(about).join('\n'), inside))
    const type = typeof contentType === 'string' ? contentType : ''
    findings.push(...(raw === undefined ? checkBytes(part, bytes, { ...inside, type }) : checkRaw(part, bytes, inside)))
  } else findings.push(...checkBytes(part, bytes, { ...inside, type: '' }))
  return sendable
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false
}

/** Every text in a value of a header, names included. */
function textsOf(value: unknown, depth = 0): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')]
  if (typeof value !== 'object' || value === null || depth > 8) return []
  if (Array.isArray(value)) return value.flatMap((each) => textsOf(each, depth + 1))
  return Object.entries(value).flatMap(([name, each]) => [name, ...textsOf(each, depth + 1)])
}

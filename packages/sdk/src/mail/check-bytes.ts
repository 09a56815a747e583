import { checkText, type AllowedData, type KnownAddresses } from './check-text.ts'
import { pdfText } from './pdf-text.ts'
import type { SensitiveFinding } from './sensitive-data-error.ts'

/** What may be sent, and what is known of the message. */
export interface Checking {
  readonly allowed: AllowedData & { readonly dangerouslySendTypes?: readonly string[] }
  readonly known: KnownAddresses
}

/** How pictures begin. Nobody reads what is drawn in one. */
const PICTURES: readonly RegExp[] = [/^\x89PNG\r\n/, /^\xff\xd8\xff/, /^GIF8[79]a/, /^RIFF[\s\S]{4}WEBP/]
const BASE64_BLOCK = /(?:^|\n)((?:[0-9A-Za-z+/]{40,998}\r?\n){1,400000}(?:[0-9A-Za-z+/]{1,998}={0,2})?)/g

/**
 * What is found in a file that is sent along: texts and pages as they read, PDF as far as its texts can be read.
 * Pictures pass; what can be neither read nor seen (archives, office files) is refused but for the types you name.
 *
 * @param type as the message declares it; what the bytes say counts for more
 */
export function checkBytes(
  part: string,
  bytes: Buffer,
  { type, ...checking }: Checking & { type: string },
): SensitiveFinding[] {
  const beginning = bytes.subarray(0, 16).toString('latin1')
  if (bytes.subarray(0, 1_024).includes('%PDF-')) return checkText(part, pdfText(bytes), checking)
  if (PICTURES.some((picture) => picture.test(beginning))) return []
  const text = textOf(bytes)
  if (text !== undefined) return checkText(part, text, checking)
  const named = type.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (checking.allowed.dangerouslySendTypes?.some((each) => each.toLowerCase() === named) === true) return []
  return [{ kind: 'unreadable', part, count: 1 }]
}

/** What is found in a whole message that was made by somebody else: its headers, its texts, and the files within. */
export function checkRaw(part: string, bytes: Buffer, checking: Checking): SensitiveFinding[] {
  const text = bytes.toString('utf8')
  const files = [...text.matchAll(BASE64_BLOCK)].map(([, block = '']) => Buffer.from(block, 'base64'))
  // A type that stands somewhere in the message is told of none of its parts.
  return [
    ...checkText(part, text, checking),
    ...files.flatMap((file) => checkBytes(part, file, { ...checking, type: '' })),
  ]
}

function textOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le')
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le')
  return bytes.includes(0) || beginsLikeAnArchive(bytes) ? undefined : bytes.toString('utf8')
}

function beginsLikeAnArchive(bytes: Buffer): boolean {
  return /^(?:PK|\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd)/.test(bytes.subarray(0, 8).toString('latin1')) // eslint-disable-line no-control-regex -- Signatures of bytes.
}

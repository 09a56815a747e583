import { inflateSync } from 'node:zlib'

const STREAM = /stream\r?\n/g
const LARGEST = 8 * 1024 * 1024
const MOST_STREAMS = 2_000
/** A text of a page: `(…)` or `<…>`; what is shown by one operator belongs together. */
const SHOWN =
  /\[((?:\((?:\\[\s\S]|[^\\()]){0,4096}\)|<[0-9A-Fa-f\s]{0,8192}>|[-+.0-9\s]){0,4096})\]\s{0,8}TJ|(\((?:\\[\s\S]|[^\\()]){0,65536}\)|<[0-9A-Fa-f\s]{0,131072}>)\s{0,8}(?:Tj|'|")/g
const PIECE = /\(((?:\\[\s\S]|[^\\()])*)\)|<([0-9A-Fa-f\s]*)>/g

/**
 * What can be read of a PDF: the texts of its pages, and all that stands in it in the clear. A font with codes of its own
 * (a subset in two-byte codes) is not seen through; neither is a picture.
 */
export function pdfText(bytes: Buffer): string {
  const raw = bytes.toString('latin1')
  const parts = [raw]
  let size = 0
  let count = 0
  for (const { index, 0: begin } of raw.matchAll(STREAM)) {
    if (size > LARGEST || ++count > MOST_STREAMS) break
    const end = raw.indexOf('endstream', index)
    if (end < 0) break
    const content = inflated(bytes.subarray(index + begin.length, end))
    size += content.length
    parts.push(content)
  }
  return [raw.replace(/stream\r?\n[\s\S]*?endstream/g, ''), ...parts.map(shownTexts)].join('\n')
}

function inflated(bytes: Buffer): string {
  try {
    return inflateSync(bytes, { maxOutputLength: LARGEST }).toString('latin1')
  } catch {
    return '' // A picture or a font, in an encoding of its own.
  }
}

function shownTexts(content: string): string {
  return [...content.matchAll(SHOWN)].map(([, several, one]) => pieces(several ?? one ?? '')).join('\n')
}

function pieces(text: string): string {
  return [...text.matchAll(PIECE)]
    .map(([, plain, hex]) => (hex === undefined ? unescaped(plain ?? '') : fromHex(hex)))
    .join('')
}

function fromHex(hex: string): string {
  // Two bytes a sign, of which the first is nothing, are signs all the same.
  return Buffer.from(hex.replace(/\s/g, ''), 'hex').toString('latin1').replaceAll('\0', '')
}

function unescaped(text: string): string {
  return text
    .replace(/\\([0-7]{1,3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8) % 256))
    .replace(/\\\r?\n/g, '')
    .replace(/\\([\s\S])/g, '$1')
}

import { darkRuns, type QrMatrix } from './qr-matrix.ts'

/** A5 in points: 148 × 210 mm, for a stand on the counter. */
const WIDTH = 419.53
const HEIGHT = 595.28
const CODE_SIZE = 300
const CODE_TOP = 470

/** Characters of WinAnsiEncoding that Latin-1 does not have at their place (ISO 32000-1, annex D). */
const WIN_ANSI: Readonly<Record<string, number>> = {
  '€': 0x80,
  '‚': 0x82,
  '…': 0x85,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '•': 0x95,
  '–': 0x96,
  '—': 0x97,
  œ: 0x9c,
  Œ: 0x8c,
}

/**
 * A QR code as a PDF of one page (ISO 32000-1): the code in vectors, and lines above it, the first one large.
 *
 * @param lines those that the PDF's own typeface cannot write, e.g. Chinese ones, are left out
 */
export function qrPdf(matrix: QrMatrix, lines: readonly string[]): Uint8Array<ArrayBuffer> {
  const content = [...lines.flatMap(encodeLine).map(drawLine), drawCode(matrix)].join('\n')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = file.length
  // Each entry is 20 bytes long, its end of line included.
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  file += offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Uint8Array.from(file, (character) => character.charCodeAt(0))
}

/** A line in WinAnsiEncoding, a byte a character; none where it has a character that is not in it. */
function encodeLine(line: string): readonly string[] {
  const bytes = Array.from(line.replace(/[\u00a0\u2009\u202f]/g, ' '), (character) => {
    const code = WIN_ANSI[character] ?? character.charCodeAt(0)
    return character.length === 1 && code >= 0x20 && code <= 0xff ? String.fromCharCode(code) : ''
  })
  return bytes.includes('') ? [] : [bytes.join('')]
}

function drawLine(text: string, index: number): string {
  const [size, baseline] = index === 0 ? [26, HEIGHT - 60] : [13, HEIGHT - 66 - index * 19]
  return `BT /F1 ${size} Tf ${(WIDTH - CODE_SIZE) / 2} ${baseline.toFixed(2)} Td (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`
}

/** A module is a unit of the space that it is drawn in; PDF counts upwards. */
function drawCode(matrix: QrMatrix): string {
  const scale = (CODE_SIZE / matrix.length).toFixed(5)
  const rectangles = darkRuns(matrix).map(({ x, y, length }) => `${x} ${-y - 1} ${length} 1 re`)
  return `q ${scale} 0 0 ${scale} ${(WIDTH - CODE_SIZE) / 2} ${CODE_TOP} cm\n${rectangles.join('\n')}\nf Q`
}

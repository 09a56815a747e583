import { expect, test } from 'vitest'
import { darkRuns, qrMatrix, qrPath } from './qr-matrix.ts'
import { qrPdf } from './qr-pdf.ts'
import { qrSvg } from './qr-svg.ts'

const TEXT = 'https://localhost:8444/pay/ABCdef0123456789'

test('the dark runs are the dark modules, each of them once', () => {
  const matrix = qrMatrix(TEXT)
  const dark = matrix.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x} ${y}`] : [])))
  const drawn = darkRuns(matrix).flatMap(({ x, y, length }) =>
    Array.from({ length }, (_module, along) => `${x + along} ${y}`),
  )
  expect(drawn).toEqual(dark)
})

test('a code has four light modules on every side', () => {
  const matrix = qrMatrix(TEXT)
  const size = matrix.length
  const outer = matrix.flatMap((row, y) => row.filter((_dark, x) => Math.min(x, y, size - 1 - x, size - 1 - y) < 4))
  expect(outer).not.toContain(true)
  expect(matrix[4]?.[4]).toBe(true)
})

test('the SVG is as wide as the code and draws its path', () => {
  const matrix = qrMatrix(TEXT)
  expect(qrSvg(matrix)).toContain(`viewBox="0 0 ${matrix.length} ${matrix.length}"`)
  expect(qrSvg(matrix)).toContain(qrPath(matrix))
})

const textOf = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1')

test('the PDF’s table says where each object stands, and its stream is as long as it says', () => {
  const text = textOf(qrPdf(qrMatrix(TEXT), ['CA$4.50', 'Coffee']))
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  expect(text.slice(start, start + 7)).toBe('xref\n0 ')
  const entries = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map((entry) => Number(entry[1]))
  expect(entries).toHaveLength(5)
  entries.forEach((offset, index) => expect(text.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj\n`)))
  const [, length, stream] = /\/Length (\d+) >>\nstream\n([^]*?)\nendstream/.exec(text) ?? []
  expect(stream).toHaveLength(Number(length))
})

test('the PDF draws as many rectangles as the code has runs', () => {
  const matrix = qrMatrix(TEXT)
  expect(textOf(qrPdf(matrix, [])).match(/ re$/gm)).toHaveLength(darkRuns(matrix).length)
})

test('lines are escaped, accents and the euro are written, and what cannot be written is left out', () => {
  const text = textOf(qrPdf(qrMatrix(TEXT), ['4,50\u00a0€', 'Café (crème) \\', '咖啡', '🍵 tea']))
  expect(text).toContain('(4,50 \x80) Tj')
  expect(text).toContain('(Caf\xe9 \\(cr\xe8me\\) \\\\) Tj')
  expect(text.match(/ Tj /g)).toHaveLength(2)
})

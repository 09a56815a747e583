<<<<<<< HEAD
import type { ReactNode } from 'react'
import { encode } from 'uqr'

/** A code as one path of squares, in a square of `size` modules, the quiet zone that scanners need included (ISO/IEC 18004). */
export function qrPath(text: string): { readonly size: number; readonly path: string } {
  const { data, size } = encode(text, { border: 4, ecc: 'M' })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return { size, path }
}

/** A QR code, dark on light in both themes. `label` says what it leads to. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const { size, path } = qrPath(text)
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
=======
import { useMemo, type ReactNode } from 'react'
import { qrMatrix, qrPath } from '../qr/qr-matrix.ts'
import { qrPdf } from '../qr/qr-pdf.ts'
import { qrPng } from '../qr/qr-png.ts'
import { qrSvg } from '../qr/qr-svg.ts'
import { saveFile } from '../qr/save-file.ts'
import { useTexts } from '../texts/language.ts'
import { Button } from './button.tsx'
import './qr-code.css'

const TEXTS = {
  downloads: ['QR code as a file', 'Code QR en fichier'],
  print: ['Print', 'Imprimer'],
} as const

/** A text as a QR code, dark on white in both themes, since readers expect it so. `label` says what it leads to. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const matrix = useMemo(() => qrMatrix(text), [text])
  const size = matrix.length
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path className="qr-light" d={`M0 0h${size}v${size}h-${size}z`} />
      <path className="qr-dark" d={qrPath(matrix)} />
    </svg>
  )
}

/** Saves a QR code as SVG, PNG or PDF, and prints the page. `lines` stand above the code in the PDF. */
export function QrDownloads(props: {
  readonly text: string
  /** The files' name without its ending. */
  readonly name: string
  readonly lines: readonly string[]
}): ReactNode {
  const { text, name, lines } = props
  const t = useTexts(TEXTS)
  const matrix = useMemo(() => qrMatrix(text), [text])
  const save = (ending: string, content: Blob): void => saveFile(`${name}.${ending}`, content)
  return (
    <div className="qr-downloads no-print" role="group" aria-label={t('downloads')}>
      <Button onClick={() => save('svg', new Blob([qrSvg(matrix)], { type: 'image/svg+xml' }))}>SVG</Button>
      <Button onClick={() => void qrPng(matrix).then((image) => save('png', image))}>PNG</Button>
      <Button onClick={() => save('pdf', new Blob([qrPdf(matrix, lines)], { type: 'application/pdf' }))}>PDF</Button>
      <Button onClick={() => print()}>{t('print')}</Button>
    </div>
  )
}
>>>>>>> wt-fec

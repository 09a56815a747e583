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

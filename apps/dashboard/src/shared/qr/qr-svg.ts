import { qrPath, type QrMatrix } from './qr-matrix.ts'

/** A QR code as a file of its own that prints at any size. */
export function qrSvg(matrix: QrMatrix): string {
  const size = matrix.length
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}h-${size}z"/><path d="${qrPath(matrix)}"/></svg>\n`
  )
}

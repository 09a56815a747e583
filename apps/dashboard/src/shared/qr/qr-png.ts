import { darkRuns, type QrMatrix } from './qr-matrix.ts'

/** Pixels a module: a code of 37 modules is 592 pixels wide, which prints sharply at 5 cm. */
const MODULE_PX = 16

/**
 * A QR code as a PNG.
 *
 * @throws {Error} where the browser has no canvas to draw on
 */
export async function qrPng(matrix: QrMatrix): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = matrix.length * MODULE_PX
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = '#000'
  for (const { x, y, length } of darkRuns(matrix))
    context.fillRect(x * MODULE_PX, y * MODULE_PX, length * MODULE_PX, MODULE_PX)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no image'))), 'image/png')
  })
}

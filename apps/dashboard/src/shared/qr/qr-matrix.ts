import { encode } from 'uqr'

/** A QR code's modules, row by row, its quiet zone included: true is dark. */
export type QrMatrix = readonly (readonly boolean[])[]

/** A run of dark modules in a row. */
export interface DarkRun {
  readonly x: number
  readonly y: number
  readonly length: number
}

/** Light modules around the code, which a reader needs to find it (ISO/IEC 18004 §6.3.8). */
const QUIET_ZONE = 4

/** Encodes a text so that it is still read where 15 % of it are dirty or torn. */
export function qrMatrix(text: string): QrMatrix {
  return encode(text, { ecc: 'M', border: QUIET_ZONE }).data
}

/** The dark modules as few rectangles as rows allow: what every way of drawing starts from. */
export function darkRuns(matrix: QrMatrix): readonly DarkRun[] {
  return matrix.flatMap((row, y) => {
    const runs: DarkRun[] = []
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue
      const start = x
      while (row[x + 1]) x += 1
      runs.push({ x: start, y, length: x + 1 - start })
    }
    return runs
  })
}

/** The dark modules as the path of an SVG whose view box counts modules. */
export function qrPath(matrix: QrMatrix): string {
  return darkRuns(matrix)
    .map(({ x, y, length }) => `M${x} ${y}h${length}v1h-${length}z`)
    .join('')
}

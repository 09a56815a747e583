import type { ReactNode } from 'react'
import { encode } from 'uqr'

/** Light modules around it, without which readers do not find it (ISO/IEC 18004 §9.1). */
const QUIET = 4

/** A text as a QR code: one path, drawn by React. It is dark on light in either theme, as readers expect. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg
      className="account-qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  )
}

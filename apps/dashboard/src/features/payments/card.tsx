import type { ReactNode } from 'react'

/** A card as its brand and last four digits. */
export function Card(props: { readonly brand: string | undefined; readonly last4: string | undefined }): ReactNode {
  const { brand = '', last4 } = props
  if (last4 === undefined) return '–'
  return (
    <span className="nowrap">
      {brand.slice(0, 1).toUpperCase() + brand.slice(1)} ···· {last4}
    </span>
  )
}

import type { ReactNode } from 'react'
import { formatMoney } from '../format/money.ts'
import { formatTime, formatUtc, type TimeDetail } from '../format/time.ts'
import { useLanguage } from '../texts/language.ts'
import { CopyButton } from './copy-button.tsx'

/** An amount in minor units, as people write it. */
export function Money({ amount, currency }: { readonly amount: number; readonly currency: string }): ReactNode {
  return <span className="money">{formatMoney(amount, currency, useLanguage())}</span>
}

/** A moment in the viewer's zone, and in UTC on hover. */
export function Time({ at, detail = 'short' }: { readonly at: string; readonly detail?: TimeDetail }): ReactNode {
  return (
    <time dateTime={at} title={formatUtc(at)}>
      {formatTime(at, useLanguage(), detail)}
    </time>
  )
}

/** A number or id in the type of machines, with a button that copies it. */
export function Code({ text, what }: { readonly text: string; readonly what?: string }): ReactNode {
  return (
    <span className="code">
      <code>{text}</code>
      {what === undefined ? null : <CopyButton text={text} what={what} />}
    </span>
  )
}

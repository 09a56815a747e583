import type { RefundStatus, TradeStatus } from '@ucanpay/wire/statuses'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/language.ts'

/** What a state means to the merchant: done, wants waiting, wants looking at, failed, or is over. */
export type Tone = 'good' | 'wait' | 'look' | 'bad' | 'off'

/** A state in a word. The word says it all; the colour only helps. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }): ReactNode {
  return <span className={`badge ${tone}`}>{children}</span>
}

/** The states of orders, refunds and notifications in words. */
export const STATUS_TEXTS = {
  NOTPAY: ['Not paid', 'Non payé'],
  USERPAYING: ['Paying', 'Paiement en cours'],
  AUTHORIZED: ['Held', 'Autorisé'],
  SUCCESS: ['Paid', 'Payé'],
  REFUND: ['Refunded', 'Remboursé'],
  CLOSED: ['Closed', 'Fermé'],
  REVOKED: ['Reversed', 'Annulé'],
  PAYERROR: ['Failed', 'Échoué'],
  'refund-PROCESSING': ['On its way', 'En cours'],
  'refund-SUCCESS': ['Refunded', 'Remboursé'],
  'refund-REFUNDCLOSE': ['Closed', 'Fermé'],
  'refund-FAIL': ['Failed', 'Échoué'],
  pending: ['Waiting', 'En attente'],
  delivered: ['Delivered', 'Livrée'],
  failed: ['Failed', 'Échouée'],
} as const

const TRADE_TONES: Readonly<Record<TradeStatus, Tone>> = {
  NOTPAY: 'wait',
  USERPAYING: 'wait',
  AUTHORIZED: 'look',
  SUCCESS: 'good',
  REFUND: 'off',
  CLOSED: 'off',
  REVOKED: 'off',
  PAYERROR: 'bad',
}
const REFUND_TONES: Readonly<Record<RefundStatus, Tone>> = {
  PROCESSING: 'wait',
  SUCCESS: 'good',
  REFUNDCLOSE: 'off',
  FAIL: 'bad',
}
const NOTIFICATION_TONES = { pending: 'wait', delivered: 'good', failed: 'bad' } as const

/** Where an order stands. */
export function TradeBadge({ status }: { readonly status: TradeStatus }): ReactNode {
  const t = useTexts(STATUS_TEXTS)
  return <Badge tone={TRADE_TONES[status]}>{t(status)}</Badge>
}

/** Where a refund stands. */
export function RefundBadge({ status }: { readonly status: RefundStatus }): ReactNode {
  const t = useTexts(STATUS_TEXTS)
  return <Badge tone={REFUND_TONES[status]}>{t(`refund-${status}`)}</Badge>
}

/** Where a notification stands. */
export function NotificationBadge({ status }: { readonly status: keyof typeof NOTIFICATION_TONES }): ReactNode {
  const t = useTexts(STATUS_TEXTS)
  return <Badge tone={NOTIFICATION_TONES[status]}>{t(status)}</Badge>
}

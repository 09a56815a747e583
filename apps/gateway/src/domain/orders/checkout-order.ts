import type { Mode } from '@ucanpay/wire/api-key'
import type { CardKey } from '@ucanpay/wire/encrypted-card'
import type { TradeStatus } from '@ucanpay/wire/statuses'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import type { CardVault } from '../cards/card-vault.ts'
import type { CheckoutLinks } from './checkout-links.ts'

/** What a buyer may see of an order: no number of the merchant's, no address but their own way back. */
export interface CheckoutOrder {
  readonly merchantName: string
  readonly subject: string
  /** Minor units of the currency. */
  readonly totalAmt: number
  readonly currency: string
  readonly tradeStatus: TradeStatus
  readonly mode: Mode
  readonly expiresAt: string
  readonly serverTime: string
  readonly returnUrl?: string
  readonly payUrl: string
  readonly challengeUrl?: string
  readonly declineReason?: string
  /** What a card is encrypted to. */
  readonly cardKey: CardKey
}

export interface CheckoutOrderDeps {
  readonly db: Tx
  readonly links: CheckoutLinks
  readonly cards: Pick<CardVault, 'cardKey'>
}

interface Row {
  readonly merchantName: string
  readonly subject: string
  readonly totalAmt: number
  readonly currency: string
  readonly tradeStatus: TradeStatus
  readonly expiresAt: Date
  readonly returnUrl: string | null
  readonly attemptStatus: string | null
  readonly challengeUrl: string | null
  readonly reason: string | null
}

/**
 * Reads an order for its checkout, with what became of the latest attempt.
 *
 * @throws ApiError ORDERNOTEXIST
 */
export async function findCheckoutOrder(
  deps: CheckoutOrderDeps,
  caller: Caller,
  ucpOrderNo: string,
): Promise<CheckoutOrder> {
  const [row] = await deps.db.query<Row>(
    `select m.name as "merchantName", o.subject, o.total_amt as "totalAmt", o.currency, o.trade_status as "tradeStatus",
            o.expires_at as "expiresAt", o.return_url as "returnUrl",
            a.status as "attemptStatus", a.challenge_url as "challengeUrl", a.reason
     from orders o
     join merchants m on m.merchant_id = o.merchant_id
     left join lateral (
       select status, challenge_url, reason from payment_attempts p
       where p.merchant_id = o.merchant_id and p.mode = o.mode and p.ucp_order_no = o.ucp_order_no and p.operation = 'authorise'
       order by started_at desc, attempt_id desc limit 1
     ) a on true
     where o.merchant_id = $1 and o.mode = $2 and o.ucp_order_no = $3`,
    [caller.merchantId, caller.mode, ucpOrderNo],
  )
  if (!row) throw new ApiError('ORDERNOTEXIST', 'the link names no order')
  const { merchantName, subject, totalAmt, currency, tradeStatus } = row
  const challenged = tradeStatus === 'USERPAYING' && row.attemptStatus === 'challenge'
  return {
    merchantName,
    subject,
    totalAmt,
    currency,
    tradeStatus,
    mode: caller.mode,
    expiresAt: row.expiresAt.toISOString(),
    serverTime: caller.now.toISOString(),
    payUrl: deps.links.payUrl({ ...caller, ucpOrderNo }),
    cardKey: deps.cards.cardKey,
    ...(row.returnUrl === null ? {} : { returnUrl: row.returnUrl }),
    ...(challenged && row.challengeUrl !== null ? { challengeUrl: row.challengeUrl } : {}),
    ...(tradeStatus === 'PAYERROR' && row.reason !== null ? { declineReason: shownReason(row.reason) } : {}),
  }
}

/** A buyer is told what helps to choose the next step; how our line to the acquirer fared does not. */
function shownReason(reason: string): string {
  return reason === 'not_received' ? 'processor_error' : reason
}

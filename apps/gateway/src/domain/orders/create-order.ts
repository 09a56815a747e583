import type { UnifiedOrderRequest } from '@ucanpay/wire/payment-requests'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { originOf } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { refuseCardNumbers } from '../free-texts.ts'
import { newGatewayNumber, newId, newOutNumber } from '../ids.ts'
import { requireAllowed, type AddressGuard } from '../notifications/address-guard.ts'
import { ORDER_COLUMNS, findOrder, type Order } from './order.ts'
import { checkReturnUrl } from './return-url.ts'

const DEFAULT_EXPIRES_IN_S = 7_200

/** The order, its expiry in the outbox and its audit row: one statement, one round trip, one commit. */
const PLACE = `with placed as (
  insert into orders (merchant_id, mode, ucp_order_no, out_trade_no, subject, body, total_amt, currency, scene_type,
                      capture_mode, notify_url, return_url, device_no, expires_in_s, expires_at, tran_time)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
  on conflict (merchant_id, mode, out_trade_no) do nothing
  returning ${ORDER_COLUMNS}
), queued as (
  insert into outbox (merchant_id, mode, job, ref, due_at) select $1, $2, 'expire-order', "ucpOrderNo", "expiresAt" from placed
), audited as (
  insert into audit_log (merchant_id, audit_id, mode, at, actor, action, target, request_id, ip, after)
  select $1, $17, $2, $16, $18, 'order.created', "ucpOrderNo", $19, $20, "tradeStatus" from placed
)
select * from placed`

/**
 * Places an order.
 *
 * @param deps.addresses decides where notifications may go
 * @returns the order; the earlier one where the same business values come again under one `outTradeNo`, however many
 *   arrive at once
 * @throws ApiError OUT_TRADE_NO_USED where they come with other values; PARAM_ERROR for an address that is not allowed
 * @see contract §4 /payment/unifiedorder
 */
export async function createOrder(
  deps: { db: Tx; addresses: AddressGuard },
  caller: Caller,
  request: UnifiedOrderRequest,
): Promise<Order> {
  const { subject, body, deviceNo } = request
  refuseCardNumbers({ subject, body, deviceNo })
  await requireAllowed(deps.addresses, request.notifyUrl, caller.mode)
  if (request.returnUrl !== undefined) checkReturnUrl(request.returnUrl, caller.mode)
  const wanted = wantedOrder(request, caller.now)
  const [placed] = await deps.db.query<Order>(PLACE, [
    caller.merchantId,
    caller.mode,
    newGatewayNumber(caller.now),
    wanted.outTradeNo,
    wanted.subject,
    wanted.body,
    wanted.totalAmt,
    wanted.currency,
    wanted.sceneType,
    wanted.captureMode,
    wanted.notifyUrl,
    wanted.returnUrl,
    wanted.deviceNo,
    wanted.expiresInS,
    new Date(caller.now.getTime() + wanted.expiresInS * 1000),
    caller.now,
    newId('aud', caller.now),
    caller.actor,
    caller.requestId,
    originOf(caller),
  ])
  if (placed) return placed
  const earlier = await findOrder(deps.db, caller, { outTradeNo: wanted.outTradeNo })
  const differs = (Object.keys(wanted) as (keyof Wanted)[]).find((name) => wanted[name] !== earlier[name])
  if (differs) throw new ApiError('OUT_TRADE_NO_USED', `the earlier order has another ${differs}`)
  return earlier
}

type Wanted = ReturnType<typeof wantedOrder>

/** The business values: what a repeat must repeat. */
function wantedOrder(request: UnifiedOrderRequest, now: Date) {
  return {
    outTradeNo: request.outTradeNo ?? newOutNumber(now),
    subject: request.subject,
    body: request.body,
    totalAmt: request.totalAmt,
    currency: request.currency ?? 'CAD',
    sceneType: request.sceneType,
    captureMode: request.captureMode ?? 'automatic',
    notifyUrl: request.notifyUrl,
    returnUrl: request.returnUrl ?? null,
    deviceNo: request.deviceNo ?? null,
    expiresInS: request.expiresIn ?? DEFAULT_EXPIRES_IN_S,
  } satisfies Partial<Order>
}

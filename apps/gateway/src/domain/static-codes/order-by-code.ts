import { createHash } from 'node:crypto'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import { requireAllowed, type AddressGuard } from '../notifications/address-guard.ts'
import { createOrder } from '../orders/create-order.ts'
import type { Order } from '../orders/order.ts'
import type { HeldStaticCode } from './static-code.ts'

/** A buyer at the till pays at once; an order that nobody pays is out of the way soon. */
const EXPIRES_IN_S = 900
/** Orders of one code that wait to be paid. No till has as many buyers at once; who fills it up locks the code, for 15 minutes. */
const MOST_UNPAID = 100

export interface OrderByCodeDeps {
  readonly db: Database
  readonly addresses: AddressGuard
}

/** What a buyer's form says. */
export interface CodeForm {
  /** Minor units of the code's currency. */
  readonly totalAmt: number
  /** 128 random bits of the page's own: the same form gives the same order. */
  readonly formToken: string
}

/**
 * Places an ordinary order by a static code, for a buyer without an account.
 *
 * @param caller of the code's merchant and mode; its actor is `buyer`
 * @returns the order; the earlier one where the same form comes again, however many arrive at once
 * @throws ApiError INVALID_REQUEST where the code is switched off; PARAM_ERROR for an amount outside its bounds;
 *   OUT_TRADE_NO_USED where the form comes again with another amount; FREQUENCY_LIMITED where 100 orders wait to be paid
 */
export async function orderByCode(
  deps: OrderByCodeDeps,
  caller: Caller,
  { code, form }: { code: HeldStaticCode; form: CodeForm },
): Promise<Order> {
  if (form.totalAmt < code.minAmt || form.totalAmt > code.maxAmt) {
    throw new ApiError('PARAM_ERROR', 'the amount is outside the bounds of the code', {
      failures: [{ pointer: '/totalAmt', rule: form.totalAmt < code.minAmt ? 'minimum' : 'maximum' }],
    })
  }
  // Before the lock: looking up the host can take its time, and the answer is kept for when the order asks again.
  await requireAllowed(deps.addresses, code.notifyUrl, caller.mode)
  const outTradeNo = numberOf(code.codeId, form.formToken)
  return deps.db.transaction(async (tx) => {
    await takeTurn(tx, caller, code.codeId)
    const isRepeat = await isPlaced(tx, caller, outTradeNo)
    if (!isRepeat) await requireRoom(tx, caller, code.codeId)
    const { subject, currency, notifyUrl } = code
    const order = await createOrder({ ...deps, db: tx }, caller, {
      ...{ outTradeNo, subject, body: subject, currency, notifyUrl },
      totalAmt: form.totalAmt,
      sceneType: 'NATIVE',
      expiresIn: EXPIRES_IN_S,
    })
    if (!isRepeat) await link(tx, caller, { ucpOrderNo: order.ucpOrderNo, codeId: code.codeId })
    return order
  })
}

/** Orders of one code take turns, or ten at once would each find the last place free. */
async function takeTurn(tx: Tx, caller: Caller, codeId: string): Promise<void> {
  const rows = await tx.query(
    `update static_codes set last_used_at = $4
     where merchant_id = $1 and mode = $2 and code_id = $3 and enabled returning 1`,
    [caller.merchantId, caller.mode, codeId, caller.now],
  )
  if (rows.length === 0) throw new ApiError('INVALID_REQUEST', 'the code is switched off')
}

/** Hashed, so that no form can be made that hits a number of the merchant's own. */
function numberOf(codeId: string, formToken: string): string {
  return `Q${createHash('sha256').update(`${codeId} ${formToken}`).digest('hex').slice(0, 31)}`
}

async function isPlaced(tx: Tx, caller: Caller, outTradeNo: string): Promise<boolean> {
  const rows = await tx.query(`select 1 from orders where merchant_id = $1 and mode = $2 and out_trade_no = $3`, [
    caller.merchantId,
    caller.mode,
    outTradeNo,
  ])
  return rows.length > 0
}

/** Counts those that are young enough to be open, so it reads a quarter of an hour of the code and not its history. */
async function requireRoom(tx: Tx, caller: Caller, codeId: string): Promise<void> {
  const [unpaid] = await tx.query<{ count: number }>(
    `select count(*)::int as count from static_code_orders s
     join orders o on o.merchant_id = s.merchant_id and o.mode = s.mode and o.ucp_order_no = s.ucp_order_no
     where s.merchant_id = $1 and s.mode = $2 and s.code_id = $3 and s.placed_at > $4
       and o.trade_status in ('NOTPAY', 'USERPAYING', 'PAYERROR')`,
    [caller.merchantId, caller.mode, codeId, new Date(caller.now.getTime() - EXPIRES_IN_S * 1000)],
  )
  if ((unpaid?.count ?? 0) >= MOST_UNPAID)
    throw new ApiError('FREQUENCY_LIMITED', 'too many orders of the code wait to be paid')
}

async function link(tx: Tx, caller: Caller, made: { ucpOrderNo: string; codeId: string }): Promise<void> {
  await tx.query(
    `insert into static_code_orders (merchant_id, mode, ucp_order_no, code_id, placed_at) values ($1, $2, $3, $4, $5)`,
    [caller.merchantId, caller.mode, made.ucpOrderNo, made.codeId, caller.now],
  )
}

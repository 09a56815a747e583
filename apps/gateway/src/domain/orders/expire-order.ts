import type { Database } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { dequeue, postpone } from '../notifications/outbox.ts'
import { moveOrder } from './move-order.ts'
import { lockOrder } from './order.ts'

/** While the buyer is paying, an expired order is looked at again after this. */
const LOOK_AGAIN_MS = 5_000

/** Closes an order whose time is up. One that is being paid stays open until the attempt is settled. */
export function expireOrder(db: Database, caller: Caller, ucpOrderNo: string): Promise<void> {
  return db.transaction(async (tx) => {
    const order = await lockOrder(tx, caller, { ucpOrderNo })
    const job = { job: 'expire-order', ref: ucpOrderNo } as const
    if (order.tradeStatus === 'USERPAYING') {
      await postpone(tx, caller, { ...job, dueAt: new Date(caller.now.getTime() + LOOK_AGAIN_MS) })
      return
    }
    if (order.tradeStatus === 'NOTPAY' || order.tradeStatus === 'PAYERROR') {
      await moveOrder(tx, caller, { order, to: { tradeStatus: 'CLOSED' } })
    }
    await dequeue(tx, caller, job)
  })
}

import fc from 'fast-check'
import { TRADE_STATUSES } from '@ucanpay/wire/statuses'
import { describe, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/gateway.ts'

async function refused(gateway: TestGateway, statement: string, values: unknown[] = []): Promise<string> {
  try {
    await gateway.gateway.deps.db.query(statement, values)
    return 'accepted'
  } catch (error) {
    return (error as { code?: string }).code ?? 'refused'
  }
}

const CHECK_VIOLATION = '23514'
const RESTRICT_VIOLATION = '23001'

const INSERT = `insert into ledger_entries (merchant_id, mode, posting_id, line, kind, account, currency, amount, ref, at)
  select $1, 'test', 'P', line, 'payout', account, currency, amount, 'X', now()
  from unnest($2::smallint[], $3::text[], $4::text[], $5::bigint[]) as l (line, account, currency, amount)`

describe('the database itself', () => {
  test('refuses postings that do not balance, in one currency', async () => {
    const gateway = await startGateway()
    const id = gateway.merchant.merchantId
    const accounts = ['fees_receivable', 'fee_revenue']
    expect(await refused(gateway, INSERT, [id, [1], ['fees_receivable'], ['CAD'], [100]])).toBe(CHECK_VIOLATION)
    expect(await refused(gateway, INSERT, [id, [1, 2], accounts, ['CAD', 'CAD'], [100, -99]])).toBe(CHECK_VIOLATION)
    expect(await refused(gateway, INSERT, [id, [1, 2], accounts, ['CAD', 'USD'], [100, -100]])).toBe(CHECK_VIOLATION)
    expect(await refused(gateway, INSERT, [id, [1, 2], accounts, ['CAD', 'CAD'], [100, -100]])).toBe('accepted')
  })

  test('refuses to change or remove what is written', async () => {
    const gateway = await startGateway()
    await gateway.paidOrder()
    for (const table of ['ledger_entries', 'audit_log']) {
      expect(await refused(gateway, `update ${table} set at = now()`)).toBe(RESTRICT_VIOLATION)
      expect(await refused(gateway, `delete from ${table}`)).toBe(RESTRICT_VIOLATION)
      expect(await refused(gateway, `truncate ${table} cascade`)).toBe(RESTRICT_VIOLATION)
    }
    expect(await refused(gateway, 'delete from orders')).not.toBe('accepted')
    expect(await refused(gateway, 'delete from payment_attempts')).not.toBe('accepted')
    expect(await refused(gateway, `update payment_attempts set status = 'pending', ended_at = null`)).toBe(
      CHECK_VIOLATION,
    )
    expect(await refused(gateway, `update orders set total_amt = 1`)).toBe(CHECK_VIOLATION)
    expect(await refused(gateway, `update orders set refund_amt = 451`)).toBe(CHECK_VIOLATION)
  })

  test('refuses every move of an order that the table of moves does not list', async () => {
    const gateway = await startGateway({ role: 'api' })
    const { db } = gateway.gateway.deps
    const listed = await db.query<{ from_status: string; to_status: string }>('select * from order_transitions')
    const legal = new Set(listed.map((move) => `${move.from_status} ${move.to_status}`))
    const { ucpOrderNo } = (await gateway.place()).data
    const tried: string[] = []
    for (const from of TRADE_STATUSES) {
      for (const to of TRADE_STATUSES) {
        if (from === to || legal.has(`${from} ${to}`)) continue
        const outcome = await db
          .transaction(async (tx) => {
            // The guard is off for the way there only; the move itself meets it.
            const taken = from === 'SUCCESS' || from === 'REFUND' || from === 'REVOKED' ? 450 : 0
            await tx.query('alter table orders disable trigger orders_guard')
            await tx.query('update orders set trade_status = $1, captured_amt = $2 where ucp_order_no = $3', [
              from,
              taken,
              ucpOrderNo,
            ])
            await tx.query('alter table orders enable trigger orders_guard')
            await tx.query('update orders set trade_status = $1, captured_amt = captured_amt where ucp_order_no = $2', [
              to,
              ucpOrderNo,
            ])
          })
          .then(() => 'accepted')
          .catch((error: unknown) => (error as Error).message)
        tried.push(outcome)
        expect(outcome).toBe(`an order cannot go from ${from} to ${to}`)
      }
    }
    expect(tried).toHaveLength(8 * 7 - legal.size)
    expect(await refused(gateway, `insert into orders select * from orders`)).not.toBe('accepted')
  })
})

type Step = 'pay' | 'refund' | 'capture' | 'reverse' | 'close'

test('whatever is done in whatever order, the books balance and agree with the acquirer', async () => {
  const gateway = await startGateway({ feeBasisPoints: 290 })
  const step = fc.constantFrom<Step>('pay', 'refund', 'capture', 'reverse', 'close')
  const history = fc.record({
    manual: fc.boolean(),
    totalAmt: fc.integer({ min: 1, max: 100_000 }),
    steps: fc.array(step, { maxLength: 6 }),
  })
  let number = 0
  await fc.assert(
    fc.asyncProperty(history, async ({ manual, totalAmt, steps }) => {
      const { outTradeNo, payUrl } = (await gateway.place({ totalAmt, captureMode: manual ? 'manual' : 'automatic' }))
        .data
      for (const each of steps) {
        if (each === 'pay') await gateway.pay(payUrl)
        if (each === 'capture')
          await gateway.post('/payment/capture', { outTradeNo, captureAmt: Math.ceil(totalAmt / 2) })
        if (each === 'reverse') await gateway.post('/payment/reverse', { outTradeNo })
        if (each === 'close') await gateway.post('/payment/closeorder', { outTradeNo })
        if (each === 'refund') {
          const refund = {
            outTradeNo,
            outRefundNo: `R${++number}`,
            totalAmt,
            refundAmt: Math.ceil(totalAmt / 3),
            refundDesc: 'x',
          }
          await gateway.post('/payment/refund', refund)
        }
      }
    }),
    { numRuns: 40 },
  )
  const { db } = gateway.gateway.deps
  const unsettled = (): Promise<unknown[]> =>
    db.query(`select 1 from outbox where job in ('send-refund', 'send-reversal', 'resolve-attempt')`)
  await expect.poll(unsettled, { timeout: 10_000 }).toHaveLength(0)

  const drift = await db.query(
    `select account, currency from ledger_balances b
     where balance <> (select coalesce(sum(amount), 0) from ledger_entries e
                       where e.merchant_id = b.merchant_id and e.mode = b.mode and e.account = b.account and e.currency = b.currency)`,
  )
  expect(drift).toEqual([])
  const [sums] = await db.query<{ entries: number; pending: number; receivable: number; acquirer: number }>(
    `select (select sum(amount)::bigint from ledger_entries) as entries,
            (select coalesce(sum(balance), 0)::bigint from ledger_balances where account = 'refunds_pending') as pending,
            (select coalesce(sum(balance), 0)::bigint from ledger_balances where account = 'acquirer_receivable') as receivable,
            (select coalesce(sum(case when operation = 'refund' then -amount when captured then amount else 0 end), 0)::bigint
             from sandbox_acquirer.operations where operation in ('authorise', 'refund') and status = 'succeeded') as acquirer`,
  )
  expect(sums).toMatchObject({ entries: 0, pending: 0 })
  expect(sums?.receivable).toBe(sums?.acquirer) // Money moved at the acquirer is money in the ledger.
})

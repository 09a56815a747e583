import { describe, expect, test } from 'vitest'
import { recordPayout } from '../../src/domain/ledger/record-payout.ts'
import { operator, startGateway } from '../support/gateway.ts'

const YEAR_MS = 366 * 86_400_000

function refundOf(outTradeNo: string, outRefundNo: string, amounts: number | [number, number]): object {
  const [refundAmt, totalAmt] = [amounts, 1000].flat()
  return { outTradeNo, outRefundNo, totalAmt, refundAmt, refundDesc: 'cold' }
}

describe('/payment/refund', () => {
  test('fifty refunds of thirty per cent at once: three succeed', async () => {
    const gateway = await startGateway()
    const { outTradeNo } = await gateway.paidOrder({ totalAmt: 1000 })
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => gateway.post('/payment/refund', refundOf(outTradeNo, `R${index}`, 300))),
    )
    const accepted = replies.filter((reply) => reply.msg === 'SUCCESS')
    expect(accepted).toHaveLength(3)
    for (const reply of replies)
      if (reply.msg !== 'SUCCESS') expect([reply.status, reply.msg]).toEqual([422, 'INVALID_REQUEST'])
    await gateway.receiver.waitFor(4)
    const { data } = await gateway.post('/payment/orderquery', { outTradeNo })
    expect(data).toMatchObject({ tradeStatus: 'REFUND', totalRefundAmt: 900 })
  })

  test('the same refund fifty times at once is one refund', async () => {
    const gateway = await startGateway()
    const { outTradeNo } = await gateway.paidOrder({ totalAmt: 1000 })
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => gateway.post('/payment/refund', refundOf(outTradeNo, 'R1', 300))),
    )
    expect(new Set(replies.map((reply) => reply.data['ucpRefundNo'])).size).toBe(1)
    expect(await gateway.rows('refunds')).toHaveLength(1)
    const queried = await gateway.post('/payment/refundquery', { outRefundNo: 'R1' })
    expect(queried.data).toMatchObject({ refundAmt: 300, totalRefundAmt: 300 })
  })

  test('a number used before with other values is refused, for this order and for another', async () => {
    const gateway = await startGateway()
    const { outTradeNo } = await gateway.paidOrder({ totalAmt: 1000 })
    const other = await gateway.paidOrder({ totalAmt: 1000 })
    await gateway.post('/payment/refund', refundOf(outTradeNo, 'R1', 300))
    for (const body of [
      refundOf(outTradeNo, 'R1', 301),
      refundOf(other.outTradeNo, 'R1', 300),
      { ...refundOf(outTradeNo, 'R1', 300), refundDesc: 'other' },
      { ...refundOf(outTradeNo, 'R1', 300), totalAmt: 999 },
      refundOf(outTradeNo, 'R2', [100, 999]),
    ]) {
      const reply = await gateway.post('/payment/refund', body)
      expect([reply.status, reply.msg]).toEqual([409, 'REFUND_FEE_MISMATCH'])
    }
    expect(await gateway.rows('refunds')).toHaveLength(1)
  })

  test('one number for two orders at the same instant refunds one of them', async () => {
    const gateway = await startGateway()
    const orders = [await gateway.paidOrder({ totalAmt: 1000 }), await gateway.paidOrder({ totalAmt: 1000 })]
    const replies = await Promise.all(
      orders.map(({ outTradeNo }) => gateway.post('/payment/refund', refundOf(outTradeNo, 'SAME', 300))),
    )
    expect(replies.map((reply) => reply.msg).sort()).toEqual(['REFUND_FEE_MISMATCH', 'SUCCESS'])
  })

  test('ten refunds are allowed, an eleventh is not', async () => {
    const gateway = await startGateway()
    const { outTradeNo } = await gateway.paidOrder({ totalAmt: 1000 })
    for (let index = 1; index <= 10; index++) {
      expect((await gateway.post('/payment/refund', refundOf(outTradeNo, `R${index}`, 10))).msg).toBe('SUCCESS')
    }
    const reply = await gateway.post('/payment/refund', refundOf(outTradeNo, 'R11', 10))
    expect([reply.status, reply.msg]).toEqual([422, 'INVALID_REQUEST'])
  })

  test('a year later it is too late, and before the payment too early', async () => {
    const gateway = await startGateway()
    const { outTradeNo } = await gateway.paidOrder({ totalAmt: 1000 })
    const unpaid = (await gateway.place({ totalAmt: 1000 })).data['outTradeNo'] as string
    const early = await gateway.post('/payment/refund', refundOf(unpaid, 'R1', 10))
    expect([early.status, early.msg]).toEqual([409, 'ORDER_NOT_READY'])
    gateway.moveClock(YEAR_MS)
    await gateway.gateway.deps.db.query(`update api_keys set expires_at = $1`, [new Date(Date.now() + 2 * YEAR_MS)])
    const late = async (): Promise<unknown> =>
      (await gateway.post('/payment/refund', refundOf(outTradeNo, 'R1', 10))).msg
    await expect.poll(late).toBe('TRADE_OVERDUE') // The key's old expiry is remembered for half a second.
  })

  test('what was paid out to the merchant cannot be refunded from', async () => {
    const gateway = await startGateway()
    const { outTradeNo } = await gateway.paidOrder({ totalAmt: 1000 })
    const caller = operator(gateway.merchant.merchantId, 'test')
    await gateway.gateway.deps.db.transaction((tx) => recordPayout(tx, caller, { amount: 800, currency: 'CAD' }))
    const reply = await gateway.post('/payment/refund', refundOf(outTradeNo, 'R1', 201))
    expect([reply.status, reply.msg]).toEqual([422, 'NOTENOUGH'])
    expect((await gateway.post('/payment/refund', refundOf(outTradeNo, 'R2', 200))).msg).toBe('SUCCESS')
    expect((await gateway.post('/payment/reverse', { outTradeNo })).msg).toMatch(/NOTENOUGH|ORDER_NOT_READY/)
  })

  test("a stranger's order is no order, and a stranger's refund no refund", async () => {
    const gateway = await startGateway()
    const stranger = await gateway.addMerchant()
    const { outTradeNo } = await gateway.paidOrder({ totalAmt: 1000 })
    await gateway.post('/payment/refund', refundOf(outTradeNo, 'R1', 10))
    const key = { key: stranger.secretKey }
    expect((await gateway.post('/payment/refund', refundOf(outTradeNo, 'R2', 10), key)).msg).toBe('ORDERNOTEXIST')
    expect((await gateway.post('/payment/refundquery', { outRefundNo: 'R1' }, key)).msg).toBe('REFUNDNOTEXIST')
    expect((await gateway.get('/payment/refund/status?outRefundNo=R1', key)).msg).toBe('REFUNDNOTEXIST')
    expect((await gateway.get('/payment/refund/status?outRefundNo=R1')).data).toMatchObject({ refundAmt: 10 })
    expect((await gateway.post('/payment/refundquery', {})).msg).toBe('LACK_PARAMS')
  })

  test('a refund that the acquirer refuses gives its amount back to what can be refunded', async () => {
    const gateway = await startGateway()
    const { payUrl, outTradeNo } = (await gateway.place({ totalAmt: 1000 })).data as {
      payUrl: string
      outTradeNo: string
    }
    await gateway.pay(payUrl, { number: '4000000000005126' })
    await gateway.post('/payment/refund', refundOf(outTradeNo, 'R1', 1000))
    const [, told] = await gateway.receiver.waitFor(2)
    expect(told?.data).toMatchObject({ outRefundNo: 'R1', refundStatus: 'FAIL', tradeStatus: 'SUCCESS' })
    expect((await gateway.post('/payment/orderquery', { outTradeNo })).data['totalRefundAmt']).toBe(0)
    expect((await gateway.post('/payment/refund', refundOf(outTradeNo, 'R2', 1000))).msg).toBe('SUCCESS')
  })
})

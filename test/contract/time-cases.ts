import { expect } from 'vitest'
import { expectRefusal, fresh, type Cases } from './speak.ts'

const DAY_MS = 86_400_000

/** What time does (contract §4). Each case moves the clock for those after it. */
export const timeCases: Cases = {
  'an unpaid order is closed when its time is up, and a paid one is not': async (c) => {
    const unpaid = await c.place({ expiresIn: 60 })
    const declined = await c.paid({ expiresIn: 60 }, '4000000000000002')
    const paid = await c.paid({ expiresIn: 60 })
    const held = await c.paid({ expiresIn: 60, captureMode: 'manual' })
    c.target.moveClock(61_000)
    await expect(c.target.pay(unpaid, '4242424242424242')).rejects.toMatchObject({ msg: 'ORDERCLOSED' })
    await c.target.work()
    const states = []
    for (const order of [unpaid, declined, paid, held]) states.push((await c.query(order))['tradeStatus'])
    expect(states).toEqual(['CLOSED', 'CLOSED', 'SUCCESS', 'AUTHORIZED'])
  },
  'a request that never arrived can be paid again after a while': async (c) => {
    const order = await c.paid({}, '4000000000007403')
    await c.target.work()
    expect((await c.query(order))['tradeStatus']).toBe('USERPAYING')
    c.target.moveClock(60_000)
    await c.target.work()
    expect((await c.query(order))['tradeStatus']).toBe('PAYERROR')
    await c.target.pay(order, '4242424242424242')
    expect((await c.query(order))['tradeStatus']).toBe('SUCCESS')
  },
  'a challenge that nobody answers is taken back after ten minutes': async (c) => {
    const order = await c.paid({}, '4000000000003220')
    c.target.moveClock(9 * 60_000)
    await c.target.work()
    expect((await c.query(order))['tradeStatus']).toBe('USERPAYING')
    c.target.moveClock(2 * 60_000)
    await c.target.work()
    expect((await c.query(order))['tradeStatus']).toBe('PAYERROR')
  },
  'an Idempotency-Key is kept for 24 hours': async (c) => {
    const headers = { 'idempotency-key': fresh() }
    const send = () => c.post('/v1/payments', c.order(), { headers })
    c.ok(await send())
    c.target.moveClock(DAY_MS - 60_000)
    expectRefusal(await send(), 'OUT_TRADE_NO_USED')
    c.target.moveClock(120_000)
    c.ok(await send())
  },
  'a payment is reversed within 7 days, and refunded within a year': async (c) => {
    const first = await c.paid()
    const second = await c.paid()
    c.target.moveClock(7 * DAY_MS - 60_000)
    c.ok(await c.post('/payment/reverse', { outTradeNo: first.outTradeNo }))
    c.target.moveClock(120_000)
    expectRefusal(await c.post('/payment/reverse', { outTradeNo: second.outTradeNo }), 'TRADE_OVERDUE')
    c.ok(await c.post('/payment/refund', c.refundOf(second)))
    c.target.moveClock(359 * DAY_MS)
    // The key itself has expired by now; a new one is good.
    const key = await c.target.addKey('sk', [])
    expectRefusal(await c.post('/payment/refund', c.refundOf(second), { key }), 'TRADE_OVERDUE')
  },
}

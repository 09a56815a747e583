import { expect } from 'vitest'
import { expectRefusal, fresh, tally, type Cases } from './speak.ts'

const REFUNDS_FAIL = '4000000000005126'
const MEMBERS = (
  'currency merchantId nonceStr outRefundNo outTradeNo refundAmt refundStatus sign signType totalAmt totalRefundAmt ' +
  'ucpOrderNo ucpRefundNo'
).split(' ')
const PATH = '/payment/refund'

/** Refunds (contract §4). */
export const refundCases: Cases = {
  'an accepted refund has every member of the contract, and no other': async (c) => {
    const order = await c.paid()
    const outRefundNo = fresh()
    const data = c.ok(await c.post(PATH, c.refundOf(order, { outRefundNo })))
    expect(Object.keys(data).sort()).toEqual(MEMBERS)
    const { outTradeNo, ucpOrderNo } = order
    expect(data).toMatchObject({ outTradeNo, ucpOrderNo, outRefundNo, refundStatus: 'PROCESSING', refundAmt: 100 })
    expect(data).toMatchObject({ totalAmt: 450, totalRefundAmt: 100, currency: 'CAD' })
    expect(data['ucpRefundNo']).toMatch(/^[0-9]{1,20}$/)
    expect(await c.query(order)).toMatchObject({ tradeStatus: 'SUCCESS', totalRefundAmt: 100 })
  },
  'its result comes by query, with the time': async (c) => {
    const order = await c.paid()
    const refund = c.refundOf(order)
    const { ucpRefundNo, outRefundNo } = c.ok(await c.post(PATH, refund))
    await c.target.work()
    for (const ref of [{ outRefundNo }, { ucpRefundNo }, { ucpRefundNo, outRefundNo: 'Other' }]) {
      const data = c.ok(await c.post('/payment/refundquery', ref))
      expect(Object.keys(data).sort()).toEqual([...MEMBERS, 'refundSuccessTime'].sort())
      expect(data).toMatchObject({ refundStatus: 'SUCCESS', refundAmt: 100, totalRefundAmt: 100 })
    }
    const byGet = c.ok(await c.get(`/payment/refund/status?outRefundNo=${String(outRefundNo)}`))
    expect(byGet).toMatchObject({ ucpRefundNo, refundStatus: 'SUCCESS' })
    expect(await c.query(order)).toMatchObject({ tradeStatus: 'REFUND', totalRefundAmt: 100 })
  },
  'a refused refund gives its amount back to what can be refunded': async (c) => {
    const order = await c.paid({}, REFUNDS_FAIL)
    const { outRefundNo } = c.ok(await c.post(PATH, c.refundOf(order, { refundAmt: 450 })))
    await c.target.work()
    const data = c.ok(await c.post('/payment/refundquery', { outRefundNo }))
    expect(Object.keys(data).sort()).toEqual(MEMBERS)
    expect(data).toMatchObject({ refundStatus: 'FAIL', totalRefundAmt: 0 })
    expect(await c.query(order)).toMatchObject({ tradeStatus: 'SUCCESS', totalRefundAmt: 0 })
    c.ok(await c.post(PATH, c.refundOf(order, { refundAmt: 450 })))
  },
  'no number is LACK_PARAMS, an unknown one REFUNDNOTEXIST': async (c) => {
    const lacking = { detail: ['/outRefundNo', 'required'] } as const
    expectRefusal(await c.post('/payment/refundquery', {}), 'LACK_PARAMS', lacking)
    expectRefusal(await c.get('/payment/refund/status'), 'LACK_PARAMS', lacking)
    for (const ref of [{ outRefundNo: 'Nobodys' }, { ucpRefundNo: '7' }]) {
      expectRefusal(await c.post('/payment/refundquery', ref), 'REFUNDNOTEXIST')
    }
    expectRefusal(await c.get('/payment/refund/status?ucpRefundNo=7'), 'REFUNDNOTEXIST')
    const unknown = await c.get('/payment/refund/status?outTradeNo=1')
    expectRefusal(unknown, 'PARAM_ERROR', { detail: ['', 'additionalProperties'] })
  },
  'an order that is none has no refunds': async (c) => {
    const body = { outRefundNo: fresh(), totalAmt: 450, refundAmt: 1, refundDesc: 'cold' }
    expectRefusal(await c.post(PATH, body), 'LACK_PARAMS', { detail: ['/ucpOrderNo', 'required'] })
    expectRefusal(await c.post(PATH, { ...body, outTradeNo: 'Nobodys' }), 'ORDERNOTEXIST')
  },
  'the same values are the same refund, before and after it is settled': async (c) => {
    const refund = c.refundOf(await c.paid())
    const { ucpRefundNo } = c.ok(await c.post(PATH, refund))
    expect(c.ok(await c.post(PATH, refund))).toMatchObject({ ucpRefundNo, refundStatus: 'PROCESSING' })
    await c.target.work()
    const again = c.ok(await c.post(PATH, refund))
    expect(again).toMatchObject({ ucpRefundNo, refundStatus: 'SUCCESS', totalRefundAmt: 100 })
  },
  'other values under its number are REFUND_FEE_MISMATCH': async (c) => {
    const order = await c.paid()
    const other = await c.paid()
    const refund = c.refundOf(order)
    c.ok(await c.post(PATH, refund))
    const { outTradeNo } = other
    for (const values of [{ refundAmt: 101 }, { refundDesc: 'late' }, { notifyUrl: c.target.receiver.url }]) {
      expectRefusal(await c.post(PATH, { ...refund, ...values }), 'REFUND_FEE_MISMATCH')
    }
    expectRefusal(await c.post(PATH, { ...refund, totalAmt: 451 }), 'REFUND_FEE_MISMATCH')
    expectRefusal(await c.post(PATH, { ...refund, outTradeNo }), 'REFUND_FEE_MISMATCH')
  },
  'a total that is not the order’s is REFUND_FEE_MISMATCH': async (c) => {
    const order = await c.paid()
    expectRefusal(await c.post(PATH, c.refundOf(order, { totalAmt: 449 })), 'REFUND_FEE_MISMATCH')
  },
  'never more goes back than was paid': async (c) => {
    const order = await c.paid()
    expectRefusal(await c.post(PATH, c.refundOf(order, { refundAmt: 451 })), 'INVALID_REQUEST')
    c.ok(await c.post(PATH, c.refundOf(order, { refundAmt: 400 })))
    expectRefusal(await c.post(PATH, c.refundOf(order, { refundAmt: 51 })), 'INVALID_REQUEST')
    c.ok(await c.post(PATH, c.refundOf(order, { refundAmt: 50 })))
    expectRefusal(await c.post(PATH, c.refundOf(order, { refundAmt: 1 })), 'INVALID_REQUEST')
  },
  'never more goes back than was captured': async (c) => {
    const order = await c.paid({ captureMode: 'manual' })
    c.ok(await c.post('/payment/capture', { outTradeNo: order.outTradeNo, captureAmt: 200 }))
    expectRefusal(await c.post(PATH, c.refundOf(order, { refundAmt: 201 })), 'INVALID_REQUEST')
    c.ok(await c.post(PATH, c.refundOf(order, { refundAmt: 200 })))
  },
  'refunds sent at once never give back more than was paid': async (c) => {
    const order = await c.paid()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => c.post(PATH, c.refundOf(order, { refundAmt: 100 }))),
    )
    expect(tally(answers)).toEqual({ SUCCESS: 4, INVALID_REQUEST: 6 })
  },
  'ten at once under one number are one refund': async (c) => {
    const refund = c.refundOf(await c.paid())
    const answers = await Promise.all(Array.from({ length: 10 }, () => c.post(PATH, refund)))
    expect(new Set(answers.map((answer) => c.ok(answer)['ucpRefundNo'])).size).toBe(1)
  },
  'the eleventh refund of a payment is refused, failed ones counted': async (c) => {
    const order = await c.paid({}, REFUNDS_FAIL)
    for (let count = 0; count < 10; count++) c.ok(await c.post(PATH, c.refundOf(order, { refundAmt: 1 })))
    expectRefusal(await c.post(PATH, c.refundOf(order, { refundAmt: 1 })), 'INVALID_REQUEST')
    await c.target.work()
    expectRefusal(await c.post(PATH, c.refundOf(order, { refundAmt: 1 })), 'INVALID_REQUEST')
  },
  'a partly refunded payment is not reversed, and one whose refund failed is': async (c) => {
    const order = await c.paid()
    c.ok(await c.post(PATH, c.refundOf(order)))
    expectRefusal(await c.post('/payment/reverse', { outTradeNo: order.outTradeNo }), 'ORDER_NOT_READY')
    const other = await c.paid({}, REFUNDS_FAIL)
    c.ok(await c.post(PATH, c.refundOf(other)))
    await c.target.work()
    const data = c.ok(await c.post('/payment/reverse', { outTradeNo: other.outTradeNo }))
    expect(data).toMatchObject({ tradeStatus: 'REVOKED', totalRefundAmt: 450 })
  },
  'a refund that the balance does not cover is NOTENOUGH, as a reversal is': async (c) => {
    const order = await c.paid({ currency: 'KWD', totalAmt: 1000 })
    await c.target.payOut('KWD', 900)
    expectRefusal(await c.post(PATH, c.refundOf(order, { refundAmt: 101 })), 'NOTENOUGH')
    expectRefusal(await c.post('/payment/reverse', { outTradeNo: order.outTradeNo }), 'NOTENOUGH')
    c.ok(await c.post(PATH, c.refundOf(order, { refundAmt: 100 })))
    expectRefusal(await c.post(PATH, c.refundOf(order, { refundAmt: 1 })), 'NOTENOUGH')
  },
  'a bad notifyUrl of a refund is refused': async (c) => {
    const order = await c.paid()
    const answer = await c.post(PATH, c.refundOf(order, { notifyUrl: 'https://10.0.0.1/' }))
    expectRefusal(answer, 'PARAM_ERROR', { detail: ['/notifyUrl', 'address'] })
  },
}

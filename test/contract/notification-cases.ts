import { createHmac } from 'node:crypto'
import { expect } from 'vitest'
import { TAKEN, type Received } from '../../apps/gateway/test/support/receiver.ts'
import type { Cases, Speaker } from './speak.ts'

const PAYMENT =
  'body currency merchantId nonceStr outTradeNo sceneType sign signType timeEnd totalAmt tradeStatus ucpOrderNo'
const REFUND = `${PAYMENT} outRefundNo refundAmt refundStatus refundTime ucpRefundNo`

/** What came about an order so far. */
function about({ target }: Speaker, { outTradeNo }: { outTradeNo: string }): Received[] {
  return target.receiver.received.filter(({ data }) => data['outTradeNo'] === outTradeNo)
}

function expectSigned({ target }: Speaker, { headers, raw }: Received): void {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp } = headers
  expect(id).toMatch(/^msg_[0-9a-z]+$/)
  expect(Math.abs(Number(timestamp) * 1000 - Date.now())).toBeLessThan(60_000)
  expect(headers['content-type']).toBe('application/json; charset=utf-8')
  expect(headers['user-agent']).toBe('UCanPay-Notifications/1.0')
  const key = Buffer.from(target.webhookSecret.replace('whsec_', ''), 'base64')
  const mac = createHmac('sha256', key)
    .update(`${String(id)}.${String(timestamp)}.${raw}`)
    .digest('base64')
  expect(headers['webhook-signature']).toBe(`v1,${mac}`)
}

/** Notifications (contract §6). */
export const notificationCases: Cases = {
  'a payment is told, with every member, signed both ways': async (c) => {
    const order = await c.paid()
    await c.target.deliver()
    const [told, ...more] = about(c, order)
    if (!told) throw new Error('nothing came')
    expect(more).toEqual([])
    expectSigned(c, told)
    const body = JSON.parse(told.raw) as Record<string, unknown>
    expect(Object.keys(body).sort()).toEqual(['code', 'data', 'msg', 'timestamp'])
    // The members are signed over the path of the notifyUrl: an answer from there would be.
    const { pathname } = new URL(c.target.receiver.url)
    c.okData(told.data, pathname)
    expect(Object.keys(told.data).sort()).toEqual(PAYMENT.split(' ').sort())
    expect(told.data).toMatchObject({
      ...{ totalAmt: 450, currency: 'CAD' },
      tradeStatus: 'SUCCESS',
      sceneType: 'MWEB',
    })
  },
  'held money is told, and its capture': async (c) => {
    const order = await c.paid({ captureMode: 'manual', deviceNo: 'Till1' })
    await c.target.deliver()
    c.ok(await c.post('/payment/capture', { outTradeNo: order.outTradeNo }))
    await c.target.deliver()
    const told = about(c, order).map(({ data }) => [data['tradeStatus'], data['deviceNo'], 'timeEnd' in data])
    expect(told).toEqual([
      ['AUTHORIZED', 'Till1', false],
      ['SUCCESS', 'Till1', true],
    ])
  },
  'a refund is told once it is settled, to its own address': async (c) => {
    const order = await c.paid({ notifyUrl: 'https://shop.example/n' })
    const notifyUrl = c.target.receiver.url
    const { outRefundNo, ucpRefundNo } = c.ok(await c.post('/payment/refund', c.refundOf(order, { notifyUrl })))
    await c.target.work()
    await c.target.deliver()
    const [told] = about(c, order)
    if (!told) throw new Error('nothing came')
    expectSigned(c, told)
    expect(Object.keys(told.data).sort()).toEqual(REFUND.split(' ').sort())
    expect(told.data).toMatchObject({
      outRefundNo,
      ucpRefundNo,
      refundStatus: 'SUCCESS',
      refundAmt: 100,
      tradeStatus: 'REFUND',
    })
  },
  'a refused refund is told without a time': async (c) => {
    const order = await c.paid({}, '4000000000005126')
    c.ok(await c.post('/payment/refund', c.refundOf(order)))
    await c.target.work()
    await c.target.deliver()
    const told = about(c, order).find(({ data }) => 'refundStatus' in data) // They may come in either order.
    expect(told?.data).toMatchObject({ refundStatus: 'FAIL', tradeStatus: 'SUCCESS' })
    expect(told?.data).not.toHaveProperty('refundTime')
  },
  'it comes again until it is taken, under one id, and not after': async (c) => {
    const order = await c.paid()
    for (const answer of [
      { status: 500, body: '' },
      { status: 200, body: '{"return_code":"FAIL"}' },
      { status: 200, body: 'ok' },
      { status: 302, body: '{"return_code":"SUCCESS"}' },
      TAKEN,
      TAKEN,
    ]) {
      c.target.receiver.answer = answer
      await c.target.deliver()
    }
    const told = about(c, order)
    expect(told).toHaveLength(5)
    expect(new Set(told.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(told.map(({ data }) => data['nonceStr'])).size).toBe(5) // Each attempt is signed anew.
  },
  'a declined, closed or reversed order is told of by nobody': async (c) => {
    const order = await c.paid({}, '4000000000000002')
    c.ok(await c.post('/payment/closeorder', { outTradeNo: order.outTradeNo }))
    await c.target.deliver()
    expect(about(c, order)).toEqual([])
  },
}

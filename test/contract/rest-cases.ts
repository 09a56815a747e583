import { expect } from 'vitest'
import { expectRefusal, fresh, without, type Answer, type Cases, type Speaker } from './speak.ts'

const under = (key: string) => ({ headers: { 'idempotency-key': key } })
const replayed = ({ headers }: Answer) => headers['idempotent-replayed'] === 'true'
/** What an answer says, without what is new in each. */
const said = (data: Record<string, unknown>): object => without(data, 'nonceStr', 'sign')
const PAYMENT = (
  'body captureMode currency expiresAt merchantId nonceStr notifyUrl outTradeNo payUrl qrCode sceneType sign signType ' +
  'subject totalAmt totalRefundAmt tradeStatus tranTime ucpOrderNo'
).split(' ')

async function pages(c: Speaker, path: string, limit: number): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = []
  const number = path.startsWith('/v1/refunds') ? 'ucpRefundNo' : 'ucpOrderNo'
  for (let after = ''; ;) {
    const data = c.ok(await c.get(`${path}&limit=${limit}${after}`))
    const items = data['items'] as Record<string, unknown>[]
    expect(items.length).toBeLessThanOrEqual(limit)
    all.push(...items)
    if (data['hasMore'] !== true) return all
    expect(items).toHaveLength(limit)
    after = `&startingAfter=${String(items.at(-1)?.[number])}`
  }
}

/** The names under /v1, lists, Idempotency-Key (contract §4). */
export const restCases: Cases = {
  'a payment has every member, the optional ones where they were given': async (c) => {
    const plain = c.ok(await c.post('/v1/payments', c.order()))
    expect(Object.keys(plain).sort()).toEqual(PAYMENT)
    const given = { deviceNo: 'Till 1', returnUrl: 'https://shop.example/', captureMode: 'manual', currency: 'JPY' }
    const full = c.ok(await c.post('/v1/payments', c.order({ ...given, expiresIn: 60 })))
    expect(full).toMatchObject({ ...given, subject: 'Coffee', sceneType: 'MWEB', tradeStatus: 'NOTPAY' })
    expect(Date.parse(String(full['expiresAt'])) - Date.parse(String(full['tranTime']))).toBe(60_000)
  },
  'a payment is read by either number': async (c) => {
    const { outTradeNo, ucpOrderNo } = await c.paid()
    for (const id of [outTradeNo, ucpOrderNo]) {
      const data = c.ok(await c.get(`/v1/payments/${id}`))
      expect(data).toMatchObject({ outTradeNo, ucpOrderNo, tradeStatus: 'SUCCESS' })
      expect(Object.keys(data).sort()).toEqual([...PAYMENT, 'timeEnd'].sort())
    }
    expectRefusal(await c.get('/v1/payments/Nobodys'), 'ORDERNOTEXIST')
    for (const action of ['capture', 'cancel']) {
      expectRefusal(await c.post(`/v1/payments/Nobodys/${action}`, {}), 'ORDERNOTEXIST')
    }
  },
  'capture and cancel need no body': async (c) => {
    const { ucpOrderNo } = await c.paid({ captureMode: 'manual' })
    const captured = c.ok(await c.send('POST', `/v1/payments/${ucpOrderNo}/capture`))
    expect(captured).toMatchObject({ tradeStatus: 'SUCCESS', captureAmt: 450 })
    const cancelled = c.ok(await c.send('POST', `/v1/payments/${ucpOrderNo}/cancel`, { body: '' }))
    expect(cancelled).toMatchObject({ tradeStatus: 'REVOKED', totalRefundAmt: 450 })
  },
  'a part is captured': async (c) => {
    const { ucpOrderNo } = await c.paid({ captureMode: 'manual' })
    const data = c.ok(await c.post(`/v1/payments/${ucpOrderNo}/capture`, { captureAmt: 1 }))
    expect(data).toMatchObject({ captureAmt: 1, totalAmt: 450 })
  },
  'a refund needs a number or an Idempotency-Key, and no check': async (c) => {
    const { outTradeNo } = await c.paid()
    const body = { outTradeNo, refundAmt: 10 }
    expectRefusal(await c.post('/v1/refunds', body), 'LACK_PARAMS', { detail: ['/outRefundNo', 'required'] })
    const data = c.ok(await c.post('/v1/refunds', body, under(fresh())))
    expect(data).toMatchObject({ refundAmt: 10, refundDesc: 'Refund', refundStatus: 'PROCESSING', totalRefundAmt: 10 })
    expect(data['createdAt']).toEqual(expect.any(String))
    const numbered = c.ok(await c.post('/v1/refunds', { ...body, outRefundNo: fresh(), refundDesc: 'cold' }))
    expect(numbered).toMatchObject({ refundDesc: 'cold', totalRefundAmt: 20 })
    for (const id of [numbered['ucpRefundNo'], numbered['outRefundNo']]) {
      expect(said(c.ok(await c.get(`/v1/refunds/${String(id)}`)))).toEqual(said(numbered))
    }
    expectRefusal(await c.get('/v1/refunds/Nobodys'), 'REFUNDNOTEXIST')
  },
  'a key that was used gives the first answer again, whatever became of the order': async (c) => {
    const key = fresh()
    const order = c.order()
    const first = await c.post('/v1/payments', order, under(key))
    expect(replayed(first)).toBe(false)
    await c.target.pay(c.ok(first) as never, '4242424242424242')
    const again = await c.post('/v1/payments', order, under(key))
    expect(replayed(again)).toBe(true)
    expect(said(c.ok(again))).toEqual(said(first.data))
    expect(c.ok(again)['nonceStr']).not.toBe(first.data['nonceStr'])
  },
  'a key with other values or another path is OUT_TRADE_NO_USED': async (c) => {
    const key = fresh()
    const order = c.order()
    c.ok(await c.post('/v1/payments', order, under(key)))
    expectRefusal(await c.post('/v1/payments', { ...order, totalAmt: 1 }, under(key)), 'OUT_TRADE_NO_USED')
    const cancel = `/v1/payments/${String(order['outTradeNo'])}/cancel`
    expectRefusal(await c.post(cancel, {}, under(key)), 'OUT_TRADE_NO_USED')
  },
  'members of the signature are no other values': async (c) => {
    const key = fresh()
    const order = c.order()
    const one = c.ok(await c.post('/v1/payments', c.signed('/v1/payments', order), under(key)))
    const two = await c.post('/v1/payments', c.signed('/v1/payments', order), under(key))
    expect(said(c.ok(two))).toEqual(said(one))
    expect(replayed(two)).toBe(true)
  },
  'a refused request leaves its key free': async (c) => {
    const key = fresh()
    const { outTradeNo } = await c.place()
    const refund = { outTradeNo, refundAmt: 10 }
    expectRefusal(await c.post('/v1/refunds', refund, under(key)), 'ORDER_NOT_READY')
    c.ok(await c.post('/v1/payments', c.order(), under(key)))
  },
  'ten at once under one key without a number are one refund': async (c) => {
    const { outTradeNo } = await c.paid()
    const key = fresh()
    const body = { outTradeNo, refundAmt: 10 }
    const answers = await Promise.all(Array.from({ length: 10 }, () => c.post('/v1/refunds', body, under(key))))
    expect(new Set(answers.map((answer) => c.ok(answer)['ucpRefundNo'])).size).toBe(1)
    expect(answers.filter(replayed)).toHaveLength(9)
    expect((await c.query({ outTradeNo }))['totalRefundAmt']).toBe(10)
  },
  'a repeated cancel under one key is told as one': async (c) => {
    const { outTradeNo } = await c.place()
    const path = `/v1/payments/${outTradeNo}/cancel`
    const key = fresh()
    const first = c.ok(await c.post(path, {}, under(key)))
    const again = await c.send('POST', path, under(key))
    expect(said(c.ok(again))).toEqual(said(first))
    expect(replayed(again)).toBe(true)
  },
  'a key is 1 to 255 visible characters': async (c) => {
    for (const key of ['a b', 'k'.repeat(256), 'é']) {
      const answer = await c.post('/v1/payments', c.order(), under(key))
      expectRefusal(answer, 'PARAM_ERROR', { detail: ['/headers/idempotency-key', 'pattern'] })
    }
    const odd = `~!{}${fresh()}${'k'.repeat(200)}`
    const order = c.order()
    c.ok(await c.post('/v1/payments', order, under(odd)))
    expect(replayed(await c.post('/v1/payments', order, under(odd)))).toBe(true)
  },
  'lists are newest first, in pages, by what they are filtered for': async (c) => {
    const placed = []
    for (let count = 0; count < 7; count++) placed.push(await c.place({ currency: 'JPY' }))
    const from = c.ok(await c.get(`/v1/payments/${placed[0]?.outTradeNo ?? ''}`))['tranTime']
    const listed = await pages(c, `/v1/payments?from=${String(from)}`, 3)
    const numbers = placed.map(({ ucpOrderNo }) => ucpOrderNo).reverse()
    expect(listed.map(({ ucpOrderNo }) => ucpOrderNo)).toEqual(numbers)
    const members = PAYMENT.filter((name) => !['merchantId', 'nonceStr', 'sign', 'signType'].includes(name))
    expect(Object.keys(listed[0] ?? {}).sort()).toEqual(members)
    const before = c.ok(await c.get(`/v1/payments?to=${String(from)}&limit=1`))['items'] as { ucpOrderNo: string }[]
    expect(numbers).not.toContain(before[0]?.ucpOrderNo)
    const own = c.ok(await c.get(`/v1/payments?outTradeNo=${placed[3]?.outTradeNo ?? ''}`))
    expect(own).toMatchObject({ hasMore: false, items: [{ ucpOrderNo: placed[3]?.ucpOrderNo }] })
    const after = c.ok(await c.get(`/v1/payments?startingAfter=${placed[1]?.outTradeNo ?? ''}&limit=1`))
    expect(after).toMatchObject({ items: [{ ucpOrderNo: placed[0]?.ucpOrderNo }] })
  },
  'a list has 20 where nothing is said, and at most 100': async (c) => {
    for (let count = 0; count < 21; count++) await c.place()
    const data = c.ok(await c.get('/v1/payments'))
    expect(data['items']).toHaveLength(20)
    expect(data['hasMore']).toBe(true)
    c.ok(await c.get('/v1/payments?limit=100'))
  },
  'orders are listed by status': async (c) => {
    const { ucpOrderNo } = await c.paid({ captureMode: 'manual' })
    const { items } = c.ok(await c.get('/v1/payments?tradeStatus=AUTHORIZED&limit=100')) as { items: object[] }
    expect(items).toContainEqual(expect.objectContaining({ ucpOrderNo, tradeStatus: 'AUTHORIZED' }))
    expect(new Set(items.map((item) => (item as { tradeStatus: string }).tradeStatus))).toEqual(new Set(['AUTHORIZED']))
  },
  'an unknown startingAfter is no order and no refund': async (c) => {
    expectRefusal(await c.get('/v1/payments?startingAfter=Nobodys'), 'ORDERNOTEXIST')
    expectRefusal(await c.get('/v1/refunds?startingAfter=Nobodys'), 'REFUNDNOTEXIST')
  },
  'refunds are listed by order, number, status and time': async (c) => {
    const order = await c.paid()
    const refunds = []
    for (let count = 0; count < 5; count++)
      refunds.push(c.ok(await c.post('/payment/refund', c.refundOf(order, { refundAmt: 1 }))))
    const listed = await pages(c, `/v1/refunds?ucpOrderNo=${order.ucpOrderNo}`, 2)
    const numbers = refunds.map(({ ucpRefundNo }) => ucpRefundNo)
    expect(listed.map(({ ucpRefundNo }) => ucpRefundNo)).toEqual([...numbers].reverse())
    expect(listed[0]).toMatchObject({
      refundStatus: 'PROCESSING',
      refundDesc: 'cold',
      totalRefundAmt: 5,
      totalAmt: 450,
    })
    const byNumber = c.ok(await c.get(`/v1/refunds?outRefundNo=${String(refunds[2]?.['outRefundNo'])}`))
    expect(byNumber).toMatchObject({ hasMore: false, items: [{ ucpRefundNo: numbers[2] }] })
    expect(listed[0]).not.toHaveProperty('merchantId')
    const waiting = await pages(c, `/v1/refunds?refundStatus=SUCCESS&ucpOrderNo=${order.ucpOrderNo}`, 2)
    expect(waiting).toEqual([])
    const none = await pages(c, `/v1/refunds?ucpOrderNo=${order.ucpOrderNo}&to=2020-01-01T00:00:00Z`, 2)
    expect(none).toEqual([])
  },
}

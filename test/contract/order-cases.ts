import { expect } from 'vitest'
import { expectRefusal, fresh, tally, without, type Cases, type Placed, type Speaker } from './speak.ts'

const DECLINED = '4000000000000002'
const ORDER_MEMBERS =
  'currency merchantId nonceStr outTradeNo sign signType totalAmt totalRefundAmt tradeStatus tranTime ucpOrderNo'
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** An order in each state that a card can bring it to. */
const IN_STATE: Readonly<Record<string, (c: Speaker) => Promise<Placed>>> = {
  NOTPAY: (c) => c.place(),
  PAYERROR: (c) => c.paid({}, DECLINED),
  USERPAYING: (c) => c.paid({}, '4000000000003220'),
  AUTHORIZED: (c) => c.paid({ captureMode: 'manual' }),
  SUCCESS: (c) => c.paid(),
  CLOSED: async (c) => {
    const order = await c.place()
    c.ok(await c.post('/payment/closeorder', { outTradeNo: order.outTradeNo }))
    return order
  },
  REVOKED: async (c) => {
    const order = await c.place()
    c.ok(await c.post('/payment/reverse', { outTradeNo: order.outTradeNo }))
    return order
  },
  REFUND: async (c) => {
    const order = await c.paid()
    c.ok(await c.post('/payment/refund', c.refundOf(order)))
    await c.target.work()
    return order
  },
}

/** What each request makes of each state: the new state, or the refusal. */
const MOVES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/payment/closeorder': {
    NOTPAY: 'CLOSED',
    PAYERROR: 'CLOSED',
    USERPAYING: 'BIZERR_NEED_RETRY',
    AUTHORIZED: 'ORDERPAID',
    SUCCESS: 'ORDERPAID',
    REFUND: 'ORDERPAID',
    CLOSED: 'CLOSED',
    REVOKED: 'ORDERCLOSED',
  },
  '/payment/reverse': {
    NOTPAY: 'REVOKED',
    PAYERROR: 'REVOKED',
    USERPAYING: 'BIZERR_NEED_RETRY',
    AUTHORIZED: 'REVOKED',
    SUCCESS: 'REVOKED',
    REFUND: 'ORDER_NOT_READY',
    CLOSED: 'ORDERCLOSED',
    REVOKED: 'REVOKED',
  },
  '/payment/capture': {
    NOTPAY: 'ORDER_NOT_READY',
    PAYERROR: 'ORDER_NOT_READY',
    USERPAYING: 'ORDER_NOT_READY',
    AUTHORIZED: 'SUCCESS',
    SUCCESS: 'ORDERPAID',
    REFUND: 'ORDERPAID',
    CLOSED: 'ORDERCLOSED',
    REVOKED: 'ORDERCLOSED',
  },
  '/payment/refund': {
    NOTPAY: 'ORDER_NOT_READY',
    PAYERROR: 'ORDER_NOT_READY',
    USERPAYING: 'ORDER_NOT_READY',
    AUTHORIZED: 'ORDER_NOT_READY',
    CLOSED: 'ORDERCLOSED',
    REVOKED: 'ORDERCLOSED',
  },
  cancel: {
    NOTPAY: 'CLOSED',
    PAYERROR: 'CLOSED',
    USERPAYING: 'BIZERR_NEED_RETRY',
    AUTHORIZED: 'REVOKED',
    SUCCESS: 'REVOKED',
    REFUND: 'ORDER_NOT_READY',
    CLOSED: 'CLOSED',
    REVOKED: 'REVOKED',
  },
  pay: {
    USERPAYING: 'ORDER_NOT_READY',
    AUTHORIZED: 'ORDERPAID',
    SUCCESS: 'ORDERPAID',
    REFUND: 'ORDERPAID',
    CLOSED: 'ORDERCLOSED',
    REVOKED: 'ORDERCLOSED',
    PAYERROR: 'SUCCESS',
    NOTPAY: 'SUCCESS',
  },
}

async function outcomeOf(c: Speaker, path: string, order: Placed): Promise<unknown> {
  const { outTradeNo } = order
  if (path === 'pay') {
    try {
      await c.target.pay(order, '4242424242424242')
    } catch (error) {
      return (error as { msg?: unknown }).msg
    }
    return (await c.query(order))['tradeStatus']
  }
  const body = path === '/payment/refund' ? c.refundOf(order) : { outTradeNo }
  const answer = path === 'cancel' ? await c.post(`/v1/payments/${outTradeNo}/cancel`, {}) : await c.post(path, body)
  return answer.msg === 'SUCCESS' ? c.ok(answer)['tradeStatus'] : answer.msg
}

const moves: Record<string, Cases[string]> = {}
for (const [path, table] of Object.entries(MOVES)) {
  for (const [state, expected] of Object.entries(table)) {
    moves[`${path} makes ${expected} of an order that is ${state}`] = async (c) => {
      const order = await IN_STATE[state]?.(c)
      if (!order) throw new Error(`no order is ${state}`)
      expect((await c.query(order))['tradeStatus']).toBe(state)
      expect(await outcomeOf(c, path, order)).toBe(expected)
      const isRefused = !(expected in IN_STATE)
      expect((await c.query(order))['tradeStatus']).toBe(isRefused ? state : expected)
    }
  }
}

const repeats: Record<string, Cases[string]> = {}
for (const [name, value] of Object.entries({
  subject: 'Tea',
  body: 'One tea',
  totalAmt: 451,
  currency: 'USD',
  sceneType: 'NATIVE',
  captureMode: 'manual',
  notifyUrl: 'https://shop.example/other',
  returnUrl: 'https://shop.example/back',
  deviceNo: 'Till2',
  expiresIn: 60,
})) {
  repeats[`an order number with another ${name} is OUT_TRADE_NO_USED`] = async (c) => {
    const order = c.order()
    c.ok(await c.post('/payment/unifiedorder', order))
    expectRefusal(await c.post('/payment/unifiedorder', { ...order, [name]: value }), 'OUT_TRADE_NO_USED')
    expectRefusal(await c.post('/v1/payments', { ...order, [name]: value }), 'OUT_TRADE_NO_USED')
  }
}

/** Orders: placing, asking, the life of one (contract §4). */
export const orderCases: Cases = {
  ...moves,
  ...repeats,
  'a placed order has every member of the contract, and no other': async (c) => {
    const outTradeNo = fresh()
    const data = c.ok(await c.post('/payment/unifiedorder', c.order({ outTradeNo })))
    const members = 'currency merchantId nonceStr outTradeNo payUrl qrCode sign signType totalAmt tradeStatus tranTime'
    expect(Object.keys(data).sort()).toEqual(`${members} ucpOrderNo`.split(' '))
    expect(data).toMatchObject({ outTradeNo, totalAmt: 450, currency: 'CAD', tradeStatus: 'NOTPAY' })
    expect(data['ucpOrderNo']).toMatch(/^[0-9]{1,20}$/)
    expect(data['tranTime']).toMatch(ISO)
    expect(data['payUrl']).toMatch(/^https:\/\/[^/]+\/pay\/[0-9A-Za-z_-]+$/)
    expect(data['qrCode']).toBe(data['payUrl'])
  },
  'an order without a number gets one': async (c) => {
    const order = without(c.order(), 'outTradeNo')
    const one = c.ok(await c.post('/payment/unifiedorder', order))
    const other = c.ok(await c.post('/payment/unifiedorder', order))
    expect(one['outTradeNo']).toMatch(/^[0-9A-Za-z]{1,32}$/)
    expect(one['outTradeNo']).not.toBe(other['outTradeNo'])
  },
  'the same values are the same order, defaults written out or not': async (c) => {
    const order = c.order()
    const one = c.ok(await c.post('/payment/unifiedorder', order))
    const spelled = { ...order, currency: 'CAD', captureMode: 'automatic', expiresIn: 7200 }
    const two = c.ok(await c.post('/payment/unifiedorder', spelled))
    const three = c.ok(await c.post('/v1/payments', order))
    expect([two, three].map(({ ucpOrderNo }) => ucpOrderNo)).toEqual([one['ucpOrderNo'], one['ucpOrderNo']])
  },
  'ten at once are one order': async (c) => {
    const order = c.order()
    const answers = await Promise.all(Array.from({ length: 10 }, () => c.post('/payment/unifiedorder', order)))
    expect(new Set(answers.map((answer) => c.ok(answer)['ucpOrderNo'])).size).toBe(1)
  },
  'of ten at once with other amounts one is placed': async (c) => {
    const order = c.order()
    const amounts = Array.from({ length: 10 }, (_, at) => at + 1)
    const answers = await Promise.all(
      amounts.map((totalAmt) => c.post('/payment/unifiedorder', { ...order, totalAmt })),
    )
    expect(tally(answers)).toEqual({ SUCCESS: 1, OUT_TRADE_NO_USED: 9 })
  },
  'an order is asked for by either number, and ucpOrderNo goes first': async (c) => {
    const { outTradeNo, ucpOrderNo } = await c.place()
    for (const ref of [{ outTradeNo }, { ucpOrderNo }, { ucpOrderNo, outTradeNo: 'Other' }]) {
      const data = c.ok(await c.post('/payment/orderquery', ref))
      expect(Object.keys(data).sort()).toEqual(ORDER_MEMBERS.split(' '))
      expect(data).toMatchObject({ outTradeNo, ucpOrderNo, tradeStatus: 'NOTPAY', totalRefundAmt: 0 })
    }
    expectRefusal(await c.post('/payment/orderquery', { ucpOrderNo: '1', outTradeNo }), 'ORDERNOTEXIST')
  },
  'the status is read by GET, and not signed': async (c) => {
    const { outTradeNo, ucpOrderNo } = await c.place()
    for (const query of [`outTradeNo=${outTradeNo}`, `ucpOrderNo=${ucpOrderNo}`]) {
      expect(c.ok(await c.get(`/payment/status?${query}`))).toMatchObject({ outTradeNo, tradeStatus: 'NOTPAY' })
    }
    expectRefusal(await c.get('/payment/status'), 'LACK_PARAMS', { detail: ['/ucpOrderNo', 'required'] })
    expectRefusal(await c.get('/payment/status?outTradeNo=Nobodys'), 'ORDERNOTEXIST')
    const unknown = await c.get('/payment/status?x=1')
    expectRefusal(unknown, 'PARAM_ERROR', { detail: ['', 'additionalProperties'] })
  },
  'no number is LACK_PARAMS, and an unknown one ORDERNOTEXIST, wherever an order is named': async (c) => {
    for (const path of ['orderquery', 'closeorder', 'reverse', 'capture'].map((name) => `/payment/${name}`)) {
      expectRefusal(await c.post(path, {}), 'LACK_PARAMS', { detail: ['/ucpOrderNo', 'required'] })
      for (const ref of [{ outTradeNo: 'Nobodys' }, { ucpOrderNo: '7' }]) {
        expectRefusal(await c.post(path, ref), 'ORDERNOTEXIST')
      }
    }
  },
  'a paid order has a timeEnd': async (c) => {
    const data = await c.query(await c.paid())
    expect(Object.keys(data).sort()).toEqual(`${ORDER_MEMBERS} timeEnd`.split(' ').sort())
    expect(data).toMatchObject({ tradeStatus: 'SUCCESS', timeEnd: expect.stringMatching(ISO) as string })
  },
  'a capture takes all that is held, or part; again it is the same, and another amount is ORDERPAID': async (c) => {
    const all = await c.paid({ captureMode: 'manual' })
    expect(Object.keys(await c.query(all)).sort()).toEqual(ORDER_MEMBERS.split(' '))
    const { outTradeNo } = await c.paid({ captureMode: 'manual' })
    for (let times = 0; times < 2; times++) {
      const data = c.ok(await c.post('/payment/capture', { outTradeNo, captureAmt: 200 }))
      expect(data).toMatchObject({ tradeStatus: 'SUCCESS', totalAmt: 450, captureAmt: 200, totalRefundAmt: 0 })
    }
    expectRefusal(await c.post('/payment/capture', { outTradeNo }), 'ORDERPAID')
    expectRefusal(await c.post('/payment/capture', { outTradeNo, captureAmt: 100 }), 'ORDERPAID')
    const taken = c.ok(await c.post('/payment/capture', { outTradeNo: all.outTradeNo }))
    expect(taken).toMatchObject({ captureAmt: 450, timeEnd: expect.stringMatching(ISO) as string })
  },
  'more than is held is not captured': async (c) => {
    const { outTradeNo } = await c.paid({ captureMode: 'manual' })
    expectRefusal(await c.post('/payment/capture', { outTradeNo, captureAmt: 451 }), 'INVALID_REQUEST')
    expect(c.ok(await c.post('/payment/capture', { outTradeNo, captureAmt: 450 }))['captureAmt']).toBe(450)
  },
  'a reversed payment has given everything back': async (c) => {
    const { outTradeNo } = await c.paid()
    for (let times = 0; times < 2; times++) {
      const data = c.ok(await c.post('/payment/reverse', { outTradeNo }))
      expect(data).toMatchObject({ tradeStatus: 'REVOKED', totalRefundAmt: 450 })
    }
    await c.target.work()
    expect(await c.query({ outTradeNo })).toMatchObject({ tradeStatus: 'REVOKED', totalRefundAmt: 450 })
  },
  'a lost answer leaves an order USERPAYING until it is looked up': async (c) => {
    const order = await c.paid({}, '4000000000006405')
    expect((await c.query(order))['tradeStatus']).toBe('USERPAYING')
    await c.target.work()
    expect((await c.query(order))['tradeStatus']).toBe('SUCCESS')
  },
  'each card of the table ends as it says': async (c) => {
    const ends = { '4000000000009995': 'PAYERROR', '4000000000000119': 'PAYERROR', '4000000000000341': 'PAYERROR' }
    for (const [card, tradeStatus] of [...Object.entries(ends), ['5555555555554444', 'SUCCESS']] as const) {
      expect((await c.query(await c.paid({}, card)))['tradeStatus']).toBe(tradeStatus)
    }
  },
}

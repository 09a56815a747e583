import { describe, expect, test } from 'vitest'
import { tokenOf } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'

const DAY_MS = 86_400_000
const many = <Result>(count: number, call: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)))

describe('/payment/unifiedorder', () => {
  test('the same number with another value is refused, whichever value it is', async () => {
    const gateway = await startGateway()
    await gateway.place({ outTradeNo: 'A1', deviceNo: 'till 1' })
    for (const other of [
      { totalAmt: 451 },
      { currency: 'USD' },
      { subject: 'Tea' },
      { body: 'Tea' },
      { sceneType: 'NATIVE' },
      { deviceNo: 'till 2' },
      { notifyUrl: `${gateway.receiver.url}2` },
      { returnUrl: 'https://example.com/' },
      { captureMode: 'manual' },
      { expiresIn: 60 },
    ]) {
      const reply = await gateway.place({ outTradeNo: 'A1', deviceNo: 'till 1', ...other })
      expect([other, reply.status, reply.msg]).toEqual([other, 409, 'OUT_TRADE_NO_USED'])
    }
    expect(await gateway.rows('orders')).toHaveLength(1)
  })

  test('an order without a number gets one, and CAD without a currency', async () => {
    const gateway = await startGateway()
    const placed = await gateway.place({ currency: undefined })
    expect(placed.data['outTradeNo']).toMatch(/^[0-9A-Za-z]{1,32}$/)
    expect(placed.data['currency']).toBe('CAD')
  })

  test('two merchants may use one number, and neither sees the other', async () => {
    const gateway = await startGateway()
    const stranger = await gateway.addMerchant()
    const mine = await gateway.place({ outTradeNo: 'A1' })
    const theirs = await gateway.place({ outTradeNo: 'A1' }, { key: stranger.secretKey })
    expect(theirs.msg).toBe('SUCCESS')
    expect(theirs.data['ucpOrderNo']).not.toBe(mine.data['ucpOrderNo'])
    for (const path of ['orderquery', 'closeorder', 'reverse', 'capture']) {
      const body = { ucpOrderNo: mine.data['ucpOrderNo'] }
      const reply = await gateway.post(`/payment/${path}`, body, { key: stranger.secretKey })
      const nothing = await gateway.post(`/payment/${path}`, { ucpOrderNo: '1' }, { key: stranger.secretKey })
      expect([path, reply.status, reply.msg]).toEqual([path, 404, 'ORDERNOTEXIST'])
      expect(reply.body['message']).toBe(nothing.body['message'])
    }
    const status = await gateway.get(`/payment/status?ucpOrderNo=${String(mine.data['ucpOrderNo'])}`, {
      key: stranger.secretKey,
    })
    expect(status.msg).toBe('ORDERNOTEXIST')
    expect(mine.data['tradeStatus']).toBe('NOTPAY')
  })

  test.each([
    'http://example.com/n',
    'https://example.com/n?x=1',
    'https://user:pw@example.com/n',
    'https://10.0.0.1/n',
    'https://169.254.169.254/latest',
    'https://[::ffff:10.0.0.1]/n',
    'https://0x0a000001/n',
    'https://metadata.internal/n',
    'ftp://example.com/n',
    'somewhere',
  ])('notifications may not go to %s', async (notifyUrl) => {
    const gateway = await startGateway({ role: 'api' })
    const reply = await gateway.place({ notifyUrl })
    expect([reply.status, reply.msg]).toEqual([400, 'PARAM_ERROR'])
    expect(reply.body['detail']).toEqual([{ pointer: '/notifyUrl', rule: 'address' }])
    expect(reply.text).not.toContain(notifyUrl)
  })
})

describe('/payment/orderquery and /payment/status', () => {
  test('both tell the same, by either number; ucpOrderNo goes first', async () => {
    const gateway = await startGateway({ role: 'api' })
    const { ucpOrderNo, outTradeNo } = (await gateway.place({ outTradeNo: 'A1' })).data
    const other = (await gateway.place({ outTradeNo: 'A2' })).data
    const replies = await Promise.all([
      gateway.post('/payment/orderquery', { ucpOrderNo }),
      gateway.post('/payment/orderquery', { outTradeNo }),
      gateway.post('/payment/orderquery', { ucpOrderNo, outTradeNo: other['outTradeNo'] }),
      gateway.get(`/payment/status?outTradeNo=${String(outTradeNo)}`),
      gateway.get(`/payment/status?ucpOrderNo=${String(ucpOrderNo)}`),
    ])
    for (const reply of replies) expect(reply.data).toMatchObject({ ucpOrderNo, outTradeNo, totalRefundAmt: 0 })
  })

  test('neither number is LACK_PARAMS, an unknown one ORDERNOTEXIST, a doubled or unknown query PARAM_ERROR', async () => {
    const gateway = await startGateway({ role: 'api' })
    expect((await gateway.post('/payment/orderquery', {})).msg).toBe('LACK_PARAMS')
    expect((await gateway.get('/payment/status')).msg).toBe('LACK_PARAMS')
    expect((await gateway.post('/payment/orderquery', { outTradeNo: 'none' })).msg).toBe('ORDERNOTEXIST')
    expect((await gateway.get('/payment/status?outTradeNo=a&outTradeNo=b')).msg).toBe('PARAM_ERROR')
    expect((await gateway.get('/payment/status?outTradeNo=a&x=b')).msg).toBe('PARAM_ERROR')
  })
})

describe('/payment/closeorder', () => {
  test('a closed order stays closed, and nobody can pay it', async () => {
    const gateway = await startGateway()
    const { outTradeNo, payUrl } = (await gateway.place()).data
    const closed = await many(10, () => gateway.post('/payment/closeorder', { outTradeNo }))
    expect(new Set(closed.map((reply) => reply.data['tradeStatus']))).toEqual(new Set(['CLOSED']))
    expect((await gateway.pay(payUrl)).msg).toBe('ORDERCLOSED')
    expect((await gateway.post('/payment/reverse', { outTradeNo })).msg).toBe('ORDERCLOSED')
    expect(await gateway.rows('payment_attempts')).toHaveLength(0)
    expect(await gateway.rows('cards')).toHaveLength(0)
  })

  test('a paid order cannot be closed', async () => {
    const gateway = await startGateway()
    const { outTradeNo } = await gateway.paidOrder()
    const reply = await gateway.post('/payment/closeorder', { outTradeNo })
    expect([reply.status, reply.msg]).toEqual([409, 'ORDERPAID'])
  })
})

describe('/payment/reverse', () => {
  test('an unpaid order is gone for good', async () => {
    const gateway = await startGateway()
    const { outTradeNo, payUrl } = (await gateway.place()).data
    expect((await gateway.post('/payment/reverse', { outTradeNo })).data['tradeStatus']).toBe('REVOKED')
    expect((await gateway.post('/payment/reverse', { outTradeNo })).data['tradeStatus']).toBe('REVOKED')
    expect((await gateway.pay(payUrl)).msg).toBe('ORDERCLOSED')
    expect((await gateway.post('/payment/closeorder', { outTradeNo })).msg).toBe('ORDERCLOSED')
  })

  test('of a paid order all the money goes back, fee and all, once', async () => {
    const gateway = await startGateway({ feeBasisPoints: 290 })
    const { outTradeNo } = await gateway.paidOrder()
    const replies = await many(10, () => gateway.post('/payment/reverse', { outTradeNo }))
    expect(new Set(replies.map((reply) => reply.data['tradeStatus']))).toEqual(new Set(['REVOKED']))
    await expect.poll(() => gateway.rows('outbox')).toHaveLength(0)
    const balances = await gateway.rows<{ account: string; balance: number }>('ledger_balances')
    expect(balances.length).toBeGreaterThan(3)
    for (const { account, balance } of balances) expect([account, balance]).toEqual([account, 0])
    expect((await gateway.post('/payment/refund', refundOf(outTradeNo, 'R1', 100))).msg).toBe('ORDERCLOSED')
  })

  test('after seven days it is too late', async () => {
    const gateway = await startGateway()
    const { outTradeNo } = await gateway.paidOrder()
    gateway.moveClock(7 * DAY_MS + 60_000)
    const reply = await gateway.post('/payment/reverse', { outTradeNo })
    expect([reply.status, reply.msg]).toEqual([422, 'TRADE_OVERDUE'])
  })

  test('a reversal and refunds at once never give the money back twice', async () => {
    const gateway = await startGateway()
    const { outTradeNo } = await gateway.paidOrder({ totalAmt: 1000 })
    await Promise.all([
      gateway.post('/payment/reverse', { outTradeNo }),
      ...Array.from({ length: 5 }, (_, index) =>
        gateway.post('/payment/refund', refundOf(outTradeNo, `R${index}`, [300, 1000])),
      ),
    ])
    await expect.poll(() => gateway.rows('outbox')).toHaveLength(0)
    const back = await gateway.gateway.deps.db.query<{ sum: number }>(
      `select coalesce(sum(amount), 0)::bigint as sum from sandbox_acquirer.operations where operation = 'refund' and status = 'succeeded'`,
    )
    expect(back[0]?.sum).toBeLessThanOrEqual(1000)
    const [balance] = (await gateway.rows<{ account: string; balance: number }>('ledger_balances')).filter(
      ({ account }) => account === 'refunds_pending',
    )
    expect(balance?.balance).toBe(0)
  })
})

describe('/payment/capture', () => {
  test('held money is taken in part, and the rest can never be refunded', async () => {
    const gateway = await startGateway()
    const { outTradeNo, payUrl } = (await gateway.place({ totalAmt: 1000, captureMode: 'manual' })).data
    expect((await gateway.post('/payment/capture', { outTradeNo })).msg).toBe('ORDER_NOT_READY')
    expect((await gateway.pay(payUrl)).body['tradeStatus']).toBe('AUTHORIZED')
    expect((await gateway.post('/payment/refund', refundOf(outTradeNo, 'R0', [1, 1000]))).msg).toBe('ORDER_NOT_READY')
    expect((await gateway.post('/payment/capture', { outTradeNo, captureAmt: 1001 })).msg).toBe('INVALID_REQUEST')
    const captured = await gateway.post('/payment/capture', { outTradeNo, captureAmt: 600 })
    expect(captured.data).toMatchObject({ tradeStatus: 'SUCCESS', captureAmt: 600 })
    expect((await gateway.post('/payment/capture', { outTradeNo, captureAmt: 600 })).msg).toBe('SUCCESS')
    expect((await gateway.post('/payment/capture', { outTradeNo, captureAmt: 500 })).msg).toBe('ORDERPAID')
    expect((await gateway.post('/payment/refund', refundOf(outTradeNo, 'R1', [601, 1000]))).msg).toBe('INVALID_REQUEST')
    expect((await gateway.post('/payment/refund', refundOf(outTradeNo, 'R2', [600, 1000]))).msg).toBe('SUCCESS')
    const told = await gateway.receiver.waitFor(2)
    expect(
      told
        .slice(0, 2)
        .map(({ data }) => data['tradeStatus'])
        .sort(),
    ).toEqual(['AUTHORIZED', 'SUCCESS'])
  })

  test('a capture and a reversal at once: one of them wins', async () => {
    const gateway = await startGateway()
    for (let round = 0; round < 5; round++) {
      const { outTradeNo, payUrl } = (await gateway.place({ totalAmt: 1000, captureMode: 'manual' })).data
      await gateway.pay(payUrl)
      const [captured, reversed] = await Promise.all([
        gateway.post('/payment/capture', { outTradeNo }),
        gateway.post('/payment/reverse', { outTradeNo }),
      ])
      const { tradeStatus } = (await gateway.post('/payment/orderquery', { outTradeNo })).data
      // Taken and then reversed is an order of things, too; a hold that was released cannot be taken.
      if (captured.msg === 'SUCCESS') expect(tradeStatus).toBe(reversed.msg === 'SUCCESS' ? 'REVOKED' : 'SUCCESS')
      else expect([tradeStatus, reversed.msg]).toEqual(['REVOKED', 'SUCCESS'])
    }
    await expect.poll(() => gateway.rows('outbox')).toHaveLength(0)
    const pending = (await gateway.rows<{ account: string; balance: number }>('ledger_balances')).filter(
      ({ account }) => account === 'refunds_pending',
    )
    for (const { balance } of pending) expect(balance).toBe(0)
  })
})

describe('paying', () => {
  test('two buyers who pay one order at once pay it once', async () => {
    const gateway = await startGateway()
    const { payUrl, outTradeNo } = (await gateway.place()).data
    const replies = await many(10, () => gateway.pay(payUrl))
    for (const reply of replies) expect(reply.status === 200 || reply.status === 409).toBe(true)
    expect((await gateway.post('/payment/orderquery', { outTradeNo })).data['tradeStatus']).toBe('SUCCESS')
    const charged = await gateway.gateway.deps.db.query(
      `select 1 from sandbox_acquirer.operations where status = 'succeeded'`,
    )
    expect(charged).toHaveLength(1)
  })

  test('an order closes when its time is up, and is not paid after', async () => {
    const gateway = await startGateway()
    const { payUrl, outTradeNo } = (await gateway.place({ expiresIn: 60 })).data
    gateway.moveClock(61_000)
    expect((await gateway.pay(payUrl)).msg).toBe('ORDERCLOSED')
    await expect
      .poll(async () => (await gateway.post('/payment/orderquery', { outTradeNo })).data['tradeStatus'])
      .toBe('CLOSED')
  })

  test('a link that was changed in any character opens nothing', async () => {
    const gateway = await startGateway({ role: 'all' })
    const { payUrl } = (await gateway.place()).data
    const token = tokenOf(payUrl)
    for (let at = 0; at < token.length; at += 3) {
      const changed = token.slice(0, at) + (token.charAt(at) === '7' ? '8' : '7') + token.slice(at + 1)
      const reply = await gateway.get(`${gateway.checkoutUrl}/checkout-api/orders/${changed}`, { key: null })
      expect([reply.status, reply.msg]).toEqual([404, 'ORDERNOTEXIST'])
    }
  })

  test.each([
    ['a number that fails the check digit', { number: '4242424242424241' }],
    ['an expired card', { expiryYear: 2020 }],
    ['a number with letters', { number: '4242 4242' }],
    ['a month that the year lacks', { expiryMonth: 13 }],
    ['a member that nobody asked for', { cardToken: 'x' }],
  ])('%s is refused, and nothing is kept of it', async (_what, card) => {
    const gateway = await startGateway()
    const { payUrl } = (await gateway.place()).data
    const reply = await gateway.pay(payUrl, card)
    expect([reply.status, reply.msg]).toEqual([400, 'PARAM_ERROR'])
    expect(await gateway.rows('cards')).toHaveLength(0)
    expect(await gateway.rows('payment_attempts')).toHaveLength(0)
  })

  test('a page of another origin cannot pay', async () => {
    const gateway = await startGateway()
    const { payUrl } = (await gateway.place()).data
    const reply = await gateway.send('POST', `${String(payUrl).replace('/pay/', '/checkout-api/orders/')}/pay`, {
      key: null,
      headers: { 'sec-fetch-site': 'cross-site' },
      body: '{}',
    })
    expect([reply.status, reply.msg]).toEqual([403, 'NOAUTH'])
  })
})

function refundOf(outTradeNo: unknown, outRefundNo: string, amounts: number | [number, number]): object {
  const [refundAmt, totalAmt] = [amounts, 450].flat()
  return { outTradeNo, outRefundNo, totalAmt, refundAmt, refundDesc: 'cold' }
}

import { describe, expect, test } from 'vitest'
import { Refused, UCanPay, UCanPayConfigError, type PaymentItem, type ResponseEvent } from '../src/index.ts'
import { failure, gateway, KEY, PAYMENT, placed, success, type Answer, type Call } from './support/fake-gateway.ts'

/** A gateway's list of 7, in pages of `limit`; `fails` says which request fails. */
function listing({ path }: Call, fail = false): Answer {
  if (fail) return failure(422, 'ERROR')
  const query = new URL(path, 'https://localhost').searchParams
  const all = Array.from({ length: 7 }, (_none, at) => ({ ucpOrderNo: `U${at}` }))
  const start = query.get('startingAfter') === null ? 0 : Number(query.get('startingAfter')?.slice(1)) + 1
  const items = all.slice(start, start + Number(query.get('limit') ?? 20))
  return success(path, { items, hasMore: start + items.length < 7 })
}
const numbers = (items: readonly PaymentItem[]): string => items.map(({ ucpOrderNo }) => ucpOrderNo).join(' ')

describe('a list', () => {
  test('is one page where it is awaited', async () => {
    const { calls, options } = await gateway((call) => listing(call))
    const page = await new UCanPay(options).payments.list({ limit: 3, tradeStatus: 'SUCCESS' })
    expect(numbers(page.items)).toBe('U0 U1 U2')
    expect(page.hasMore).toBe(true)
    expect(calls.map(({ path }) => path)).toEqual(['/v1/payments?limit=3&tradeStatus=SUCCESS'])
  })

  test('is everything where it is looped over, each page fetched when it is needed', async () => {
    const { calls, options } = await gateway((call) => listing(call))
    const { payments } = new UCanPay(options)
    const list = payments.list({ limit: 3 })
    expect(calls).toHaveLength(0)
    const seen: PaymentItem[] = []
    for await (const payment of list) {
      seen.push(payment)
      expect(calls).toHaveLength(Math.ceil(seen.length / 3))
    }
    expect(numbers(seen)).toBe('U0 U1 U2 U3 U4 U5 U6')
    for await (const payment of payments.list()) {
      expect(payment.ucpOrderNo).toBe('U0')
      break
    }
    expect(calls.slice(3).map(({ path }) => path)).toEqual(['/v1/payments?limit=100'])
  })

  test('goes on after a page that failed, without one twice or left out', async () => {
    const { options } = await gateway((call, count) => listing(call, count === 2))
    const items = new UCanPay(options).payments.list({ limit: 3 }).items()
    const seen: PaymentItem[] = []
    const loop = async (): Promise<void> => {
      for await (const payment of items) seen.push(payment)
    }
    await expect(loop()).rejects.toBeInstanceOf(Refused.ERROR)
    expect(numbers(seen)).toBe('U0 U1 U2')
    await loop()
    expect(numbers(seen)).toBe('U0 U1 U2 U3 U4 U5 U6')
  })

  test('that leads nowhere ends, and items asked for at once take turns', async () => {
    const { options } = await gateway(({ path }) => success(path, { items: [{ ucpOrderNo: 'U0' }], hasMore: true }))
    const seen: PaymentItem[] = []
    for await (const payment of new UCanPay(options).payments.list()) seen.push(payment)
    expect(seen).toHaveLength(2)
    const turns = await gateway((call) => listing(call))
    const items = new UCanPay(turns.options).payments.list({ limit: 2 }).items()
    const some = await Promise.all(Array.from({ length: 9 }, () => items.next()))
    expect(some.map(({ value }) => value?.ucpOrderNo).join(' ')).toBe('U0 U1 U2 U3 U4 U5 U6  ')
  })

  test.each([0, 101, 1.5, Number.NaN])('of %d at a time is refused', async (limit) => {
    const { options } = await gateway((call) => listing(call))
    expect(() => new UCanPay(options).payments.list({ limit })).toThrow(UCanPayConfigError)
  })

  test('of refunds, keys and customers goes on by the number that each has', async () => {
    const { calls, options } = await gateway(({ path }) =>
      success(path, {
        items: path.includes('startingAfter') ? [] : [{ ucpRefundNo: 'R1', apiKeyId: 'K1', userId: 'C1' }],
        hasMore: !path.includes('startingAfter'),
      }),
    )
    const { payments, apiKeys, users } = new UCanPay(options)
    for (const list of [payments.listRefunds(), apiKeys.list(), users.list()]) {
      let count = 0
      for await (const item of list) count += Object.keys(item).length > 0 ? 1 : 0
      expect(count).toBe(1)
    }
    const after = calls.map(({ path }) => new URL(path, 'https://localhost').searchParams.get('startingAfter'))
    expect(after).toEqual([null, 'R1', null, 'K1', null, 'C1'])
  })
})

describe('hooks', () => {
  test('are told of each try, by its route, and never of a key, a body or an address', async () => {
    const { options } = await gateway(({ path }, count) =>
      count === 1 ? failure(503, 'SYSTEMERROR') : success(path, {}),
    )
    const events: [string, object][] = []
    const hooks = {
      onRequest: (event: object) => void events.push(['request', event]),
      onResponse: (event: ResponseEvent) => void events.push(['response', event]),
      onRetry: (event: object) => void events.push(['retry', event]),
    }
    await new UCanPay({ ...options, hooks }).payments.capture('U77', { captureAmt: 31_337 })
    const route = '/v1/payments/{id}/capture'
    const durationMs = expect.any(Number) as number
    expect(events).toEqual([
      ['request', { method: 'POST', route, attempt: 1 }],
      [
        'response',
        { method: 'POST', route, attempt: 1, status: 503, msg: 'SYSTEMERROR', requestId: 'req_1', durationMs },
      ],
      [
        'retry',
        expect.objectContaining({ attempt: 1, msg: 'SYSTEMERROR', pauseMs: expect.any(Number) as number }) as object,
      ],
      ['request', { method: 'POST', route, attempt: 2 }],
      ['response', { method: 'POST', route, attempt: 2, status: 200, msg: 'SUCCESS', requestId: 'req_h', durationMs }],
    ])
    const told = JSON.stringify(events)
    for (const secret of [KEY, 'U77', '31337', 'localhost']) expect(told).not.toContain(secret)
  })

  test('that throw, reject or hang break no call', async () => {
    const { calls, options } = await gateway((call, count) =>
      count === 1 ? failure(503, 'SYSTEMERROR') : placed(call, count),
    )
    const onRequest = (): never => {
      throw new Error('a hook')
    }
    const onResponse = (): Promise<never> => Promise.reject(new Error('a hook'))
    const onRetry = (): Promise<never> => new Promise(() => undefined)
    await new UCanPay({ ...options, hooks: { onRequest, onResponse, onRetry } }).createPayment(PAYMENT)
    expect(calls).toHaveLength(2)
  })

  test('name the error where nothing was answered', async () => {
    const { options } = await gateway(() => 'lost')
    const seen: ResponseEvent[] = []
    const hooks = { onResponse: (event: ResponseEvent) => void seen.push(event) }
    await expect(new UCanPay({ ...options, hooks, maxRetries: 0 }).createPayment(PAYMENT)).rejects.toThrow()
    expect(seen).toMatchObject([{ status: undefined, msg: 'UCanPayConnectionError' }])
  })

  test('a trace goes on, by the call or by the client, and what is none is not sent', async () => {
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const { calls, options } = await gateway(placed)
    await new UCanPay(options).createPayment(PAYMENT, { traceparent: trace })
    await new UCanPay({ ...options, traceparent: () => trace }).createPayment(PAYMENT)
    await new UCanPay({ ...options, traceparent: () => 'x\r\ny: z' }).createPayment(PAYMENT)
    const broken = (): never => {
      throw new Error('a tracer')
    }
    await new UCanPay({ ...options, traceparent: broken }).createPayment(PAYMENT)
    expect(calls.map(({ traceparent }) => traceparent)).toEqual([trace, trace, undefined, undefined])
  })
})

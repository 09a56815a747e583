import { FAILURES, type FailureMsg } from '@ucanpay/wire/failures'
import { describe, expect, test } from 'vitest'
import {
  Refused,
  UCanPay,
  UCanPayAbortedError,
  UCanPayConfigError,
  UCanPayConnectionError,
  UCanPayError,
  UCanPayRefusedError,
  UCanPayTimeoutError,
  type UCanPayOptions,
} from '../src/index.ts'
import { isWorthRetrying, readRetryAfter } from '../src/retry.ts'
import { failure, gateway, KEY, PAYMENT, placed, success, type Answerer } from './support/fake-gateway.ts'

const caughtBy = (call: PromiseLike<unknown>): Promise<UCanPayError> =>
  Promise.resolve(call).then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as UCanPayError,
  )

describe('a refusal', () => {
  test.each(Object.keys(FAILURES) as FailureMsg[])(
    '%s has its class, which tells all that the answer told',
    async (msg) => {
      const detail = [{ pointer: '/totalAmt', rule: 'minimum' }]
      const [status] = FAILURES[msg].statuses
      const { body } = failure(status, msg)
      const { options } = await gateway(() => ({ status, body: { ...body, detail } }))
      const error = await caughtBy(new UCanPay({ ...options, maxRetries: 0 }).orders.query({ outTradeNo: 'A' }))
      expect(error).toBeInstanceOf(Refused[msg])
      expect(error).toBeInstanceOf(UCanPayRefusedError)
      expect(error).toMatchObject({ msg, status, requestId: 'req_1', detail, tries: 1, name: `Refused.${msg}` })
      for (const other of Object.keys(FAILURES) as FailureMsg[])
        expect(error instanceof Refused[other]).toBe(other === msg)
    },
  )

  test.each(['BRAND_NEW', '__proto__', 'toString', 'constructor'])(
    'of a newer gateway, %s, is one all the same',
    async (msg) => {
      const { options } = await gateway(() => failure(422, msg))
      const error = await caughtBy(new UCanPay(options).orders.query({ outTradeNo: 'A' }))
      expect(error).toBeInstanceOf(UCanPayRefusedError)
      expect(error).toMatchObject({ msg, status: 422, name: 'UCanPayRefusedError' })
    },
  )

  test('narrows to its msg', () => {
    const error: unknown = new Refused.NOTENOUGH('x', { msg: 'NOTENOUGH' })
    if (!(error instanceof Refused.NOTENOUGH)) throw new Error('it is one')
    const msg: 'NOTENOUGH' = error.msg // Does not compile where it does not narrow.
    expect(msg).toBe('NOTENOUGH')
  })

  test('says how often it was tried', async () => {
    const { options } = await gateway(() => failure(503, 'SYSTEMERROR'))
    const error = await caughtBy(new UCanPay(options).orders.query({ outTradeNo: 'A' }))
    expect(error).toMatchObject({ tries: 3 })
    expect(error.message).toMatch(/\(after 3 tries\)$/)
  })
})

describe('a repeat', () => {
  const unsafe = {
    'apiKeys.create': (client: UCanPay) => client.apiKeys.create({ name: 'Till', kind: 'sk' }),
    'apiKeys.roll': (client: UCanPay) => client.apiKeys.roll('x1', { overlapS: 60 }),
  }
  test.each(Object.entries(unsafe))('of %s is not made where it may have been done', async (_name, call) => {
    for (const first of ['lost', failure(500, 'SYSTEMERROR')] as const) {
      const { calls, options } = await gateway((asked, count) => (count === 1 ? first : success(asked.path, {})))
      await expect(call(new UCanPay(options))).rejects.toBeInstanceOf(UCanPayError)
      expect(calls).toHaveLength(1)
    }
    const { calls, options } = await gateway((asked, count) =>
      count === 1 ? failure(429, 'FREQUENCY_LIMITED') : success(asked.path, {}),
    )
    await call(new UCanPay(options))
    expect(calls).toHaveLength(2)
  })

  test('of what cannot have been sent is made, whatever it is', () => {
    const error = new UCanPayConnectionError('x')
    expect(isWorthRetrying({ error, unsent: true }, false)).toBe(true)
    expect(isWorthRetrying({ error }, false)).toBe(false)
  })

  test('of an order without a number has the number of the first, also where undefined was given', async () => {
    const { calls, options } = await gateway((call, count) => (count === 1 ? 'lost' : placed(call, count)))
    const payment = { ...PAYMENT, outTradeNo: undefined } as unknown as typeof PAYMENT
    await new UCanPay(options).createPayment(payment)
    expect(calls[0]?.body['outTradeNo']).toMatch(/^[0-9a-f]{32}$/)
    expect(calls[1]?.body['outTradeNo']).toBe(calls[0]?.body['outTradeNo'])
  })

  test.each<[string | undefined, string | undefined, number | undefined]>([
    ['3', undefined, 3_000],
    ['0', undefined, 0],
    ['Wed, 21 Oct 2015 07:28:05 GMT', 'Wed, 21 Oct 2015 07:28:00 GMT', 5_000],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 'Wed, 21 Oct 2015 07:29:00 GMT', 0],
    ['soon', undefined, undefined],
    ['-1', undefined, expect.any(Number) as number],
    [undefined, undefined, undefined],
  ])('waits as Retry-After %j at %j says: %j ms', (retryAfter, date, expected) => {
    const read = readRetryAfter(retryAfter, date)
    if (retryAfter === '-1') expect(read === undefined || read === 0).toBe(true)
    else expect(read).toBe(expected)
  })

  test('waits as long as it is told, and not at all where that is beyond the deadline', async () => {
    const limited: Answerer = (call, count) =>
      count === 1 ? { ...failure(429, 'FREQUENCY_LIMITED'), headers: { 'retry-after': '2' } } : placed(call, count)
    const { options } = await gateway(limited)
    const startedAt = performance.now()
    await new UCanPay(options).createPayment(PAYMENT)
    expect(performance.now() - startedAt).toBeGreaterThan(1_990)

    const { calls, options: short } = await gateway(limited)
    const error = await caughtBy(new UCanPay({ ...short, deadlineMs: 1_500 }).createPayment(PAYMENT))
    expect(error).toBeInstanceOf(Refused.FREQUENCY_LIMITED)
    expect(error).toMatchObject({ retryAfterMs: 2_000, tries: 1 })
    expect(calls).toHaveLength(1)
  })
})

describe('one call', () => {
  test('is ended by its signal at once: before it, while it waits for an answer, while it pauses', async () => {
    const { calls, options } = await gateway(() => 'never')
    const ucanpay = new UCanPay(options)
    const ended = await caughtBy(ucanpay.createPayment(PAYMENT, { signal: AbortSignal.abort('enough') }))
    expect(ended).toBeInstanceOf(UCanPayAbortedError)
    expect(ended.cause).toBe('enough')
    expect(calls).toHaveLength(0)

    const waiting = new AbortController()
    const startedAt = performance.now()
    setTimeout(() => waiting.abort(), 300)
    expect(await caughtBy(ucanpay.createPayment(PAYMENT, { signal: waiting.signal }))).toBeInstanceOf(
      UCanPayAbortedError,
    )
    expect(performance.now() - startedAt).toBeLessThan(5_000)

    const busy = await gateway(() => ({ ...failure(429, 'FREQUENCY_LIMITED'), headers: { 'retry-after': '50' } }))
    const pausing = new AbortController()
    const hooks = { onRetry: () => pausing.abort() }
    const paused = await caughtBy(
      new UCanPay({ ...busy.options, hooks }).createPayment(PAYMENT, { signal: pausing.signal }),
    )
    expect(paused).toBeInstanceOf(UCanPayAbortedError)
    expect(paused).toMatchObject({ tries: 1 })
    expect(busy.calls).toHaveLength(1)
  })

  test('is ended by its signal while its key is being fetched', async () => {
    const { options } = await gateway(placed)
    const asked = new AbortController()
    const apiKey = (): Promise<string> => {
      setTimeout(() => asked.abort(), 50)
      return new Promise(() => undefined)
    }
    const call = new UCanPay({ ...options, apiKey }).createPayment(PAYMENT, { signal: asked.signal })
    expect(await caughtBy(call)).toBeInstanceOf(UCanPayAbortedError)
  })

  test('has time limits of its own, for each try and for all', async () => {
    const { calls, options } = await gateway(() => 'never')
    const ucanpay = new UCanPay(options)
    const tried = await caughtBy(ucanpay.createPayment(PAYMENT, { timeoutMs: 200, maxRetries: 1 }))
    expect(tried).toBeInstanceOf(UCanPayTimeoutError)
    expect(tried).toMatchObject({ tries: 2 })
    expect(calls).toHaveLength(2)
    const all = await caughtBy(ucanpay.createPayment(PAYMENT, { deadlineMs: 300 }))
    expect(all).toBeInstanceOf(UCanPayTimeoutError)
    expect(all.message).toContain('deadline of 300 ms')
    expect(calls).toHaveLength(3)
  })

  test('leaves nothing at the signal that it was given', async () => {
    const { options } = await gateway(placed)
    const { signal } = new AbortController()
    const counts = { added: 0, removed: 0 }
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      counts.added++
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      counts.removed++
      remove(...args)
    }
    await new UCanPay(options).createPayment(PAYMENT, { signal })
    expect(counts.added).toBe(1)
    expect(counts.removed).toBe(1)
  })

  test.each<[object, RegExp]>([
    [{ idempotencyKey: 'x' }, /idempotencyKey/],
    [{ timeout: 3 }, /timeout/],
    [{ timeoutMs: 0 }, /timeoutMs/],
    [{ timeoutMs: Number.NaN }, /timeoutMs/],
    [{ maxRetries: 11 }, /maxRetries/],
    [{ deadlineMs: -1 }, /deadlineMs/],
    [{ signal: {} }, /signal/],
    [{ traceparent: 'x' }, /traceparent/],
    [{ rejectUnauthorized: false }, /rejectUnauthorized.*always verified/],
  ])('with %j is refused before anything is sent', async (wrong, message) => {
    const { calls, options } = await gateway(placed)
    const error = await caughtBy(new UCanPay(options).createPayment(PAYMENT, wrong))
    expect(error).toBeInstanceOf(UCanPayConfigError)
    expect(error.message).toMatch(message)
    expect(calls).toEqual([])
  })

  test('takes an idempotency key where the API does, and no other than it allows', async () => {
    const { calls, options } = await gateway(({ path }) => success(path, {}))
    const { payments } = new UCanPay(options)
    await payments.create(PAYMENT, { idempotencyKey: 'basket-7' })
    expect(calls[0]?.idempotencyKey).toBe('basket-7')
    for (const idempotencyKey of ['', 'a b', 'é', 'a\r\nx: y', 'x'.repeat(256)]) {
      expect(await caughtBy(payments.create(PAYMENT, { idempotencyKey }))).toBeInstanceOf(UCanPayConfigError)
    }
    expect(calls).toHaveLength(1)
  })
})

test.each(['rejectUnauthorized', 'agent', 'checkServerIdentity', 'strictSSL', 'timeout', 'apikey'])(
  'a client with an option %s is refused, by its name',
  (name) => {
    const options = { apiKey: KEY, baseUrl: 'https://localhost', [name]: false } as unknown as UCanPayOptions
    expect(() => new UCanPay(options)).toThrow(new RegExp(`Not an option of new UCanPay: ${name}\\.`))
  },
)

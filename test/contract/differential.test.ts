import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDouble } from './double-target.ts'
import { startRealGateway } from './gateway-target.ts'
import { Speaker, fresh, type Answer } from './speak.ts'

const RUNS = 16
const CARDS = ['4242424242424242', '4000000000000002', '4000000000003220', '4000000000005126']
const MINUTE_MS = 60_000

let speakers: readonly [real: Speaker, double: Speaker]
beforeAll(async () => {
  speakers = [new Speaker(await startRealGateway()), new Speaker(await startDouble())]
  for (const speaker of speakers) await speaker.start()
})
afterAll(async () => {
  for (const speaker of speakers) {
    await speaker.close()
    await speaker.target.stop()
  }
})

/** One thing that a merchant, a buyer or the time does. Orders and refunds are named by small numbers. */
type Step =
  | {
      readonly kind: 'place'
      readonly order: number
      readonly values: object
      readonly rest: boolean
      readonly key?: number | undefined
    }
  | { readonly kind: 'pay'; readonly order: number; readonly card: string }
  | {
      readonly kind: 'act'
      readonly order: number
      readonly action: string
      readonly body: object
      readonly key?: number | undefined
    }
  | {
      readonly kind: 'refund'
      readonly order: number
      readonly refund: number
      readonly amount: number
      readonly key?: number | undefined
    }
  | { readonly kind: 'read'; readonly order: number; readonly refund: number }
  | { readonly kind: 'list'; readonly query: string }
  | { readonly kind: 'work' }
  | { readonly kind: 'wait'; readonly ms: number }

const order = fc.integer({ min: 0, max: 3 })
const key = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined })
const amount = fc.integer({ min: 1, max: 500 })
const values = fc.record(
  {
    totalAmt: fc.constantFrom(450, 451),
    captureMode: fc.constantFrom('automatic', 'manual'),
    expiresIn: fc.constantFrom(60, 7200),
  },
  { requiredKeys: [] },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('place' as const), order, values, rest: fc.boolean(), key }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pay' as const), order, card: fc.constantFrom(...CARDS) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      order,
      action: fc.constantFrom('closeorder', 'reverse', 'capture', 'v1/capture', 'v1/cancel'),
      body: fc.oneof(fc.constant({}), fc.record({ captureAmt: amount })),
      key,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('refund' as const),
      order,
      refund: fc.integer({ min: 0, max: 3 }),
      amount,
      key,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('read' as const), order, refund: fc.integer({ min: 0, max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('list' as const),
      query: fc.constantFrom('', '&tradeStatus=SUCCESS', '&limit=2'),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'work' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(MINUTE_MS + 1000, 11 * MINUTE_MS) }),
  },
)

/** Does a step, and tells what a client saw. @param run a number that keeps runs apart */
async function perform(c: Speaker, run: string, one: Step): Promise<unknown> {
  const orderNo = (number: number) => `${run}O${number}`
  const refundNo = (number: number) => `${run}R${number}`
  const under = (number: number | undefined) =>
    number === undefined ? {} : { headers: { 'idempotency-key': `${run}K${number}` } }
  switch (one.kind) {
    case 'place': {
      const body = c.order({ outTradeNo: orderNo(one.order), notifyUrl: 'https://shop.example/n', ...one.values })
      return said(await c.post(one.rest ? '/v1/payments' : '/payment/unifiedorder', body, under(one.key)))
    }
    case 'pay': {
      const asked = await c.get(`/v1/payments/${orderNo(one.order)}`)
      if (asked.msg !== 'SUCCESS') return asked.msg
      return c.target.pay(asked.data as never, one.card).catch((error: unknown) => (error as { msg?: unknown }).msg)
    }
    case 'act': {
      const outTradeNo = orderNo(one.order)
      const rest = one.action.replace(/^v1\//, '')
      if (rest !== one.action) return said(await c.post(`/v1/payments/${outTradeNo}/${rest}`, one.body, under(one.key)))
      return said(await c.post(`/payment/${one.action}`, { outTradeNo, ...one.body }))
    }
    case 'refund': {
      const body = { outTradeNo: orderNo(one.order), outRefundNo: refundNo(one.refund), refundAmt: one.amount }
      return said(await c.post('/v1/refunds', body, under(one.key)))
    }
    case 'read':
      return Promise.all([
        c.get(`/v1/payments/${orderNo(one.order)}`).then(said),
        c.post('/payment/refundquery', { outRefundNo: refundNo(one.refund) }).then(said),
      ])
    case 'list':
      return said(await c.get(`/v1/payments?limit=3${one.query}`.replace('limit=3&limit', 'limit')))
    case 'work':
      return c.target.work()
    case 'wait':
      c.target.moveClock(one.ms)
      return c.target.work()
  }
}

const NEW_EACH_TIME =
  /^(?:requestId|timestamp|nonceStr|sign|merchantId|ucpOrderNo|ucpRefundNo|payUrl|qrCode|tranTime|createdAt|expiresAt)$/

/** An answer without ids, times and signatures: of those it is told that they are there. */
function said({ status, body, headers }: Answer): unknown {
  const replayed = headers['idempotent-replayed'] ?? null
  const json = JSON.stringify(body, (name, value: unknown) =>
    NEW_EACH_TIME.test(name) || /Time$|timeEnd/.test(name) ? `(${typeof value})` : value,
  )
  return { status, replayed, body: JSON.parse(json) as unknown }
}

test('the gateway and its double answer the same to whatever is asked of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40, size: 'max' }), async (steps) => {
      const run = fresh()
      const placed: Step[] = [0, 1, 2, 3].map((order) => ({ kind: 'place', order, values: {}, rest: false }))
      for (const one of [...placed, ...steps]) {
        const [real, double] = await Promise.all(speakers.map((speaker) => perform(speaker, run, one)))
        expect(double).toEqual(real)
      }
    }),
    { numRuns: RUNS, verbose: true, endOnFailure: false, interruptAfterTimeLimit: 40_000 },
  )
})

import { expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const QUERY = '/payment/status?outTradeNo=none' // 404 with a good key: let in, and there is no such order.

/** An answer under load, and when it was asked for. */
interface Sample {
  readonly status: number
  readonly sentAt: number
  readonly through: number
}

/** Calls with a key through every process without a pause, until it is stopped. */
function load(gateways: readonly TestGateway[], key: string): { samples: Sample[]; stop(): Promise<void> } {
  const samples: Sample[] = []
  let running = true
  const callers = gateways.flatMap((gateway, through) =>
    Array.from({ length: 3 }, async () => {
      while (running) {
        const sentAt = performance.now()
        const { status } = await gateway.get(QUERY, { key })
        samples.push({ status, sentAt, through })
      }
    }),
  )
  return {
    samples,
    async stop() {
      running = false
      await Promise.all(callers)
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Two processes on one database, and a key that is not the one that administers. */
async function twoGateways(): Promise<{ both: [TestGateway, TestGateway]; key: string; apiKeyId: string }> {
  const one = await startGateway({ role: 'api' })
  const two = await startGateway({ role: 'api', beside: one })
  const { key, apiKeyId } = await one.addKey({ kind: 'sk', mode: 'test', scopes: [] })
  return { both: [one, two], key, apiKeyId }
}

/** Samples of each process that were sent from a time on. */
function sentFrom(samples: readonly Sample[], from: number): Sample[][] {
  return [0, 1].map((through) => samples.filter((sample) => sample.through === through && sample.sentAt >= from))
}

test('a key is rolled under load: no call fails within the overlap, by the old key or the new; then the old is refused', async () => {
  const { both, key, apiKeyId } = await twoGateways()
  const [one] = both
  const before = load(both, key)
  await pause(300)
  const overlapS = 3
  const askedAt = performance.now()
  const rolled = await one.post(`/v1/api-keys/${apiKeyId}/roll`, { overlapS })
  expect(rolled.msg).toBe('SUCCESS')
  const rolledAt = performance.now()
  const after = load(both, String(rolled.data['key']))
  await pause(overlapS * 1_000 + 1_500)
  await Promise.all([before.stop(), after.stop()])

  expect(after.samples.filter(({ status }) => status !== 404)).toEqual([])
  // An answer is judged by the gateway's clock when the call came in, so those on the edge may go either way.
  const within = before.samples.filter(({ sentAt }) => sentAt < askedAt + overlapS * 1_000 - 500)
  expect(within.filter(({ status }) => status !== 404)).toEqual([])
  for (const samples of [...sentFrom(after.samples, 0), ...[0, 1].map((n) => within.filter((s) => s.through === n))]) {
    expect(samples.length).toBeGreaterThan(20)
  }
  for (const late of sentFrom(before.samples, rolledAt + overlapS * 1_000 + 250)) {
    expect(late.length).toBeGreaterThan(5)
    expect(late.filter(({ status }) => status !== 401)).toEqual([])
  }
})

test.each([
  ['', false],
  [', with the connections that would have told of it cut off', true],
])(
  'a revoked key is refused by every process within a second%s',
  async (_how, cutOff) => {
    const { both, key, apiKeyId } = await twoGateways()
    const [one] = both
    const calls = load(both, key)
    await pause(300)
    const cutting = cutOff ? keepCutOff(one) : undefined
    await pause(200)
    const askedAt = performance.now()
    expect((await one.post(`/v1/api-keys/${apiKeyId}/revoke`, {})).msg).toBe('SUCCESS')
    const revokedAt = performance.now()
    await pause(2_000)
    await calls.stop()
    const cuts = await cutting?.stop()

    if (cutOff) expect(cuts).toBeGreaterThanOrEqual(2) // Each process lost its own, and again whatever it made anew.
    expect(calls.samples.filter(({ sentAt, status }) => sentAt < askedAt - 500 && status !== 404)).toEqual([])
    for (const late of sentFrom(calls.samples, revokedAt + 1_000)) {
      expect(late.length).toBeGreaterThan(5)
      expect(late.filter(({ status }) => status !== 401)).toEqual([])
    }
  },
  60_000,
)

/** Ends every connection of the database that listens, again and again. */
function keepCutOff(gateway: TestGateway): { stop(): Promise<number> } {
  let cuts = 0
  let cutting: Promise<void> = Promise.resolve()
  const cut = async (): Promise<void> => {
    const rows = await gateway.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %'`,
    )
    cuts += rows.length
  }
  const timer = setInterval(() => void (cutting = cutting.then(cut)), 20)
  return {
    async stop() {
      clearInterval(timer)
      await cutting
      return cuts
    },
  }
}

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect, promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startGateway, testCertificates } from '../../../apps/gateway/test/support/gateway.ts'
import { keyFromFile, Refused, UCanPay, UCanPayConfigError } from '../src/index.ts'
import { failure, gateway, KEY, PAYMENT, placed } from './support/fake-gateway.ts'

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sdk-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('a key', () => {
  test('that is rolled under load fails not one call', async () => {
    const real = await startGateway({ role: 'api' })
    const { merchantId, secretKey, privateKey } = real.merchant
    const file = join(folderOf(), 'key')
    writeFileSync(file, secretKey)
    const reach = { baseUrl: real.apiUrl, merchantId, privateKey, ca: testCertificates.ca }
    const shop = new UCanPay({ ...reach, apiKey: keyFromFile(file), maxRetries: 0 })
    const staff = new UCanPay({ ...reach, apiKey: keyFromFile(file) })
    let stop = false
    let taken = 0
    const failures: unknown[] = []
    const load = async (): Promise<void> => {
      while (!stop && taken < 2_000) {
        await shop.payments.list({ limit: 1 }).then(
          () => taken++,
          (error: unknown) => failures.push(error),
        )
      }
    }
    const loads = Array.from({ length: 8 }, load)
    let apiKeyId = real.merchant.apiKeyId
    for (let rolls = 0; rolls < 3; rolls++) {
      const rolled = await staff.apiKeys.roll(apiKeyId, { overlapS: 60 })
      writeFileSync(file, rolled.key)
      apiKeyId = rolled.apiKeyId
      const until = taken + 30
      await expect.poll(() => taken >= until).toBe(true)
    }
    stop = true
    await Promise.all(loads)
    expect(failures).toEqual([])
    const used = await staff.apiKeys.retrieve(apiKeyId)
    expect(used.status).toBe('active')
    shop.close()
    staff.close()
  })

  test('that is refused is asked for again, once, and another one is used', async () => {
    const keys = ['old', 'new']
    let asked = 0
    const { calls, options } = await gateway((call, count) =>
      call.authorization === 'Bearer new' ? placed(call, count) : failure(401, 'NOAUTH'),
    )
    const rolling = (): string => keys[Math.min(asked++, 1)] ?? ''
    await new UCanPay({ ...options, apiKey: rolling, maxRetries: 0 }).createPayment(PAYMENT)
    expect(calls.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new'])
    // Several at once, of which the first is dead.
    calls.length = 0
    await new UCanPay({ ...options, apiKey: ['old', 'new'], maxRetries: 0 }).createPayment(PAYMENT)
    expect(calls).toHaveLength(2)
    // The same key again is not worth a question, nor is a third one.
    calls.length = 0
    await expect(new UCanPay({ ...options, apiKey: 'old' }).createPayment(PAYMENT)).rejects.toBeInstanceOf(
      Refused.NOAUTH,
    )
    expect(calls).toHaveLength(1)
    let number = 0
    const endless = (): string => `other${number++}`
    await expect(new UCanPay({ ...options, apiKey: endless }).createPayment(PAYMENT)).rejects.toBeInstanceOf(
      Refused.NOAUTH,
    )
    expect(calls).toHaveLength(3)
  })

  test.each(['a\r\nx: y', 'é', 'x'.repeat(129)])('that is none, %j, is refused without being told', async (key) => {
    const { calls, options } = await gateway(placed)
    const call = new UCanPay({ ...options, apiKey: () => key }).createPayment(PAYMENT)
    const error: unknown = await call.catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(UCanPayConfigError)
    expect(inspect(error)).not.toContain(key)
    expect(calls).toEqual([])
  })

  test('is in nothing that is printed, copied or thrown', async () => {
    const { options } = await gateway(({ path }) => (path.includes('refund') ? 'lost' : failure(401, 'NOAUTH')))
    const client = new UCanPay({ ...options, maxRetries: 0 })
    const errors: unknown[] = await Promise.all([
      client.orders.query({ outTradeNo: 'A' }).catch((error: unknown) => error),
      client.refunds.query({ outRefundNo: 'A' }).catch((error: unknown) => error),
      new UCanPay({ ...options, ca: [] }).orders.query({ outTradeNo: 'A' }).catch((error: unknown) => error),
    ])
    let cloned: unknown
    try {
      cloned = structuredClone(client)
    } catch (error) {
      cloned = error
    }
    const printed = [client, client.payments, client.payments.list(), ...errors, cloned].flatMap((value) => [
      inspect(value, { depth: null, showHidden: true, getters: true }),
      inspect(value, { depth: null, showHidden: true, customInspect: false, getters: true }),
      JSON.stringify(value),
      value instanceof Error ? `${value.stack ?? ''}${JSON.stringify(value, Object.getOwnPropertyNames(value))}` : '',
    ])
    printed.push(JSON.stringify(process.report.getReport()))
    for (const text of printed) expect(text).not.toContain(KEY.slice(12, 30))
  })

  test('is not in a heap snapshot of a process that used it', { timeout: 300_000 }, async () => {
    const { options, calls } = await gateway(placed)
    const folder = folderOf()
    const key = 'ucp_sk_test_HeapCanaryOfTheTestAbcdefgh01234567890'
    const files = { key: join(folder, 'key'), snapshot: join(folder, 'heap'), merchant: join(folder, 'merchant.mjs') }
    writeFileSync(files.key, `${key}\n`)
    const source = new URL('../src/index.ts', import.meta.url).href
    const settings = { baseUrl: options.baseUrl, ca: options.ca }
    writeFileSync(
      files.merchant,
      `import { setTimeout as sleep } from 'node:timers/promises'
       import { writeHeapSnapshot } from 'node:v8'
       const { UCanPay, keyFromFile } = await import(${JSON.stringify(source)})
       const client = new UCanPay({ ...${JSON.stringify(settings)}, apiKey: keyFromFile(${JSON.stringify(files.key)}) })
       for (let count = 0; count < 20; count++) await client.createPayment(${JSON.stringify(PAYMENT)})
       globalThis.kept = { client, seen: 'HeapWitness' + 'OfTheTest' }
       await sleep(50)
       gc()
       writeHeapSnapshot(${JSON.stringify(files.snapshot)})
       client.close()`,
    )
    const flags = ['--conditions=ucanpay-source', '--no-warnings', '--expose-gc']
    await promisify(execFile)(process.execPath, [...flags, files.merchant], {
      env: { PATH: process.env['PATH'] ?? '' },
    })
    expect(calls).toHaveLength(20)
    const snapshot = readFileSync(files.snapshot)
    expect(snapshot.includes('HeapWitness')).toBe(true)
    expect(snapshot.includes('HeapCanary')).toBe(false)
  })
})

test('a key that is put in place of another is picked up, though it is as long and brings the same time along', async () => {
  const folder = folderOf()
  const [file, next, time] = [join(folder, 'key'), join(folder, 'next'), new Date(1e12)]
  for (const [path, key] of [
    [file, 'first'],
    [next, 'later'],
  ] as const) {
    writeFileSync(path, key)
    utimesSync(path, time, time)
  }
  const read = keyFromFile(file)
  expect(await read()).toEqual(['first'])
  renameSync(next, file)
  expect(await read()).toEqual(['later'])
})

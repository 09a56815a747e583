import { describe, expect, test } from 'vitest'
import { AcquirerUnknownError, type Acquirer } from '../../src/acquirers/acquirer.ts'
import { compose } from '../../src/compose.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

async function statusOf(gateway: TestGateway, outTradeNo: unknown): Promise<unknown> {
  return (await gateway.post('/payment/orderquery', { outTradeNo })).data['tradeStatus']
}

async function charges(gateway: TestGateway): Promise<unknown[]> {
  return gateway.gateway.deps.db.query(
    `select 1 from sandbox_acquirer.operations where operation = 'authorise' and status = 'succeeded'`,
  )
}

describe('an answer that never came', () => {
  test('is looked up: the order is USERPAYING until it is known, then paid, once', async () => {
    const gateway = await startGateway()
    const { payUrl, outTradeNo } = (await gateway.place()).data
    const paying = gateway.pay(payUrl, { number: '4000000000006405' })
    await expect.poll(() => statusOf(gateway, outTradeNo)).toBe('USERPAYING')
    for (const path of ['closeorder', 'reverse']) {
      const reply = await gateway.post(`/payment/${path}`, { outTradeNo })
      expect([reply.status, reply.msg]).toEqual([409, 'BIZERR_NEED_RETRY'])
    }
    expect((await gateway.pay(payUrl)).msg).toBe('ORDER_NOT_READY')
    expect((await paying).body['tradeStatus']).toBe('USERPAYING')
    await expect.poll(() => statusOf(gateway, outTradeNo)).toBe('SUCCESS')
    expect(await charges(gateway)).toHaveLength(1)
    await gateway.receiver.waitFor(1)
  })

  test('of a request that never arrived: taken back, so that it cannot arrive later, and another card may pay', async () => {
    const gateway = await startGateway()
    const { payUrl, outTradeNo } = (await gateway.place()).data
    await gateway.pay(payUrl, { number: '4000000000007403' })
    expect(await statusOf(gateway, outTradeNo)).toBe('USERPAYING')
    gateway.moveClock(30_000)
    await expect.poll(() => statusOf(gateway, outTradeNo), { timeout: 5_000 }).toBe('PAYERROR')
    const [attempt] = await gateway.rows<{ attempt_id: string; reason: string }>('payment_attempts')
    expect(attempt?.reason).toBe('not_received')
    const late = await gateway.gateway.deps.sandbox.authorise({
      operationId: attempt?.attempt_id ?? '',
      mode: 'test',
      amount: 450,
      currency: 'CAD',
      capture: true,
      card: { number: '4242424242424242', expiryMonth: 12, expiryYear: 2030, holderName: 'x' },
      returnUrl: 'https://localhost/',
    })
    expect(late).toEqual({ status: 'refused', reason: 'not_received' })
    expect((await gateway.pay(payUrl)).body['tradeStatus']).toBe('SUCCESS')
  })

  test('of a capture or a refund is asked for again under the same number, and done once', async () => {
    let silent = true
    const forgetful = (sandbox: Acquirer): Acquirer => ({
      ...sandbox,
      capture: async (request) => {
        const outcome = await sandbox.capture(request)
        if (silent) throw new AcquirerUnknownError('lost')
        return outcome
      },
      refund: async (request) => {
        const outcome = await sandbox.refund(request)
        if (silent) throw new AcquirerUnknownError('lost')
        return outcome
      },
    })
    const gateway = await startGateway({ acquirer: forgetful })
    const { payUrl, outTradeNo } = (await gateway.place({ captureMode: 'manual' })).data
    await gateway.pay(payUrl)
    const captured = await gateway.post('/payment/capture', { outTradeNo })
    expect([captured.status, captured.msg]).toEqual([409, 'BIZERR_NEED_RETRY'])
    await expect.poll(() => statusOf(gateway, outTradeNo), { timeout: 5_000 }).toBe('SUCCESS')
    expect((await gateway.post('/payment/capture', { outTradeNo })).msg).toBe('SUCCESS')

    await gateway.post('/payment/refund', {
      outTradeNo,
      outRefundNo: 'R1',
      totalAmt: 450,
      refundAmt: 100,
      refundDesc: 'x',
    })
    await expect
      .poll(async () => (await gateway.rows<{ tries: number }>(`outbox where job = 'send-refund'`))[0]?.tries)
      .toBe(1)
    silent = false
    gateway.moveClock(5_000)
    await expect.poll(() => statusOf(gateway, outTradeNo), { timeout: 5_000 }).toBe('REFUND')
    const given = await gateway.gateway.deps.db.query(
      `select 1 from sandbox_acquirer.operations where operation = 'refund'`,
    )
    expect(given).toHaveLength(1)
  })
})

test('a card that the network charges twice is charged once', async () => {
  const gateway = await startGateway()
  const { payUrl } = (await gateway.place()).data
  expect((await gateway.pay(payUrl, { number: '4000000000008401' })).body['tradeStatus']).toBe('SUCCESS')
  expect(await charges(gateway)).toHaveLength(1)
})

test('a challenge that nobody answers is taken back after ten minutes', async () => {
  const gateway = await startGateway()
  const { payUrl, outTradeNo } = (await gateway.place()).data
  const paying = await gateway.pay(payUrl, { number: '4000000000003220' })
  expect(paying.body).toMatchObject({ tradeStatus: 'USERPAYING' })
  expect(paying.body['challengeUrl']).toMatch(/^\/sandbox-bank\//)
  expect((await gateway.checkout(payUrl, 'refresh', {})).body['tradeStatus']).toBe('USERPAYING')
  gateway.moveClock(11 * 60_000)
  await expect.poll(() => statusOf(gateway, outTradeNo), { timeout: 5_000 }).toBe('PAYERROR')
  expect(await charges(gateway)).toHaveLength(0)
})

test('a process that dies between asking and writing down leaves nothing undone', async () => {
  const dying = (sandbox: Acquirer): Acquirer => ({
    ...sandbox,
    authorise: async (request) => {
      await sandbox.authorise(request)
      throw new Error('the process is gone')
    },
  })
  const gateway = await startGateway({ acquirer: dying, role: 'all' })
  const { payUrl, outTradeNo } = (await gateway.place()).data
  expect(await gateway.pay(payUrl)).toMatchObject({ status: 500, msg: 'SYSTEMERROR' })
  expect(await statusOf(gateway, outTradeNo)).toBe('USERPAYING')
  const later = { now: () => new Date(Date.now() + 60_000) }
  const next = await compose({ ...gateway.config, role: 'worker' }, gateway.gateway.deps.log, { clock: later })
  await next.start()
  await expect.poll(() => statusOf(gateway, outTradeNo), { timeout: 5_000 }).toBe('SUCCESS')
  await gateway.receiver.waitFor(1)
  await next.stop()
  expect(await charges(gateway)).toHaveLength(1)
})

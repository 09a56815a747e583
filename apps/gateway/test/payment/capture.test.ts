import { expect, test } from 'vitest'
import { AcquirerUnknownError } from '../../src/acquirers/acquirer.ts'
import { failureOf, tally } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const PATH = '/payment/capture'

test('all that is held is taken, and taking it again gives the same answer', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo, outTradeNo } = await gateway.paidOrder({ captureMode: 'manual', totalAmt: 1000 })

  const captured = await gateway.post(PATH, { ucpOrderNo })
  expect(captured).toMatchObject({ status: 200, msg: 'SUCCESS' })
  expect(captured.data).toMatchObject({ outTradeNo, tradeStatus: 'SUCCESS', captureAmt: 1000, totalAmt: 1000 })
  expect((await gateway.post(PATH, { outTradeNo })).data).toMatchObject({ ucpOrderNo, captureAmt: 1000 })
  const taken = await gateway.sql(`select from sandbox_acquirer.operations where operation = 'capture'`)
  expect(taken).toHaveLength(1)
  const statuses = (await gateway.receiver.waitFor(2)).map(({ data }) => data['tradeStatus'])
  expect(statuses.sort()).toEqual(['AUTHORIZED', 'SUCCESS']) // Told when it was held, and when it was taken.
})

test('a part can be taken; the rest is let go and cannot be taken or given back later', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder({ captureMode: 'manual', totalAmt: 1000 })
  const { ucpOrderNo } = order

  expect((await gateway.post(PATH, { ucpOrderNo, captureAmt: 600 })).data).toMatchObject({ captureAmt: 600 })
  expect(await gateway.post(PATH, { ucpOrderNo, captureAmt: 600 })).toMatchObject({ msg: 'SUCCESS' })
  expect(await gateway.post(PATH, { ucpOrderNo, captureAmt: 400 })).toMatchObject({ status: 409, msg: 'ORDERPAID' })
  expect(await gateway.post(PATH, { ucpOrderNo })).toMatchObject({ status: 409, msg: 'ORDERPAID' })
  expect(await gateway.refund(order, { refundAmt: 601 })).toMatchObject({ status: 422, msg: 'INVALID_REQUEST' })
  expect(await gateway.refund(order, { refundAmt: 600 })).toMatchObject({ msg: 'SUCCESS' })
})

test('ten captures at once take the money once', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo } = await gateway.paidOrder({ captureMode: 'manual', totalAmt: 1000 })

  const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.post(PATH, { ucpOrderNo })))
  const { SUCCESS = 0, BIZERR_NEED_RETRY = 0 } = tally(replies)
  expect(SUCCESS).toBeGreaterThanOrEqual(1)
  expect(SUCCESS + BIZERR_NEED_RETRY).toBe(10)
  expect(await taken(gateway)).toEqual([{ account: 'acquirer_receivable', amount: 1000 }])
  expect(await gateway.post(PATH, { ucpOrderNo })).toMatchObject({ msg: 'SUCCESS' }) // The retry that was asked for.
})

test('two captures of different parts at once: one is taken, the other refused', async () => {
  const gateway = await startGateway()
  for (let round = 0; round < 5; round++) {
    const { ucpOrderNo } = await gateway.paidOrder({ captureMode: 'manual', totalAmt: 1000 })
    const replies = await Promise.all([700, 800].map((captureAmt) => gateway.post(PATH, { ucpOrderNo, captureAmt })))
    const [refused, ...others] = replies.filter(({ msg }) => msg !== 'SUCCESS')
    expect(others).toEqual([])
    expect(['BIZERR_NEED_RETRY', 'ORDERPAID']).toContain(refused?.msg)
  }
  expect(await taken(gateway)).toHaveLength(5)
})

test('a capture and a reversal at once: the money is taken or let go, not both', async () => {
  const gateway = await startGateway()
  for (let round = 0; round < 8; round++) {
    const { ucpOrderNo } = await gateway.paidOrder({ captureMode: 'manual', totalAmt: 1000 })
    const [capture, reversal] = await Promise.all([
      gateway.post(PATH, { ucpOrderNo }),
      gateway.post('/payment/reverse', { ucpOrderNo }),
    ])

    const { data } = await gateway.post('/payment/orderquery', { ucpOrderNo })
    if (reversal.msg === 'SUCCESS' && capture.msg !== 'SUCCESS') {
      expect(capture).toMatchObject({ status: 409, msg: 'ORDERCLOSED' })
      expect(data).toMatchObject({ tradeStatus: 'REVOKED', totalRefundAmt: 0 })
    } else if (reversal.msg === 'SUCCESS') {
      expect(data).toMatchObject({ tradeStatus: 'REVOKED', totalRefundAmt: 1000 }) // Taken first, then given back.
    } else {
      expect(reversal).toMatchObject({ status: 409, msg: 'BIZERR_NEED_RETRY' })
      expect(capture.msg).toBe('SUCCESS')
      expect(data).toMatchObject({ tradeStatus: 'SUCCESS' })
    }
  }
  await expect.poll(() => gateway.sql(`select from outbox where job = 'send-reversal'`)).toEqual([])
  const refused = await gateway.sql(
    `select from payment_attempts where operation <> 'authorise' and status = 'refused'`,
  )
  expect(refused).toEqual([]) // Nothing was asked of the acquirer that it could not do.
})

test('only what is held can be taken, and no more than that', async () => {
  const gateway = await startGateway()
  const unpaid = (await gateway.place({ captureMode: 'manual' })).data
  const declined = (await gateway.place({ captureMode: 'manual' })).data
  await gateway.pay(declined['payUrl'], { number: '4000000000000002' })
  const challenged = (await gateway.place({ captureMode: 'manual' })).data
  await gateway.pay(challenged['payUrl'], { number: '4000000000003220' })
  const closed = (await gateway.place()).data
  await gateway.post('/payment/closeorder', { ucpOrderNo: closed['ucpOrderNo'] })
  const released = await gateway.paidOrder({ captureMode: 'manual' })
  await gateway.post('/payment/reverse', { ucpOrderNo: released.ucpOrderNo })
  const automatic = await gateway.paidOrder()
  const held = await gateway.paidOrder({ captureMode: 'manual', totalAmt: 1000 })

  const expected = [
    [{ ucpOrderNo: unpaid['ucpOrderNo'] }, 409, 'ORDER_NOT_READY'],
    [{ ucpOrderNo: declined['ucpOrderNo'] }, 409, 'ORDER_NOT_READY'],
    [{ ucpOrderNo: challenged['ucpOrderNo'] }, 409, 'ORDER_NOT_READY'],
    [{ ucpOrderNo: closed['ucpOrderNo'] }, 409, 'ORDERCLOSED'],
    [{ ucpOrderNo: released.ucpOrderNo }, 409, 'ORDERCLOSED'],
    [{ ucpOrderNo: automatic.ucpOrderNo }, 409, 'ORDERPAID'],
    [{ ucpOrderNo: held.ucpOrderNo, captureAmt: 1001 }, 422, 'INVALID_REQUEST'],
    [{}, 400, 'LACK_PARAMS'],
  ] as const
  for (const [body, status, msg] of expected) expect(await gateway.post(PATH, body)).toMatchObject({ status, msg })
  expect(await gateway.sql(`select from payment_attempts where operation = 'capture'`)).toEqual([])
})

test('a capture that the acquirer refuses can be tried again', async () => {
  let refusing = true
  const gateway = await startGateway({
    acquirer: (sandbox) => ({
      ...sandbox,
      capture: (request) =>
        refusing ? Promise.resolve({ status: 'refused', reason: 'processor_error' }) : sandbox.capture(request),
    }),
  })
  const { ucpOrderNo } = await gateway.paidOrder({ captureMode: 'manual' })

  expect(await gateway.post(PATH, { ucpOrderNo })).toMatchObject({ status: 422, msg: 'ERROR' })
  expect(await taken(gateway)).toEqual([])
  refusing = false
  expect((await gateway.post(PATH, { ucpOrderNo })).data).toMatchObject({ tradeStatus: 'SUCCESS' })
})

test('a capture whose answer is lost is neither repeated nor forgotten', async () => {
  const gateway = await startGateway({
    acquirer: (sandbox) => ({
      ...sandbox,
      capture: async (request) => {
        await sandbox.capture(request)
        throw new AcquirerUnknownError('no answer within the time limit')
      },
    }),
  })
  const { ucpOrderNo } = await gateway.paidOrder({ captureMode: 'manual' })

  expect(await gateway.post(PATH, { ucpOrderNo })).toMatchObject({ status: 409, msg: 'BIZERR_NEED_RETRY' })
  await expect.poll(async () => (await gateway.post(PATH, { ucpOrderNo })).msg).toBe('SUCCESS')
  expect(await gateway.sql(`select from sandbox_acquirer.operations where operation = 'capture'`)).toHaveLength(1)
  expect(await taken(gateway)).toHaveLength(1)
})

test('a stranger’s order is no order', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const { ucpOrderNo, outTradeNo } = await gateway.paidOrder({ captureMode: 'manual' })

  const nobodys = await gateway.post(PATH, { ucpOrderNo: '404' })
  expect(nobodys).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
  for (const ref of [{ ucpOrderNo }, { outTradeNo }]) {
    const strangers = await gateway.post(PATH, ref, { key: stranger.secretKey })
    expect(failureOf(strangers)).toEqual(failureOf(nobodys))
  }
  expect(await taken(gateway)).toEqual([])
})

/** The debits of all captures: what the acquirer owes for them. */
function taken(gateway: TestGateway): Promise<unknown[]> {
  return gateway.sql(`select account, amount from ledger_entries where kind = 'capture' and amount > 0`)
}

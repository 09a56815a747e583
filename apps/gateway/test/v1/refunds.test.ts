import { expect, test } from 'vitest'
import { failureOf, tally, type Answer } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const PATH = '/v1/refunds'
const refund = (gateway: TestGateway, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
  gateway.post(PATH, body, { headers })

test('a refund is accepted, read by either number, carried out and listed', async () => {
  const gateway = await startGateway()
  const { outTradeNo, ucpOrderNo } = await gateway.paidOrder({ totalAmt: 1000 })
  const accepted = await refund(gateway, { outTradeNo, outRefundNo: 'R1', refundAmt: 300 })
  expect(accepted).toMatchObject({
    status: 200,
    data: {
      ucpOrderNo,
      outTradeNo,
      outRefundNo: 'R1',
      refundStatus: 'PROCESSING',
      refundAmt: 300,
      totalAmt: 1000,
      totalRefundAmt: 300,
      refundDesc: 'Refund',
      currency: 'CAD',
    },
  })
  const id = String(accepted.data['ucpRefundNo'])
  const status = async (): Promise<unknown> => (await gateway.get(`${PATH}/${id}`)).data['refundStatus']
  await expect.poll(status).toBe('SUCCESS')
  const read = await gateway.get(`${PATH}/R1`)
  expect(read.data).toMatchObject({ ucpRefundNo: id, refundSuccessTime: expect.any(String) as unknown })
  const { data: list } = await gateway.get(PATH)
  expect(read.data).toMatchObject((list['items'] as object[])[0] ?? { none: true })
  expect(list['hasMore']).toBe(false)
})

test('without a number of its own, or a key that keeps it single, nothing is given back', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo } = await gateway.paidOrder({ totalAmt: 1000 })
  const body = { ucpOrderNo, refundAmt: 300 }
  expect(await refund(gateway, body)).toMatchObject({
    status: 400,
    msg: 'LACK_PARAMS',
    body: { detail: [{ pointer: '/outRefundNo', rule: 'required' }] },
  })
  expect(await gateway.rows('refunds')).toEqual([])
  const replies = await Promise.all(
    Array.from({ length: 10 }, () => refund(gateway, body, { 'idempotency-key': 'once' })),
  )
  expect(tally(replies)).toEqual({ SUCCESS: 10 })
  expect(new Set(replies.map(({ data }) => data['outRefundNo'])).size).toBe(1)
  expect(await gateway.rows('refunds')).toHaveLength(1)
})

test('each refusal has its msg', async () => {
  const gateway = await startGateway()
  const { outTradeNo } = await gateway.paidOrder({ totalAmt: 1000 })
  const unpaid = await gateway.place()
  const good = { outTradeNo, outRefundNo: 'R1', refundAmt: 300 }
  const refusals: [object, number, string][] = [
    [{ outRefundNo: 'R1', refundAmt: 300 }, 400, 'LACK_PARAMS'],
    [{ outTradeNo, outRefundNo: 'R1' }, 400, 'LACK_PARAMS'],
    [{ ...good, refundAmt: 0 }, 400, 'PARAM_ERROR'],
    [{ ...good, reason: 'cold' }, 400, 'PARAM_ERROR'],
    [{ ...good, notifyUrl: 'https://10.0.0.1/x' }, 400, 'PARAM_ERROR'],
    [{ ...good, outTradeNo: 'NONE' }, 404, 'ORDERNOTEXIST'],
    [{ ...good, totalAmt: 999 }, 409, 'REFUND_FEE_MISMATCH'],
    [{ ...good, refundAmt: 1001 }, 422, 'INVALID_REQUEST'],
    [{ ...good, outTradeNo: unpaid.data['outTradeNo'] }, 409, 'ORDER_NOT_READY'],
  ]
  for (const [body, status, msg] of refusals) expect(await refund(gateway, body)).toMatchObject({ status, msg })
  expect(await gateway.rows('refunds')).toEqual([])
  expect(await refund(gateway, good)).toMatchObject({ msg: 'SUCCESS' })
  expect(await refund(gateway, good)).toMatchObject({ msg: 'SUCCESS' })
  expect(await refund(gateway, { ...good, refundAmt: 301 })).toMatchObject({ status: 409, msg: 'REFUND_FEE_MISMATCH' })
  expect(await gateway.rows('refunds')).toHaveLength(1)
  expect(await gateway.get(`${PATH}/none`)).toMatchObject({ status: 404, msg: 'REFUNDNOTEXIST' })
  expect(await gateway.get(`${PATH}?startingAfter=none`)).toMatchObject({ status: 404, msg: 'REFUNDNOTEXIST' })
  expect(await gateway.get(`${PATH}?limit=101`)).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
})

test('pages go through all refunds once, and a list can be of one order, number or status', async () => {
  const gateway = await startGateway({ role: 'all' })
  const one = await gateway.paidOrder({ totalAmt: 1000 })
  const two = await gateway.paidOrder({ totalAmt: 1000 })
  for (const outRefundNo of ['R1', 'R2', 'R3', 'R4'])
    await refund(gateway, { outTradeNo: one.outTradeNo, outRefundNo, refundAmt: 10 })
  await refund(gateway, { outTradeNo: two.outTradeNo, outRefundNo: 'R5', refundAmt: 10 })
  const listed = async (query: string): Promise<unknown> => {
    const { data } = await gateway.get(`${PATH}?${query}`)
    return [
      (data['items'] as { outRefundNo: string }[]).map(({ outRefundNo }) => outRefundNo).join(' '),
      data['hasMore'],
    ]
  }
  expect(await listed('limit=2')).toEqual(['R5 R4', true])
  expect(await listed('limit=2&startingAfter=R4')).toEqual(['R3 R2', true])
  expect(await listed('limit=2&startingAfter=R2')).toEqual(['R1', false])
  expect(await listed(`ucpOrderNo=${two.ucpOrderNo}`)).toEqual(['R5', false])
  expect(await listed('ucpOrderNo=1')).toEqual(['', false])
  expect(await listed('outRefundNo=R3')).toEqual(['R3', false])
  await expect.poll(() => listed('refundStatus=SUCCESS')).toEqual(['R5 R4 R3 R2 R1', false])
  expect(await listed('refundStatus=FAIL')).toEqual(['', false])
})

test('a stranger’s refund is no refund', async () => {
  const gateway = await startGateway()
  const { secretKey: key } = await gateway.addMerchant()
  const order = await gateway.paidOrder()
  const { data } = await gateway.refund(order)
  const nobodys = failureOf(await gateway.get(`${PATH}/17000000000000000001`, { key }))
  for (const id of ['R1', String(data['ucpRefundNo'])]) {
    expect(failureOf(await gateway.get(`${PATH}/${id}`, { key }))).toEqual(nobodys)
    expect(failureOf(await gateway.get(`${PATH}?startingAfter=${id}`, { key }))).toEqual(nobodys)
  }
  const body = { ucpOrderNo: order.ucpOrderNo, outRefundNo: 'R2', refundAmt: 1 }
  expect(await gateway.post(PATH, body, { key })).toMatchObject({ status: 404, msg: 'ORDERNOTEXIST' })
  expect((await gateway.get(`${PATH}?ucpOrderNo=${order.ucpOrderNo}`, { key })).data['items']).toEqual([])
})

import { expect, test } from 'vitest'
import { failureOf } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'

const PATH = '/payment/refundquery'

test('a refund is found by either of its numbers, the same each time', async () => {
  const gateway = await startGateway({ role: 'api' }) // Without a worker it stays PROCESSING.
  const order = await paidWithoutCheckout()
  const { ucpRefundNo, outRefundNo } = (await gateway.refund(order, { refundAmt: 300 })).data
  const expected = {
    ucpOrderNo: order.ucpOrderNo,
    outTradeNo: order.outTradeNo,
    ucpRefundNo,
    outRefundNo,
    refundStatus: 'PROCESSING',
    refundAmt: 300,
    totalRefundAmt: 300,
  }

  const byOurs = await gateway.post(PATH, { ucpRefundNo })
  expect(byOurs.body).toMatchObject({ code: 0, msg: 'SUCCESS', data: expected })
  expect(byOurs.data).not.toHaveProperty('refundSuccessTime')
  const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.post(PATH, { outRefundNo })))
  for (const reply of replies) expect(reply.data).toMatchObject(expected)

  /** Orders are paid at the checkout, so a gateway of that role beside this one takes the money. */
  async function paidWithoutCheckout() {
    const checkout = await startGateway({ beside: gateway, role: 'checkout' })
    const { data } = await gateway.place()
    const { pathname } = new URL(String(data['payUrl']))
    await gateway.pay(checkout.checkoutUrl + pathname)
    return { outTradeNo: String(data['outTradeNo']), ucpOrderNo: String(data['ucpOrderNo']), totalAmt: 450, payUrl: '' }
  }
})

test('a refund that went through says when; the sum counts every refund of the order', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder({ totalAmt: 1000 })
  await gateway.refund(order, { outRefundNo: 'R1', refundAmt: 300 })
  await gateway.refund(order, { outRefundNo: 'R2', refundAmt: 200 })

  const query = async () => (await gateway.post(PATH, { outRefundNo: 'R1' })).data
  await expect.poll(query).toMatchObject({ refundStatus: 'SUCCESS', refundAmt: 300, totalRefundAmt: 500 })
  expect(Date.parse(String((await query())['refundSuccessTime']))).toBeLessThanOrEqual(Date.now())
})

test('a refund that the acquirer refuses fails, is told, and its amount can be given back again', async () => {
  const gateway = await startGateway()
  const { data } = await gateway.place({ totalAmt: 1000 })
  await gateway.pay(data['payUrl'], { number: '4000000000005126' })
  const order = { ...data, totalAmt: 1000 } as unknown as Awaited<ReturnType<typeof gateway.paidOrder>>
  await gateway.refund(order, { outRefundNo: 'R1', refundAmt: 1000 })

  const query = async () => (await gateway.post(PATH, { outRefundNo: 'R1' })).data
  await expect.poll(query).toMatchObject({ refundStatus: 'FAIL', refundAmt: 1000, totalRefundAmt: 0 })
  expect(await query()).not.toHaveProperty('refundSuccessTime')
  const [, told] = await gateway.receiver.waitFor(2)
  expect(told?.data).toMatchObject({ outRefundNo: 'R1', refundStatus: 'FAIL', tradeStatus: 'SUCCESS' })
  expect(await gateway.refund(order, { outRefundNo: 'R2', refundAmt: 1000 })).toMatchObject({ msg: 'SUCCESS' })
})

test('the gateway’s number goes first, and a missing number is refused', async () => {
  const gateway = await startGateway()
  const order = await gateway.paidOrder()
  await gateway.refund(order)

  expect(await gateway.post(PATH, {})).toMatchObject({ status: 400, msg: 'LACK_PARAMS' })
  const missed = await gateway.post(PATH, { ucpRefundNo: '1', outRefundNo: 'R1' })
  expect(missed).toMatchObject({ status: 404, msg: 'REFUNDNOTEXIST' })
})

test('a stranger’s refund is answered as no refund at all', async () => {
  const gateway = await startGateway()
  const stranger = await gateway.addMerchant()
  const { ucpRefundNo, outRefundNo } = (await gateway.refund(await gateway.paidOrder())).data

  const nobodys = await gateway.post(PATH, { ucpRefundNo: '404' })
  expect(nobodys).toMatchObject({ status: 404, msg: 'REFUNDNOTEXIST' })
  for (const ref of [{ ucpRefundNo }, { outRefundNo }]) {
    const strangers = await gateway.post(PATH, ref, { key: stranger.secretKey })
    expect(failureOf(strangers)).toEqual(failureOf(nobodys))
  }
})

import { expect, test } from 'vitest'
import { startGateway } from '../support/gateway.ts'

test.each(['subject', 'body', 'deviceNo'])('a card number in %s is refused and not stored', async (name) => {
  const gateway = await startGateway({ role: 'api' })
  const reply = await gateway.place({ [name]: 'for 4111 1111 1111 1111' })
  expect(reply).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
  expect(reply.body['detail']).toEqual([{ pointer: `/${name}`, rule: 'cardNumber' }])
  expect(await gateway.rows('orders')).toEqual([])
})

test('an e-mail address in a text stays with the order and does not leave by a notification', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo } = await gateway.paidOrder({ body: 'for ada@example.com' })
  await gateway.receiver.waitFor(1)
  expect(JSON.stringify(gateway.receiver.received[0])).toContain('for [email]')
  const rows = await gateway.rows('notifications')
  expect(rows).toMatchObject([{ ucp_order_no: ucpOrderNo }])
  expect(JSON.stringify(rows)).not.toContain('ada@')
})

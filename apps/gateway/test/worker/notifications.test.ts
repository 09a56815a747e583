import { Webhook } from 'standardwebhooks'
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { expect, test } from 'vitest'
import { compose } from '../../src/compose.ts'
import { createNotificationSecret } from '../../src/domain/notifications/notification-secrets.ts'
import { webhookHeaders } from '../../src/domain/notifications/webhook-signature.ts'
import { operator, startGateway } from '../support/gateway.ts'
import { TAKEN } from '../support/receiver.ts'

const SCHEDULE_S = [15, 15, 30, 180, 600, 1_800, 3_600, 10_800, 21_600, 43_200]

test('a notification verifies with any Standard Webhooks library and by the signature of its data', async () => {
  const gateway = await startGateway()
  const { ucpOrderNo, outTradeNo } = await gateway.paidOrder({ deviceNo: 'till 1' })
  const [told] = await gateway.receiver.waitFor(1)
  const secret = gateway.merchant.webhookSecret
  const headers = told?.headers as Record<string, string>
  expect(new Webhook(secret).verify(told?.raw ?? '', headers)).toMatchObject({ code: 0, msg: 'SUCCESS' })
  expect(() => new Webhook(secret).verify(`${told?.raw ?? ''} `, headers)).toThrow()
  expect(told?.data).toMatchObject({
    merchantId: gateway.merchant.merchantId,
    deviceNo: 'till 1',
    currency: 'CAD',
    sceneType: 'MWEB',
    totalAmt: 450,
    ucpOrderNo,
    outTradeNo,
    tradeStatus: 'SUCCESS',
    body: 'One coffee with milk',
  })
  const { body } = await gateway.get('/.well-known/jwks.json', { key: null })
  const jwk = (body['keys'] as JsonWebKey[]).find((key) => key.kty === 'RSA') ?? {}
  const text = Buffer.from(stringToSign(told?.data ?? {}, '/notify'))
  const signature = Buffer.from(String(told?.data['sign']), 'base64')
  expect(verify('sha256', text, createPublicKey({ key: jwk, format: 'jwk' }), signature)).toBe(true)
})

test('a rotated secret is valid together with the one before it, for as long as was asked', async () => {
  const gateway = await startGateway()
  const { db, secrets } = gateway.gateway.deps
  const before = gateway.merchant.webhookSecret
  const caller = operator(gateway.merchant.merchantId, 'test')
  const after = await db.transaction((tx) => createNotificationSecret({ tx, secrets }, caller, 3_600))
  await gateway.paidOrder()
  const [told] = await gateway.receiver.waitFor(1)
  for (const secret of [before, after]) {
    expect(() => new Webhook(secret).verify(told?.raw ?? '', told?.headers as Record<string, string>)).not.toThrow()
  }
  const later = { ...caller, now: new Date(Date.now() + 3_700_000) }
  const message = { id: 'msg_1', at: later.now, body: '{}' }
  const [signature, ...others] = await secrets.sign(later, message)
  expect([webhookHeaders(message, [signature ?? '']), others]).toEqual([
    expect.objectContaining({ 'webhook-signature': new Webhook(after).sign('msg_1', later.now, '{}') }),
    [],
  ])
})

test('what is not taken comes again by the schedule of the contract, and fails after the last', async () => {
  const gateway = await startGateway()
  gateway.receiver.answer = { status: 200, body: '{"return_code":"FAIL"}' }
  await gateway.paidOrder()
  await gateway.receiver.waitFor(1)
  const answers = [
    { status: 500, body: TAKEN.body },
    { status: 302, body: '' },
    { status: 200, body: 'SUCCESS' },
    { status: 200, body: '' },
  ]
  for (const [index, waitS] of SCHEDULE_S.entries()) {
    await expect.poll(() => gateway.rows('delivery_attempts')).toHaveLength(index + 1)
    gateway.receiver.answer = answers[index % answers.length] ?? TAKEN
    const [job] = await gateway.rows<{ due_at: Date }>(`outbox where job = 'deliver-notification'`)
    const [last] = await gateway.rows<{ at: Date }>('delivery_attempts order by attempt_no desc limit 1')
    const dueInS = ((job?.due_at.getTime() ?? 0) - (last?.at.getTime() ?? 0)) / 1000
    expect(dueInS).toBeGreaterThanOrEqual(waitS)
    expect(dueInS).toBeLessThanOrEqual(waitS * 1.1 + 1)
    gateway.moveClock(waitS * 1100 + 1_000)
    await gateway.receiver.waitFor(index + 2)
  }
  await expect.poll(() => gateway.rows(`outbox where job = 'deliver-notification'`)).toHaveLength(0)
  const [notification] = await gateway.rows('notifications')
  expect(notification).toMatchObject({ status: 'failed' })
  expect(await gateway.rows(`audit_log where action = 'notification.failed'`)).toHaveLength(1)
  const [first, ...others] = gateway.receiver.received
  for (const each of others) expect(each.headers['webhook-id']).toBe(first?.headers['webhook-id'])
})

test('one that is taken does not come again, with two workers on one database', async () => {
  const gateway = await startGateway()
  const second = await compose({ ...gateway.config, role: 'worker' }, gateway.gateway.deps.log)
  await second.start()
  for (let index = 0; index < 20; index++) await gateway.paidOrder()
  await gateway.receiver.waitFor(20)
  await expect.poll(() => gateway.rows('outbox')).toHaveLength(0)
  await second.stop()
  expect(gateway.receiver.received).toHaveLength(20)
  expect(new Set(gateway.receiver.received.map(({ data }) => data['outTradeNo'])).size).toBe(20)
})

test('a receiver that is away gets it when it is back', async () => {
  const gateway = await startGateway()
  const notifyUrl = 'https://localhost:1/notify'
  await gateway.paidOrder({ notifyUrl })
  await expect.poll(() => gateway.rows('delivery_attempts')).toHaveLength(1)
  const [attempt] = await gateway.rows<{ outcome: string; http_status: number | null }>('delivery_attempts')
  expect(attempt).toMatchObject({ outcome: 'connect', http_status: null })
  expect(await gateway.rows(`notifications where status = 'pending'`)).toHaveLength(1)
})

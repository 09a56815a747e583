import { X509Certificate } from 'node:crypto'
import { createServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:tls'
import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { testCertificates } from '../../../apps/gateway/test/support/gateway.ts'
import {
  UCanPay,
  UCanPayConnectionError,
  UCanPayError,
  UCanPaySignatureError,
  UCanPayTimeoutError,
  verifyWebhook,
} from '../src/index.ts'
import { startTestGateway, type FaultKind, type TestGateway, type TestGatewayOptions } from '../src/testing/testing.ts'
import { webhooks } from '../src/webhooks/webhooks.ts'

const PAYMENT = {
  subject: 'Coffee',
  body: 'One coffee',
  totalAmt: 450,
  sceneType: 'MWEB',
  notifyUrl: 'https://shop.example/notifications',
} as const

async function start(options?: TestGatewayOptions): Promise<TestGateway> {
  const gateway = await startTestGateway(options)
  onTestFinished(() => gateway.close())
  return gateway
}

function clientOf(gateway: TestGateway, options: { timeoutMs?: number; maxRetries?: number } = {}): UCanPay {
  const client = new UCanPay({ maxRetries: 0, ...gateway.options, ...options })
  onTestFinished(() => client.close())
  return client
}

describe('a shop tests with it', () => {
  test('order, payment, refund, all by the real client', async () => {
    const gateway = await start()
    const ucanpay = clientOf(gateway)
    const { outTradeNo } = await ucanpay.createPayment(PAYMENT)
    expect(gateway.pay(outTradeNo)).toMatchObject({ tradeStatus: 'SUCCESS', capturedAmt: 450 })
    await ucanpay.refunds.create({ outTradeNo, outRefundNo: 'R1', totalAmt: 450, refundAmt: 100 })
    expect(gateway.order(outTradeNo).refunds).toEqual([
      { outRefundNo: 'R1', refundAmt: 100, refundStatus: 'PROCESSING' },
    ])
    expect(gateway.settleRefunds()).toBe(1)
    expect(await ucanpay.refunds.query({ outRefundNo: 'R1' })).toMatchObject({ refundStatus: 'SUCCESS' })
    expect((await ucanpay.orders.query({ outTradeNo })).tradeStatus).toBe('REFUND')
  })

  test.each([
    ['4000 0000 0000 0002', 'PAYERROR', 'declined'],
    ['4000000000009995', 'PAYERROR', 'insufficient_funds'],
    ['4000000000000119', 'PAYERROR', 'processor_error'],
    ['4000000000000341', 'PAYERROR', 'declined'],
    ['4000000000003220', 'USERPAYING', undefined],
    ['4000000000006405', 'USERPAYING', undefined],
    ['5555555555554444', 'SUCCESS', undefined],
  ] as const)('the card %s makes an order %s', async (card, tradeStatus, declineReason) => {
    const gateway = await start()
    const { outTradeNo } = await clientOf(gateway).createPayment(PAYMENT)
    expect(gateway.pay(outTradeNo, { card })).toMatchObject({ tradeStatus, declineReason })
  })

  test('a challenge is answered, or not', async () => {
    const gateway = await start()
    const { outTradeNo } = await clientOf(gateway).createPayment(PAYMENT)
    gateway.pay(outTradeNo, { outcome: 'challenge' })
    expect(gateway.answerChallenge(outTradeNo, 'refuse')).toMatchObject({ declineReason: 'challenge_failed' })
    gateway.pay(outTradeNo, { outcome: 'challenge' })
    expect(gateway.answerChallenge(outTradeNo, 'confirm').tradeStatus).toBe('SUCCESS')
    expect(() => gateway.answerChallenge(outTradeNo, 'confirm')).toThrow('NOT_FOUND')
  })

  test('what the checkout refuses is an error with its msg, and what is no card number is told without it', async () => {
    const gateway = await start()
    const { outTradeNo } = await clientOf(gateway).createPayment(PAYMENT)
    expect(gateway.expire(outTradeNo).tradeStatus).toBe('CLOSED')
    expect(() => gateway.pay(outTradeNo)).toThrow(expect.objectContaining({ name: 'UCanPayError', msg: 'ORDERCLOSED' }))
    expect(() => gateway.pay('Nobodys')).toThrow(expect.objectContaining({ msg: 'ORDERNOTEXIST' }))
    expect(() => gateway.pay(outTradeNo, { card: '4242424242424241' })).toThrow(/^card is no card number\.$/)
  })

  test('its clock is moved, and the client still signs with the machine’s', async () => {
    const gateway = await start()
    const ucanpay = clientOf(gateway)
    const { outTradeNo } = await ucanpay.createPayment({ ...PAYMENT, expiresIn: 60 })
    gateway.moveClock(400 * 86_400_000)
    expect((await ucanpay.orders.query({ outTradeNo })).tradeStatus).toBe('CLOSED')
  })

  test('with a seed and a clock two runs give the same numbers', async () => {
    const clock = () => new Date('2026-07-01T12:00:00Z')
    const numbers = async () => {
      const gateway = await start({ seed: 7, clock })
      const order = await clientOf(gateway).createPayment({ ...PAYMENT, outTradeNo: 'A1' })
      return [gateway.options.apiKey, gateway.webhookSecret, order.ucpOrderNo, order.nonceStr, order.tranTime]
    }
    expect(await numbers()).toEqual(await numbers())
    expect((await numbers())[4]).toBe('2026-07-01T12:00:00.000Z')
  })

  test('signatures are required where nothing else is said, in either scheme and of either kind', async () => {
    const gateway = await start()
    const { apiKey, baseUrl, ca } = gateway.options
    await expect(new UCanPay({ apiKey, baseUrl, ca }).createPayment(PAYMENT)).rejects.toMatchObject({
      msg: 'SIGNERROR',
    })
    const other = await start({ signatureScheme: 'reference-v1', replySignature: 'ED25519' })
    expect((await clientOf(other).createPayment(PAYMENT)).signType).toBe('ED25519')
  })
})

describe('notifications', () => {
  async function shop(secret: () => string) {
    const taken: unknown[] = []
    const hooks = webhooks({ secret, onNotification: ({ data }) => void taken.push(data) })
    let isAway = false
    const server = createServer((request, response) => {
      if (isAway) response.writeHead(503).end()
      else void hooks.node(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notifications`
    return { taken, notifyUrl, away: (yes: boolean) => void (isAway = yes) }
  }

  test('reach a shop’s own handler, again where it was away, and once where it took them', async () => {
    const gateway = await start()
    const { taken, notifyUrl, away } = await shop(() => gateway.webhookSecret)
    const { outTradeNo } = await clientOf(gateway).createPayment({ ...PAYMENT, notifyUrl })
    gateway.pay(outTradeNo)
    away(true)
    expect(await gateway.deliverNotifications()).toMatchObject([{ delivered: false, httpStatus: 503 }])
    away(false)
    expect(await gateway.deliverNotifications()).toMatchObject([{ delivered: true, httpStatus: 200 }])
    expect(await gateway.deliverNotifications()).toEqual([])
    expect(taken).toMatchObject([{ outTradeNo, tradeStatus: 'SUCCESS' }])
  })

  test('are handed out for unit tests, and verify with the SDK', async () => {
    const gateway = await start()
    const { outTradeNo } = await clientOf(gateway).createPayment(PAYMENT)
    gateway.pay(outTradeNo)
    const [told] = gateway.notificationsFor(outTradeNo)
    if (!told) throw new Error('none')
    const verification = {
      secret: gateway.webhookSecret,
      path: '/notifications',
      platformKeys: [gateway.platformKey],
    }
    expect(verifyWebhook(told.rawBody, told.headers, verification).data).toMatchObject({ outTradeNo })
    expect(() => verifyWebhook(`${told.rawBody} `, told.headers, verification)).toThrow()
  })

  test('go to https with a CA that was named, and to none without', async () => {
    const server = createHttpsServer(testCertificates, (_request, response) =>
      response.end('{"return_code":"SUCCESS"}'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const notifyUrl = `https://localhost:${(server.address() as AddressInfo).port}/`
    for (const [options, delivered] of [
      [{}, false],
      [{ notificationCa: testCertificates.ca }, true],
    ] as const) {
      const gateway = await start(options)
      const { outTradeNo } = await clientOf(gateway).createPayment({ ...PAYMENT, notifyUrl })
      gateway.pay(outTradeNo)
      expect(await gateway.deliverNotifications()).toMatchObject([{ delivered }])
    }
  })

  test('never leave this machine', async () => {
    const gateway = await start()
    for (const notifyUrl of ['https://shop.example/n', 'https://93.184.216.34/n', 'https://127.0.0.1.shop.example/n']) {
      const { outTradeNo } = await clientOf(gateway).createPayment({ ...PAYMENT, notifyUrl })
      gateway.pay(outTradeNo)
    }
    for (const { delivered, reason } of await gateway.deliverNotifications()) {
      expect([delivered, reason]).toEqual([false, expect.stringContaining('calls nobody else')])
    }
  })

  test('fail for good after eleven attempts', async () => {
    const gateway = await start()
    const { outTradeNo } = await clientOf(gateway).createPayment({ ...PAYMENT, notifyUrl: 'http://127.0.0.1:9/' })
    gateway.pay(outTradeNo)
    for (let count = 0; count < 11; count++) expect(await gateway.deliverNotifications()).toHaveLength(1)
    expect(await gateway.deliverNotifications()).toEqual([])
    expect(gateway.notificationsFor(outTradeNo)).toMatchObject([{ status: 'failed', attempts: 11 }])
  })
})

describe('faults', () => {
  const ACTED: Readonly<Record<string, boolean>> = { 'lost-answer': true, 'bad-signature': true, garbage: true }
  test.each([
    ['connection-refused', UCanPayConnectionError],
    ['lost-answer', UCanPayConnectionError],
    ['timeout', UCanPayTimeoutError],
    ['bad-signature', UCanPaySignatureError],
    ['garbage', UCanPayError],
    [500, UCanPayError],
    [503, UCanPayError],
    [429, UCanPayError],
  ] as const)('%s is what the client makes of it, once', async (kind: FaultKind, kindOfError) => {
    const gateway = await start()
    const ucanpay = clientOf(gateway, { timeoutMs: 500 })
    await ucanpay.createPayment({ ...PAYMENT, outTradeNo: 'Before' }) // It has the public keys now.
    gateway.failNext({ with: kind })
    const failed = ucanpay.createPayment({ ...PAYMENT, outTradeNo: 'A1' })
    await expect(failed).rejects.toBeInstanceOf(kindOfError)
    const isPlaced = ACTED[String(kind)] === true
    const read = ucanpay.orders.query({ outTradeNo: 'A1' })
    if (isPlaced) expect((await read).tradeStatus).toBe('NOTPAY')
    else await expect(read).rejects.toMatchObject({ msg: 'ORDERNOTEXIST' })
  })

  test('a client that retries gets through, and there is one order', async () => {
    const gateway = await start()
    const ucanpay = clientOf(gateway, { maxRetries: 2 })
    gateway.failNext({ with: 'lost-answer', path: '/payment/unifiedorder' })
    gateway.failNext({ with: 503, path: '/payment/unifiedorder' })
    await ucanpay.createPayment(PAYMENT)
    expect((await ucanpay.payments.list()).items).toHaveLength(1)
    const asked = gateway.requests.filter(({ path }) => path === '/payment/unifiedorder')
    expect(asked.map(({ status }) => status)).toEqual([undefined, 503, 200])
  })

  test('a fault of one path leaves the others alone, and comes as often as was said', async () => {
    const gateway = await start()
    const ucanpay = clientOf(gateway)
    gateway.failNext({ with: 500, path: '/payment/orderquery' }, 2)
    const { outTradeNo } = await ucanpay.createPayment(PAYMENT)
    for (let count = 0; count < 2; count++) {
      await expect(ucanpay.orders.query({ outTradeNo })).rejects.toMatchObject({ msg: 'SYSTEMERROR', status: 500 })
    }
    expect((await ucanpay.orders.query({ outTradeNo })).tradeStatus).toBe('NOTPAY')
  })
})

describe('it is safe to have', () => {
  test('it listens on this machine alone, over TLS 1.2 and 1.3, with a certificate of its own authority', async () => {
    const gateway = await start()
    const { ca, baseUrl } = gateway.options
    const port = Number(new URL(baseUrl).port)
    const authority = new X509Certificate(ca)
    expect(authority.ca).toBe(true)
    for (const [host, version] of [
      ['localhost', 'TLSv1.3'],
      ['127.0.0.1', 'TLSv1.2'],
    ] as const) {
      const socket = connect({
        host: '127.0.0.1',
        port,
        ca,
        minVersion: version,
        maxVersion: version,
        ...(host === 'localhost' ? { servername: host } : {}),
      })
      await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
      const leaf = socket.getPeerX509Certificate()
      expect([socket.authorized, socket.getProtocol(), leaf?.checkIssued(authority)]).toEqual([true, version, true])
      expect(leaf?.verify(authority.publicKey)).toBe(true)
      expect([leaf?.ca, leaf?.checkHost('localhost'), leaf?.checkIP('127.0.0.1')]).toEqual([
        false,
        'localhost',
        '127.0.0.1',
      ])
      expect(leaf?.checkHost('shop.example')).toBeUndefined()
      expect(Date.parse(leaf?.validTo ?? '') - Date.now()).toBeLessThan(25 * 3_600_000)
      socket.destroy()
    }
    await expect(new UCanPay({ ...gateway.options, ca: [], maxRetries: 0 }).createPayment(PAYMENT)).rejects.toThrow(
      UCanPayConnectionError,
    )
  })

  test('what it records holds no key, wherever one was sent', async () => {
    const gateway = await start({ signatures: 'optional' })
    const key = gateway.options.apiKey
    const ucanpay = clientOf(gateway)
    await ucanpay.createPayment(PAYMENT)
    await expect(ucanpay.createPayment({ ...PAYMENT, subject: key.slice(0, 30), body: key })).rejects.toThrow('NOAUTH')
    await expect(ucanpay.orders.query({ outTradeNo: 'A1' })).rejects.toThrow('NOAUTH') // It is out of use.
    expect(gateway.requests).toHaveLength(4)
    expect(inspect(gateway.requests, { depth: 9 })).not.toContain(key)
    expect(gateway.requests.find(({ path }) => path === '/payment/unifiedorder')?.body).toMatchObject({ totalAmt: 450 })
  })

  test('a key is revoked, and another made', async () => {
    const gateway = await start()
    const { apiKey, ...others } = gateway.options
    const ucanpay = clientOf(gateway)
    await ucanpay.createPayment(PAYMENT)
    gateway.revokeApiKey(apiKey)
    await expect(ucanpay.createPayment(PAYMENT)).rejects.toMatchObject({ msg: 'NOAUTH', status: 401 })
    await new UCanPay({ ...others, apiKey: gateway.addApiKey() }).createPayment(PAYMENT)
    const reader = new UCanPay({ ...others, apiKey: gateway.addApiKey('rk', ['payments:read']) })
    await expect(reader.createPayment(PAYMENT)).rejects.toMatchObject({ msg: 'NOAUTH', status: 403 })
  })

  test('it does not start in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    onTestFinished(() => void vi.unstubAllEnvs())
    await expect(startTestGateway()).rejects.toThrow('NODE_ENV is production')
  })

  test('after it is closed it is gone, and requests that hang are let go', async () => {
    const gateway = await startTestGateway()
    const ucanpay = clientOf(gateway, { timeoutMs: 5_000 })
    gateway.failNext({ with: 'timeout', path: '/payment/unifiedorder' })
    const hanging = expect(ucanpay.createPayment(PAYMENT)).rejects.toThrow(UCanPayConnectionError)
    await vi.waitUntil(() => gateway.requests.length > 0)
    await gateway.close()
    await hanging
    await expect(ucanpay.createPayment(PAYMENT)).rejects.toThrow(UCanPayConnectionError)
  })
})

import { createHmac, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { webhooks, type WebhookOptions } from '../src/webhooks/webhooks.ts'

const SECRET = `whsec_${randomBytes(32).toString('base64')}`

/** A shop in plain http, as the documentation has it: nobody looks at what the handler's promise becomes. */
async function openShop(options: Partial<WebhookOptions> = {}) {
  const rejected: unknown[] = []
  const failures: string[] = []
  const hooks = webhooks({
    secret: SECRET,
    onNotification: () => undefined,
    onFailure: ({ kind }) => failures.push(kind),
    ...options,
  })
  const server = createServer((request, response) => {
    hooks.node(request, response).catch((error: unknown) => rejected.push(error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, rejected, failures }
}

function signed(): { method: string; body: string; headers: Record<string, string> } {
  const [id, timestamp, body] = ['msg_1', String(Math.floor(Date.now() / 1000)), '{"data":{"outTradeNo":"1"}}']
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  return { method: 'POST', body, headers }
}

test('a sender who breaks off in the middle of the body ends nothing but their own connection', async () => {
  const { port, rejected, failures } = await openShop()
  for (let times = 0; times < 3; times++) {
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST /n HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\n{"da', () => socket.destroy())
      })
      socket.once('close', () => resolve())
    })
  }
  await vi.waitUntil(() => failures.length === 3)
  expect(failures).toEqual(['refused', 'refused', 'refused'])
  expect((await fetch(`http://127.0.0.1:${port}/n`, signed())).status).toBe(200)
  expect(rejected).toEqual([])
})

test('a listener to failures that throws, by itself or in its own time, changes no answer', async () => {
  for (const onFailure of [
    () => {
      throw new Error('the log is full')
    },
    () => Promise.reject(new Error('the log is full')),
  ]) {
    const { port, rejected } = await openShop({ onFailure })
    const answer = await fetch(`http://127.0.0.1:${port}/n`, { method: 'POST', body: '{}' })
    expect([answer.status, await answer.text()]).toEqual([401, '{"return_code":"FAIL"}'])
    expect(rejected).toEqual([])
  }
})

test('what is warned of where nobody listens holds no card number, key or address', async () => {
  const warned: string[] = []
  const hear = ({ message }: Error): number => warned.push(message)
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  const hooks = webhooks({
    secret: SECRET,
    onNotification: () => {
      throw new Error('no row for ada.canary@example.com with card 4242424242424242')
    },
  })
  const { body, headers } = signed()
  const answer = await hooks.web(new Request('https://shop.example/n', { method: 'POST', body, headers }))
  expect(answer.status).toBe(500)
  await vi.waitUntil(() => warned.length > 0)
  expect(warned.join()).toContain('A notification was failed: no row for')
  expect(warned.join()).not.toMatch(/ada\.canary|4242424242424242/)
})

import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { clientFromEnvironment } from 'ucanpay-sdk'
import { errorHandlers, logFatal } from 'ucanpay-sdk/errors'
import { safeLog } from 'ucanpay-sdk/logging'
import { createSessions, sessionsInMemory } from 'ucanpay-sdk/session'
import { createVault } from 'ucanpay-sdk/vault'
import { webhooks } from 'ucanpay-sdk/webhooks'
import type { ShopConfig } from './config.ts'
import { openOrders } from './orders.ts'
import { openReceipts } from './receipts.ts'
import { NOTIFICATIONS, answer, takeNotification, type ShopParts } from './shop.ts'

/** A running shop. */
export interface Shop {
  readonly url: string
  close(): Promise<void>
}

const FILES = {
  '/shop.css': { type: 'text/css; charset=utf-8', body: readPublic('shop.css') },
  '/watch.js': { type: 'text/javascript; charset=utf-8', body: readPublic('watch.js') },
} as const

const HEADERS = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

/** Starts the shop on this machine's loopback address, over HTTPS. */
export async function startShop(config: ShopConfig): Promise<Shop> {
  const log = safeLog({ service: 'shop' })
  logFatal({ log })
  const vault = await createVault({ keyRing: config.keyRing })
  const ucanpay = clientFromEnvironment()
  const orders = await openOrders(config.dataFile)
  const server = createServer(
    { cert: config.tlsCert, key: config.tlsKey, minVersion: 'TLSv1.2' },
    pagesOf({ url: config.url, orders, ucanpay, vault, receipts: openReceipts(config), log }, config),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.port, '127.0.0.1', resolve)
  })
  return {
    url: config.url,
    close: () =>
      new Promise((resolve) => {
        ucanpay.close()
        vault.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Everything that keeps the shop safe stands around its pages, once. */
function pagesOf(parts: ShopParts, config: ShopConfig): (request: IncomingMessage, response: ServerResponse) => void {
  const { log } = parts
  const hooks = webhooks({
    secret: config.webhookSecret,
    platformKeys: config.platformPublicKey,
    path: NOTIFICATIONS,
    onNotification: (notification) => takeNotification(parts, notification),
    onFailure: ({ kind, error }) => log.warn(error, `notification ${kind}`),
  })
  const sessions = createSessions({ store: sessionsInMemory(), exempt: [NOTIFICATIONS], log })
  const pages = errorHandlers({ log }).node(
    sessions.node((request, response, session) => answer(parts, { request, response, session })),
  )
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    const { method, url = '/' } = request
    if (method === 'POST' && url === NOTIFICATIONS) void hooks.node(request, response)
    else if (method === 'GET' && url in FILES) sendFile(response, FILES[url as keyof typeof FILES])
    else void pages(request, response)
  }
}

function sendFile(response: ServerResponse, { type, body }: { type: string; body: string }): void {
  response.writeHead(200, { 'content-type': type }).end(body)
}

function readPublic(name: string): string {
  return readFileSync(new URL(`../public/${name}`, import.meta.url), 'utf8')
}

import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { NOTIFICATION_TAKEN, UCanPay, UCanPayError, UCanPaySignatureError, verifyWebhook } from 'ucanpay-sdk'
import type { ShopConfig } from './config.ts'
import { MENU } from './menu.ts'
import { openOrders, type Orders, type ShopOrder } from './orders.ts'
import { menuPage, orderPage, troublePage } from './pages.ts'
import { RefusedRequest, buyerOf, readBody, refuseOtherOrigins } from './request.ts'

/** A running shop. */
export interface Shop {
  readonly url: string
  close(): Promise<void>
}

interface ShopParts {
  readonly config: ShopConfig
  readonly orders: Orders
  readonly ucanpay: UCanPay
}

const NOTIFICATIONS = '/notifications'
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
  const ucanpay = new UCanPay({
    apiKey: config.apiKey,
    baseUrl: config.apiUrl,
    merchantId: config.merchantId,
    privateKey: config.privateKey,
    platformKeys: config.platformPublicKey,
    ca: config.ca,
  })
  const parts: ShopParts = { config, orders: await openOrders(config.dataFile), ucanpay }
  const server = createServer(
    { cert: config.tlsCert, key: config.tlsKey, minVersion: 'TLSv1.2' },
    (request, response) => {
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
      answer(parts, request, response).catch((error: unknown) => explain(error, response))
    },
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
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(parts: ShopParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET' } = request
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  if (method === 'POST' && path === NOTIFICATIONS) return takeNotification(parts, request, response)
  const file = method === 'GET' && path in FILES ? FILES[path as keyof typeof FILES] : undefined
  if (file) {
    send(response, file)
    return
  }
  const buyer = buyerOf(request, response)
  if (method === 'GET' && path === '/') {
    sendPage(response, menuPage(parts.orders.of(buyer)))
    return
  }
  if (method === 'POST' && path === '/orders') return placeOrder(parts, { request, response, buyer })

  const [, number = '', action = ''] = /^\/orders\/([0-9a-f]{24})(?:\/(state|refund))?$/.exec(path) ?? []
  const order = parts.orders.find(number)
  if (order?.buyer !== buyer) throw new RefusedRequest(404) // Somebody else's order is no order.
  if (method === 'GET' && action === '') {
    sendPage(response, orderPage(order))
    return
  }
  if (method === 'GET' && action === 'state') {
    send(response, { type: 'text/plain', body: order.state })
    return
  }
  if (method === 'POST' && action === 'refund') return refundOrder(parts, { request, response, order })
  throw new RefusedRequest(405)
}

/** Places the order at the gateway, and sends the buyer there to pay. */
async function placeOrder(
  { config, orders, ucanpay }: ShopParts,
  { request, response, buyer }: { request: IncomingMessage; response: ServerResponse; buyer: string },
): Promise<void> {
  refuseOtherOrigins(request)
  const form = new URLSearchParams((await readBody(request)).toString('utf8'))
  const coffee = MENU.find(({ id }) => id === form.get('coffee'))
  if (!coffee) throw new RefusedRequest(400)
  const order = await orders.add({ coffeeId: coffee.id, price: coffee.price, buyer })
  const payment = await ucanpay.createPayment({
    outTradeNo: order.number,
    subject: coffee.name,
    body: coffee.description,
    totalAmt: coffee.price, // From the menu, never from the form.
    currency: 'CAD',
    sceneType: 'MWEB',
    notifyUrl: `${config.url}${NOTIFICATIONS}`,
    returnUrl: `${config.url}/orders/${order.number}`,
  })
  response.writeHead(303, { location: payment.payUrl }).end()
}

/** The one place where an order becomes paid: what the gateway says, verified. */
async function takeNotification(
  { config, orders }: ShopParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { data } = verifyWebhook(await readBody(request), request.headers, {
    secret: config.webhookSecret,
    platformKeys: config.platformPublicKey,
    path: NOTIFICATIONS,
  })
  const order = orders.find(data.outTradeNo)
  if (order?.price === data.totalAmt && data.currency === 'CAD') {
    if (data.refundStatus === 'SUCCESS') await orders.advance(order.number, 'refunded')
    else if (data.tradeStatus === 'SUCCESS') await orders.advance(order.number, 'paid')
  }
  send(response, { type: 'application/json', body: NOTIFICATION_TAKEN })
}

async function refundOrder(
  { orders, ucanpay }: ShopParts,
  { request, response, order }: { request: IncomingMessage; response: ServerResponse; order: ShopOrder },
): Promise<void> {
  refuseOtherOrigins(request)
  if (order.state === 'paid') {
    await ucanpay.refunds.create({
      outTradeNo: order.number,
      outRefundNo: `${order.number}R1`, // The same at every press of the button: one refund.
      totalAmt: order.price,
      refundAmt: order.price,
      refundDesc: 'Refunded by the shop',
    })
    await orders.advance(order.number, 'refunding')
  }
  response.writeHead(303, { location: `/orders/${order.number}` }).end()
}

/** What a visitor is told when something fails; the story goes to the shop's own log. */
function explain(error: unknown, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (error instanceof RefusedRequest) {
    sendPage(response, troublePage('There is nothing here.'), error.status)
    return
  }
  if (error instanceof UCanPaySignatureError) {
    sendPage(response, troublePage('Not verified.'), 400)
    return
  }
  const known = error instanceof UCanPayError ? `${error.name} ${error.msg ?? ''} ${error.requestId ?? ''}` : 'a fault'
  process.stderr.write(`shop: ${known}\n`)
  sendPage(response, troublePage('We could not reach the payment gateway. Nothing was taken; please try again.'), 502)
}

function sendPage(response: ServerResponse, html: string, status = 200): void {
  send(response, { type: 'text/html; charset=utf-8', body: html }, status)
}

function send(response: ServerResponse, { type, body }: { type: string; body: string }, status = 200): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}

function readPublic(name: string): string {
  return readFileSync(new URL(`../public/${name}`, import.meta.url), 'utf8')
}

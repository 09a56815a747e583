import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { UCanPay } from 'ucanpay-sdk'
import { Refusal } from 'ucanpay-sdk/errors'
import type { SafeLog } from 'ucanpay-sdk/logging'
import type { Session } from 'ucanpay-sdk/session'
import type { Vault } from 'ucanpay-sdk/vault'
import type { UCanPayNotification } from 'ucanpay-sdk/webhooks'
import { MENU } from './menu.ts'
import type { Orders, ShopOrder } from './orders.ts'
import { menuPage, orderPage } from './pages.ts'
import type { Receipts } from './receipts.ts'
import { readForm } from './request.ts'

/** What the shop's pages work with. */
export interface ShopParts {
  /** The shop's own address. */
  readonly url: string
  readonly orders: Orders
  readonly ucanpay: UCanPay
  readonly vault: Vault
  readonly receipts: Receipts
  readonly log: SafeLog
}

/** A request, and whose it is. */
export interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly session: Session<object>
}

/** Where the gateway tells what became of a payment. */
export const NOTIFICATIONS = '/notifications'

/** Answers a request for one of the shop's pages. @throws Refusal for what there is not, or is not this buyer's */
export async function answer(parts: ShopParts, visit: Visit): Promise<void> {
  const { request, response, session } = visit
  const { method = 'GET' } = request
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  if (method === 'GET' && path === '/') {
    sendPage(response, menuPage(session.userId === undefined ? [] : parts.orders.of(session.userId)))
    return
  }
  if (method === 'POST' && path === '/orders') return placeOrder(parts, visit)

  const [, number = '', action = ''] = /^\/orders\/([0-9a-f]{24})(?:\/(state|refund|receipt))?$/.exec(path) ?? []
  const order = parts.orders.find(number)
  if (order === undefined || order.buyer !== session.userId) throw new Refusal(404) // Somebody else's order is no order.
  if (method === 'GET' && action === '') {
    sendPage(response, orderPage(order))
    return
  }
  if (method === 'GET' && action === 'state') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(order.state)
    return
  }
  if (method === 'POST' && action === 'refund') await refundOrder(parts, order)
  else if (method === 'POST' && action === 'receipt') await sendReceipt(parts, visit, order)
  else throw new Refusal(405)
  response.writeHead(303, { location: `/orders/${order.number}` }).end()
}

/** Places the order at the gateway, and sends the buyer there to pay. */
async function placeOrder({ url, orders, ucanpay }: ShopParts, { request, response, session }: Visit): Promise<void> {
  const form = await readForm(request)
  const coffee = MENU.find(({ id }) => id === form.get('coffee'))
  if (!coffee) throw new Refusal(400)
  // Nobody signs in for a coffee: a buyer is whoever has this session.
  if (session.userId === undefined) await session.signIn(`guest_${randomUUID()}`)
  const order = await orders.add({ coffeeId: coffee.id, price: coffee.price, buyer: session.requireUser() })
  const payment = await ucanpay.createPayment({
    outTradeNo: order.number,
    subject: coffee.name,
    body: coffee.description,
    totalAmt: coffee.price, // From the menu, never from the form.
    currency: 'CAD',
    sceneType: 'MWEB',
    notifyUrl: `${url}${NOTIFICATIONS}`,
    returnUrl: `${url}/orders/${order.number}`,
  })
  response.writeHead(303, { location: payment.payUrl }).end()
}

/** The one place where an order becomes paid: what the gateway says, verified. */
export async function takeNotification(parts: ShopParts, { data }: UCanPayNotification): Promise<void> {
  const { orders, log } = parts
  const order = orders.find(data.outTradeNo)
  if (order?.price !== data.totalAmt || data.currency !== 'CAD') return
  const state = data.refundStatus === 'SUCCESS' ? 'refunded' : data.tradeStatus === 'SUCCESS' ? 'paid' : undefined
  const moved = state && (await orders.advance(order.number, state))
  if (!moved) return
  log.info({ outTradeNo: order.number, tradeStatus: data.tradeStatus, refundStatus: data.refundStatus }, 'order moved')
  if (!moved.email) return
  try {
    await parts.receipts.send(moved, parts.vault.open(placeOf(moved), moved.email))
  } catch (error) {
    // The order has moved on: told again, the notification would find nothing to do.
    log.error({ outTradeNo: order.number, err: error }, 'receipt not sent')
  }
}

async function refundOrder({ orders, ucanpay }: ShopParts, order: ShopOrder): Promise<void> {
  if (order.state !== 'paid') return
  await ucanpay.refunds.create({
    outTradeNo: order.number,
    outRefundNo: `${order.number}R1`, // The same at every press of the button: one refund.
    totalAmt: order.price,
    refundAmt: order.price,
    refundDesc: 'Refunded by the shop',
  })
  await orders.advance(order.number, 'refunding')
}

/** Keeps the buyer's address sealed, and writes to it: once for an order, and for a paid one, so that it is no way to mail others. */
async function sendReceipt(
  { orders, vault, receipts }: ShopParts,
  { request }: Visit,
  order: ShopOrder,
): Promise<void> {
  const address = (await readForm(request)).get('email')?.trim() ?? ''
  if (!/^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,189}$/.test(address)) throw new Refusal(400, 'This is no e-mail address.')
  if (order.state === 'waiting') throw new Refusal(409)
  if (!(await orders.address(order.number, vault.sealText(placeOf(order), address)))) return
  try {
    await receipts.send(order, address)
  } catch (error) {
    await orders.forgetAddress(order.number) // So that the buyer can try again.
    throw error
  }
}

/** What an address is bound to: in another order's place it does not open. */
function placeOf({ number }: ShopOrder): { table: string; column: string; row: string } {
  return { table: 'orders', column: 'email', row: number }
}

function sendPage(response: ServerResponse, html: string): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
}

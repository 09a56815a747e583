import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Type from 'typebox'
import { ApiError } from '../../domain/api-error.ts'
import { findCheckoutOrder, type CheckoutOrder, type CheckoutOrderDeps } from '../../domain/orders/checkout-order.ts'
import type { App } from '../app.ts'
import { PAGE_POLICY } from '../plugins/headers.ts'
import { assetRoutes } from '../static-assets.ts'

/** Where in the built page its data goes. */
export const PAGE_MARK = '<!--order-->'

/**
 * Serves the hosted checkout: the page at `payUrl` and at `payUrl`/qr, with the order in it so that it needs no second
 * request, and its files.
 *
 * @param deps.folder the built checkout: index.html and assets/
 */
export function checkoutPageRoutes(app: App, deps: CheckoutOrderDeps & { folder: string }): void {
  const html = readFileSync(join(deps.folder, 'index.html'), 'utf8')
  if (!html.includes(PAGE_MARK)) throw new Error('the built checkout has no place for the order: build it again')
  const schema = { params: Type.Object({ token: Type.String({ maxLength: 128 }) }) }

  for (const url of ['/pay/:token', '/pay/:token/qr']) {
    app.get(url, { config: { access: 'public' }, schema }, async (request, reply) => {
      const { token } = request.params
      const order = await orderOf(deps, token, request.receivedAt)
      const page = html.replace(PAGE_MARK, () => (order ? dataElement('order', order) : ''))
      reply.header('content-security-policy', PAGE_POLICY).code(order ? 200 : 404)
      return reply.type('text/html; charset=utf-8').send(page)
    })
  }
  assetRoutes(app, deps.folder)
}

async function orderOf(deps: CheckoutOrderDeps, token: string, now: Date): Promise<CheckoutOrder | undefined> {
  const target = deps.links.read(token)
  if (!target) return undefined
  const caller = { ...target, actor: 'buyer', requestId: null, now }
  try {
    return await findCheckoutOrder(deps, caller, target.ucpOrderNo)
  } catch (error) {
    if (error instanceof ApiError && error.msg === 'ORDERNOTEXIST') return undefined
    throw error
  }
}

/** Data for the page's script. No text in it can end the element or begin another: every `<` is escaped. */
export function dataElement(id: 'order' | 'code', data: object): string {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  return `<script type="application/json" id="${id}">${json}</script>`
}

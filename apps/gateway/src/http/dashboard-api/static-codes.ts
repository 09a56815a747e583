import {
  ChangeStaticCodeRequest,
  CreateStaticCodeRequest,
  StaticCodeList,
  StaticCodeListQuery,
  StaticCodeParams,
  StaticCodeRow,
} from '@ucanpay/wire/dashboard/static-code-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Static } from 'typebox'
import type { Database } from '../../database/tx.ts'
import type { AddressGuard } from '../../domain/notifications/address-guard.ts'
import type { CheckoutLinks } from '../../domain/orders/checkout-links.ts'
import { limitOf } from '../../domain/reports/page.ts'
import { shown } from '../../domain/reports/shown.ts'
import { changeStaticCode } from '../../domain/static-codes/change-static-code.ts'
import { createStaticCode } from '../../domain/static-codes/create-static-code.ts'
import { findStaticCode, listStaticCodes, type StaticCode } from '../../domain/static-codes/static-code.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

const path = '/dashboard-api/static-codes'
const reply = { 200: successReply(StaticCodeRow) }

export interface StaticCodeRouteDeps {
  readonly db: Database
  readonly addresses: AddressGuard
  readonly links: CheckoutLinks
}

/** GET, POST /dashboard-api/static-codes; GET, PUT …/{codeId}: what a merchant prints, of the mode that is looked at. */
export function staticCodeRoutes(app: App, deps: StaticCodeRouteDeps): void {
  const rowOf = (code: StaticCode): Static<typeof StaticCodeRow> => {
    const { token, ...rest } = shown(code)
    return { ...rest, codeUrl: deps.links.codeUrl(token) }
  }

  app.get(
    path,
    {
      config: { access: 'session', right: 'payments:read', summary: 'List static QR codes' },
      schema: { querystring: StaticCodeListQuery, response: { 200: successReply(StaticCodeList) } },
    },
    async (request) => {
      const page = { limit: limitOf(request.query), startingAfter: request.query.startingAfter }
      const { items, hasMore } = await listStaticCodes(deps.db, staffOf(request).caller, page)
      return dashboardSuccess(request, { items: items.map(rowOf), hasMore })
    },
  )

  app.get(
    `${path}/:codeId`,
    {
      config: { access: 'session', right: 'payments:read', summary: 'A static QR code' },
      schema: { params: StaticCodeParams, response: reply },
    },
    async (request) =>
      dashboardSuccess(request, rowOf(await findStaticCode(deps.db, staffOf(request).caller, request.params.codeId))),
  )

  app.post(
    path,
    {
      config: { access: 'session', right: 'payments:write', summary: 'Make a static QR code' },
      schema: { body: CreateStaticCodeRequest, response: reply },
    },
    async (request) =>
      dashboardSuccess(request, rowOf(await createStaticCode(deps, staffOf(request).caller, request.body))),
  )

  app.put(
    `${path}/:codeId`,
    {
      config: {
        access: 'session',
        right: 'payments:write',
        summary: 'Rename a static QR code, or switch it off or on',
      },
      schema: { params: StaticCodeParams, body: ChangeStaticCodeRequest, response: reply },
    },
    async (request) => {
      const change = { ...request.params, ...request.body }
      return dashboardSuccess(request, rowOf(await changeStaticCode(deps.db, staffOf(request).caller, change)))
    },
  )
}

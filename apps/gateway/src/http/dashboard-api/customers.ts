import {
  CustomerList,
  CustomerListQuery,
  CustomerParams,
  CustomerRow,
  CustomerSearchRequest,
  ErasedCustomer,
  RevealedCustomer,
} from '@ucanpay/wire/dashboard/record-schemas'
import { Nothing } from '@ucanpay/wire/dashboard/session-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Static } from 'typebox'
import { findCustomer, listCustomers, type Customer, type CustomerDeps } from '../../domain/customers/customer.ts'
import { eraseCustomer } from '../../domain/customers/erase-customer.ts'
import { maskEmail, maskName } from '../../domain/customers/mask.ts'
import { revealCustomer } from '../../domain/customers/reveal-customer.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

export type { CustomerDeps }

/** GET /dashboard-api/customers and POST …/search, masked; POST …/{userId}/reveal and …/erase, both on record. */
export function customerRoutes(app: App, deps: CustomerDeps): void {
  readCustomerRoutes(app, deps)

  app.post(
    '/dashboard-api/customers/:userId/reveal',
    {
      config: { access: 'session', right: 'customers:reveal', summary: "Show a customer's data; it is recorded" },
      schema: { params: CustomerParams, body: Nothing, response: { 200: successReply(RevealedCustomer) } },
    },
    async (request) => {
      const revealed = await revealCustomer(deps, staffOf(request).caller, request.params.userId)
      return dashboardSuccess(request, revealed as Static<typeof RevealedCustomer>)
    },
  )

  app.post(
    '/dashboard-api/customers/:userId/erase',
    {
      config: { access: 'session', right: 'customers:erase', fresh: true, summary: 'Erase a customer for good' },
      schema: { params: CustomerParams, body: Nothing, response: { 200: successReply(ErasedCustomer) } },
    },
    async (request) => {
      const erasedAt = await eraseCustomer(deps, staffOf(request).caller, request.params.userId)
      return dashboardSuccess(request, { erasedAt: erasedAt.toISOString() })
    },
  )
}

function readCustomerRoutes(app: App, deps: CustomerDeps): void {
  app.get(
    '/dashboard-api/customers',
    {
      config: { access: 'session', right: 'customers:read', summary: 'List customers, masked' },
      schema: { querystring: CustomerListQuery, response: { 200: successReply(CustomerList) } },
    },
    async (request) => {
      const { limit = '20', startingAfter } = request.query
      const page = await listCustomers(deps, staffOf(request).caller, { limit: Number(limit), startingAfter })
      return dashboardSuccess(request, { items: page.items.map(masked), hasMore: page.hasMore })
    },
  )

  // An address is personal, so it does not stand in a URL.
  app.post(
    '/dashboard-api/customers/search',
    {
      config: { access: 'session', right: 'customers:read', summary: 'Find a customer by e-mail address' },
      schema: { body: CustomerSearchRequest, response: { 200: successReply(CustomerList) } },
    },
    async (request) => {
      const { email } = request.body
      const page = await listCustomers(deps, staffOf(request).caller, { limit: 100, email })
      return dashboardSuccess(request, { items: page.items.map(masked), hasMore: page.hasMore })
    },
  )

  app.get(
    '/dashboard-api/customers/:userId',
    {
      config: { access: 'session', right: 'customers:read', summary: 'A customer, masked' },
      schema: { params: CustomerParams, response: { 200: successReply(CustomerRow) } },
    },
    async (request) => {
      const customer = await findCustomer(deps, staffOf(request).caller, request.params.userId)
      return dashboardSuccess(request, masked(customer))
    },
  )
}

function masked(customer: Customer): Static<typeof CustomerRow> {
  const { userId, email, name, reference, language, createdAt, updatedAt } = customer
  return {
    userId,
    ...(email === undefined ? {} : { emailMasked: maskEmail(email) }),
    ...(name === undefined ? {} : { nameMasked: maskName(name) }),
    ...(reference === undefined ? {} : { reference }),
    ...(language === undefined ? {} : { language }),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

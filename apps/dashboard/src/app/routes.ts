import { createLazyRoute, createRootRoute, createRoute, redirect } from '@tanstack/react-router'
import type { FunctionComponent } from 'react'
import { searchOf } from '../shared/search-params.ts'

const root = createRootRoute()

/** Everything that needs somebody to be signed in: inside the shell, which asks who it is. */
const inside = createRoute({ getParentRoute: () => root, id: 'inside' }).lazy(
  page(() => import('./shell/shell.tsx').then(({ Shell }) => Shell)),
)

/** A page's code is loaded when somebody goes there: the first page stays small. */
function page(load: () => Promise<FunctionComponent>): () => Promise<never> {
  return async () => createLazyRoute('/')({ component: await load() }) as never
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: searchOf('reason', 'next'),
}).lazy(page(() => import('../features/sign-in/sign-in-page.tsx').then(({ SignInPage }) => SignInPage)))

const forgotten = createRoute({ getParentRoute: () => root, path: '/forgotten-password' }).lazy(
  page(() => import('../features/sign-in/forgotten-page.tsx').then(({ ForgottenPage }) => ForgottenPage)),
)

const reset = createRoute({ getParentRoute: () => root, path: '/reset' }).lazy(
  page(() => import('../features/sign-in/reset-page.tsx').then(({ ResetPage }) => ResetPage)),
)

const invitation = createRoute({ getParentRoute: () => root, path: '/invitation' }).lazy(
  page(() => import('../features/sign-in/invitation-page.tsx').then(({ InvitationPage }) => InvitationPage)),
)

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  // The payments are what most people come for.
  beforeLoad: () => redirect({ to: '/payments', replace: true, throw: true }),
})

const payments = createRoute({
  getParentRoute: () => inside,
  path: '/payments',
  validateSearch: searchOf('q', 'status', 'currency', 'from', 'to', 'sort', 'after'),
}).lazy(page(() => import('../features/payments/payment-list-page.tsx').then(({ PaymentListPage }) => PaymentListPage)))

const payment = createRoute({ getParentRoute: () => inside, path: '/payments/$ucpOrderNo' }).lazy(
  page(() => import('../features/payments/payment-page.tsx').then(({ PaymentPage }) => PaymentPage)),
)

/** Every page by its address. */
export const routeTree = root.addChildren([
  signIn,
  forgotten,
  reset,
  invitation,
  inside.addChildren([home, payments, payment]),
])

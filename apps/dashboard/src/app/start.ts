import { queryOf as homeQuery } from '../features/home/question.ts'
import { queryOf as paymentQuery } from '../features/payments/question.ts'
import { askEarly } from '../shared/api/early-answers.ts'
import { askSession } from './session/early-session.ts'

/** Pages of whoever is not signed in. */
const OUTSIDE = new Set(['/sign-in', '/forgotten-password', '/reset', '/invitation'])

/** How much longer than for the session the first page waits for its data: to draw twice would take longer. */
const PATIENCE_MS = 100

/**
 * Asks who is signed in and for what the page at this address will show, before its own code is there. All of it is on
 * its way at once: the code, the session, the data. Resolves when there is something to draw.
 */
async function firstAnswers(): Promise<void> {
  const { pathname, search } = location
  if (OUTSIDE.has(pathname)) return
  const session = askSession()
  const filters = Object.fromEntries(new URLSearchParams(search))
  const data =
    pathname === '/'
      ? askEarly('GET /dashboard-api/home', { query: homeQuery(filters) })
      : pathname === '/payments'
        ? askEarly('GET /dashboard-api/payments', { query: paymentQuery(filters) })
        : undefined
  await Promise.allSettled([session])
  await Promise.race([Promise.allSettled([data]), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
}

const answers = firstAnswers()
void import('./main.tsx').then(({ draw }) => draw(answers))

import { queryOf as homeQuery } from '../features/home/question.ts'
import { queryOf as paymentQuery } from '../features/payments/question.ts'
import { askEarly } from '../shared/api/early-answers.ts'
import { askSession } from './session/early-session.ts'

// A page from the browser's memory shows what somebody saw who may be signed out by now. It is covered when it is put
// away, and loaded anew when it comes back, however far it had come.
addEventListener('pagehide', () => document.documentElement.classList.add('put-away'))
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})

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
  await session
  await Promise.race([Promise.allSettled([data]), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
}

/** The code did not come: the network failed, or a newer version is served by now. Nothing else can be drawn with. */
function showUnloaded(): void {
  const french = navigator.language.startsWith('fr')
  const sentence = document.createElement('p')
  sentence.textContent = french ? 'La page n’a pas pu être chargée. ' : 'The page could not be loaded. '
  const again = document.createElement('a')
  again.href = location.href
  again.textContent = french ? 'Recharger' : 'Load again'
  sentence.append(again)
  sentence.setAttribute('role', 'alert')
  document.getElementById('app')?.replaceChildren(sentence)
}

const answers = firstAnswers()
void import('./main.tsx').then(({ draw }) => draw(answers), showUnloaded)

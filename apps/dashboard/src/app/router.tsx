import { createRouter } from '@tanstack/react-router'
import { parseSearch, writeSearch } from '../shared/search-params.ts'
import { CrashPage, LostPage } from './lost-page.tsx'
import { routeTree } from './routes.ts'

/** The router of the page. It stores no scroll positions: they would be kept in the browser's session storage. */
export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch: writeSearch,
  scrollRestoration: false,
  defaultErrorComponent: CrashPage,
  defaultNotFoundComponent: LostPage,
  defaultPendingMs: 200,
})

// A new page begins at its top; going back, the browser itself returns to where the page was left.
router.history.subscribe(({ action }) => {
  if (action.type === 'PUSH') scrollTo(0, 0)
})

import { QueryClient } from '@tanstack/react-query'
import { dropEarly } from '../shared/api/early-answers.ts'
import { asFailure } from '../shared/api/failure.ts'

const TRIES = 2
const FRESH_MS = 10_000

/** Everything that was read, in memory alone. It is emptied when the session ends or the mode changes. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // What the gateway has refused, it refuses again; what did not reach it may do so the next time.
      retry: (count, error) => {
        const { status } = asFailure(error)
        return count < TRIES && (status === 0 || status >= 502)
      },
    },
    mutations: { retry: false },
  },
})

/** Forgets all that was read, or is about to be: it is of another mode, of another member, or of a session that ended. */
export function forgetAll(): void {
  dropEarly()
  queryClient.clear()
}

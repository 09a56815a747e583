import { useApi } from '../../shared/api/queries.ts'
import { useSession } from '../../shared/session/session-context.ts'
import type { CounterDefaults } from './counter-form.tsx'

const NO_CURRENCY = 'CAD'

/** What a form starts with: what was used last, and nothing where that cannot be read; undefined until it is known. */
export function useDefaults(): CounterDefaults | undefined {
  const { may } = useSession()
  const endpoints = useApi('GET /dashboard-api/notification-endpoints', {}, { enabled: may('notifications:read') })
  const payments = useApi('GET /dashboard-api/payments', { query: { limit: '1' } })
  if (endpoints.isLoading || payments.isLoading) return undefined
  return {
    currency: payments.data?.items[0]?.currency ?? NO_CURRENCY,
    notifyUrl: endpoints.data?.items[0]?.notifyUrl ?? '',
  }
}

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useEventStream } from '../../shared/api/event-stream.ts'
import { useSession } from '../../shared/session/session-context.ts'
import type { Query } from './question.ts'

type PaymentList = Data<'GET /dashboard-api/payments'>
type PaymentRow = PaymentList['items'][number]

/** Payments that have come since the list was read. */
export interface Arrivals {
  readonly count: number
  /** Those that were let in last, to be marked for a moment. */
  readonly shown: ReadonlySet<string>
  readonly show: () => void
}

const NONE: ReadonlySet<string> = new Set()

/**
 * Listens to the stream. A payment of the list that changes does so in its place; a new one waits until it is asked
 * for, so that no row moves away under somebody's finger.
 */
export function useArrivals(query: Query): Arrivals {
  const client = useQueryClient()
  const { mode } = useSession()
  const queryKey = [mode, 'GET /dashboard-api/payments', { query }]
  const view = JSON.stringify(query)
  const [waiting, setWaiting] = useState({ view, ids: NONE })
  const [shown, setShown] = useState(NONE)
  const ids = waiting.view === view ? waiting.ids : NONE

  useEventStream('/dashboard-api/payments/stream', 'payments', (data) => {
    const rows = data as readonly PaymentRow[]
    const changed = new Map(rows.map((row) => [row.ucpOrderNo, row]))
    const list = client.getQueryData<PaymentList>(queryKey)
    if (!list) return
    client.setQueryData<PaymentList>(queryKey, {
      ...list,
      items: list.items.map((row) => changed.get(row.ucpOrderNo) ?? row),
    })
    const known = new Set(list.items.map(({ ucpOrderNo }) => ucpOrderNo))
    const newest = list.items[0]?.tranTime ?? ''
    const fresh = rows.filter((row) => !known.has(row.ucpOrderNo) && row.tranTime >= newest && belongs(row, query))
    if (fresh.length > 0) setWaiting({ view, ids: new Set([...ids, ...fresh.map(({ ucpOrderNo }) => ucpOrderNo)]) })
  })

  return {
    count: ids.size,
    shown,
    show: () => {
      setShown(ids)
      setWaiting({ view, ids: NONE })
      void client.invalidateQueries({ queryKey })
    },
  }
}

/** Whether a new payment belongs on top of what is looked at: the first page, newest first, within its filters. */
function belongs(row: PaymentRow, { q, status, currency, codeId, from, to, sort, startingAfter }: Query): boolean {
  // A row does not say which code was paid by.
  if ([q, codeId, sort, startingAfter].some((given) => given !== undefined)) return false
  if (status !== undefined && row.tradeStatus !== status) return false
  if (currency !== undefined && row.currency !== currency) return false
  const at = Date.parse(row.tranTime)
  return (from === undefined || at >= Date.parse(from)) && (to === undefined || at < Date.parse(to))
}

import { CURRENCIES } from '@ucanpay/wire/currencies'
import { TRADE_STATUSES } from '@ucanpay/wire/statuses'
import type { Input } from '../../shared/api/client.ts'
import { endOfDay, startOfDay } from '../../shared/format/days.ts'
import type { SearchTexts } from '../../shared/search-params.ts'

/** What `GET /dashboard-api/payments` is asked. */
export type Query = NonNullable<Input<'GET /dashboard-api/payments'>['query']>

/** The orders of the list beside the usual one, newest first. */
export const SORTS = ['oldest', 'largest', 'smallest'] as const
/** What names a printed code. */
export const CODE_ID = /^[0-9A-Za-z_]{1,64}$/
const PAGE_SIZE = '25'

/**
 * What the list asks for at an address. The address is written by people as well: what is no value of a filter's is
 * left out.
 */
export function queryOf({ q, status, currency, codeId, from, to, sort, after }: SearchTexts): Query {
  return {
    limit: PAGE_SIZE,
    startingAfter: after,
    q: q === undefined ? undefined : cleanNumber(q) || undefined,
    status: TRADE_STATUSES.find((each) => each === status),
    currency: CURRENCIES.find((each) => each === currency),
    codeId: CODE_ID.test(codeId ?? '') ? codeId : undefined,
    from: startOfDay(from),
    to: endOfDay(to),
    sort: SORTS.find((each) => each === sort),
  }
}

/** What people paste along with a number, spaces above all, is no part of it. */
export function cleanNumber(typed: string): string {
  return typed.replace(/[^0-9A-Za-z_-]/g, '').slice(0, 64)
}

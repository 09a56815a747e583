import { UCanPayConfigError } from '../errors.ts'
import type { GatewayCalls } from '../gateway-calls.ts'
import type { CallOptions } from '../options.ts'
import type { PageTurning } from '../pages.ts'

/** What a list is narrowed by; `limit` is a number here, 1 to 100. */
export type ListQuery<Query> = Omit<Query, 'limit'> & { readonly limit?: number }

/** A list of the API. */
interface List<Data> {
  readonly route: string
  readonly query: { readonly limit?: number; readonly startingAfter?: string }
  readonly options: CallOptions | undefined
  readonly lastOf: (data: Data) => string | undefined
}

/** Turns the pages of a list; whoever wants all of it is given the largest pages, unless told otherwise. */
export function listOf<Data>(calls: GatewayCalls, { route, query, options, lastOf }: List<Data>): PageTurning<Data> {
  const { limit } = query
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 1 && limit <= 100)) {
    throw new UCanPayConfigError('limit is not a whole number from 1 to 100.')
  }
  return {
    lastOf,
    fetch: (startingAfter = query.startingAfter, whole) => {
      const page = { ...query, limit: limit ?? (whole ? 100 : undefined), startingAfter }
      return calls.ask<Data>({ method: 'GET', route, query: page, options })
    },
  }
}

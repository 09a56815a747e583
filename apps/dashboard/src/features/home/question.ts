import type { Input } from '../../shared/api/client.ts'
import { viewersZone } from '../../shared/format/days.ts'
import type { SearchTexts } from '../../shared/search-params.ts'

/** Days that can be looked at, today included. */
export const PERIODS = ['1', '7', '30'] as const
export type Days = (typeof PERIODS)[number]

/** The days that an address asks for: today alone where it names none that can be looked at. */
export function daysOf({ days }: SearchTexts): Days {
  return PERIODS.find((each) => each === days) ?? '1'
}

/** What the first page asks for at an address. */
export function queryOf(filters: SearchTexts): NonNullable<Input<'GET /dashboard-api/home'>['query']> {
  return { zone: viewersZone(), days: daysOf(filters) }
}

/** Periods that a report can be of by name. */
export const PRESETS = ['today', 'yesterday', 'week', 'month', 'lastMonth', 'custom'] as const
export type Preset = (typeof PRESETS)[number]

/** The first and the last day of a report, both included, as `2026-11-24`. */
export interface Days {
  readonly first: string
  readonly last: string
}

/** A report's moments in RFC 3339: at or after `from`, before `to`. */
export interface Period {
  readonly from: string
  readonly to: string
}

const DAY_MS = 86_400_000
/** No zone's clock is further from UTC than this, on either side. */
const WIDEST_OFFSET_MS = 16 * 3_600_000
/** The gateway's own bound. */
const LONGEST_MS = 366 * DAY_MS

/** The day that it is in a zone at a moment. */
export function dayIn(zone: string, at: number): string {
  // Sweden's way of writing a date is ISO 8601's.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at)
}

/**
 * The first moment of a day in a zone, in RFC 3339. Found by halving, so that days without a midnight, which some zones
 * have when their clocks change, begin where they do.
 *
 * @throws {RangeError} for what is no zone of this browser
 */
export function startOfDayIn(zone: string, day: string): string {
  let before = Math.floor((Date.parse(`${day}T00:00:00Z`) - WIDEST_OFFSET_MS) / 1000)
  let after = before + (2 * WIDEST_OFFSET_MS) / 1000
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayIn(zone, middle * 1000) < day) before = middle
    else after = middle
  }
  return new Date(after * 1000).toISOString()
}

/** The days of a named period, on the day that today is. A week begins on Monday (ISO 8601). */
export function daysOf(preset: Exclude<Preset, 'custom'>, today: string): Days {
  const [year = 0, month = 0] = today.split('-').map(Number)
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7
  switch (preset) {
    case 'today':
      return { first: today, last: today }
    case 'yesterday':
      return { first: shifted(today, -1), last: shifted(today, -1) }
    case 'week':
      return { first: shifted(today, -weekday), last: today }
    case 'month':
      return { first: `${today.slice(0, 8)}01`, last: today }
    case 'lastMonth':
      return { first: isoDay(Date.UTC(year, month - 2, 1)), last: isoDay(Date.UTC(year, month - 1, 0)) }
  }
}

/** The moments of some days in a zone; undefined for what is no period of at least a day and 366 at most. */
export function periodOf({ first, last }: Days, zone: string): Period | undefined {
  if (!isDay(first) || !isDay(last) || first > last) return undefined
  const from = startOfDayIn(zone, first)
  const to = startOfDayIn(zone, shifted(last, 1))
  return Date.parse(to) - Date.parse(from) <= LONGEST_MS ? { from, to } : undefined
}

/** Every zone that this browser knows, UTC among them. */
export function knownZones(): readonly string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && isoDay(at) === text
}

function shifted(day: string, days: number): string {
  return isoDay(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS)
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

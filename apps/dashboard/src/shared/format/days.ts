/** The part of `Temporal` that is used, where a browser has it. */
interface WithTemporal {
  readonly Temporal?: { readonly Now: { timeZoneId(): string } }
}

let zone: string | undefined

/**
 * The viewer's IANA time zone, asked for once. `Temporal` knows it at once; the first date format of a page takes the
 * browser some fifty milliseconds, before anything is asked for or drawn.
 */
export function viewersZone(): string {
  zone ??= (globalThis as WithTemporal).Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  return zone
}

/** The beginning of a day (`2026-11-24`) in the viewer's zone, in RFC 3339; undefined for what is no day. */
export function startOfDay(day: string | undefined): string | undefined {
  return dayShifted(day, 0)
}

/** The end of a day in the viewer's zone: the beginning of the next one, whether this one has 23, 24 or 25 hours. */
export function endOfDay(day: string | undefined): string | undefined {
  return dayShifted(day, 1)
}

/** The day in the viewer's zone, some days from today: 0 is today, -6 six days ago. */
export function dayFromToday(days: number): string {
  const date = new Date()
  date.setDate(date.getDate() + days)
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

function dayShifted(day: string | undefined, days: number): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '')
  if (!match) return undefined
  const date = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + days)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

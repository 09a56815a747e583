const DAY_MS = 86_400_000
/** Days after which a key should be replaced (practice 4). */
export const OLD_AFTER_DAYS = 90
/** Days before its end at which a key wants replacing. */
const ENDING_WITHIN_DAYS = 14

/** Whole days from one moment (RFC 3339) to another; negative where the second one is earlier. */
function daysBetween(from: string, to: number): number {
  return Math.floor((to - Date.parse(from)) / DAY_MS)
}

/** How old a key is in days, and whether that is too old. */
export function ageOf(createdAt: string, now: number): { readonly days: number; readonly old: boolean } {
  // A clock that is a little behind the gateway's would make a new key younger than nothing.
  const days = Math.max(0, daysBetween(createdAt, now))
  return { days, old: days > OLD_AFTER_DAYS }
}

/** In how many days a key ends, begun ones counted, and whether that is soon. Undefined for one that has no end. */
export function endOf(
  expiresAt: string | undefined,
  now: number,
): { readonly days: number; readonly soon: boolean } | undefined {
  if (expiresAt === undefined) return undefined
  const days = Math.ceil((Date.parse(expiresAt) - now) / DAY_MS)
  return { days, soon: days < ENDING_WITHIN_DAYS }
}

/** An IPv4 or IPv6 address, or a range of them in CIDR; the gateway checks the rest. */
const ADDRESS =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/(?:3[0-2]|[12]?\d))?|[0-9a-f:.]*:[0-9a-f:.]*(?:\/(?:12[0-8]|1[01]\d|[1-9]?\d))?)$/i
const MOST_ADDRESSES = 32

/**
 * Reads a list of addresses, one a line or with commas.
 *
 * @returns undefined where one of them is none, or there are more than 32
 */
export function parseAddresses(typed: string): readonly string[] | undefined {
  const given = typed.split(/[\s,;]+/).filter(Boolean)
  const good = given.length <= MOST_ADDRESSES && given.every((address) => ADDRESS.test(address) && octetsFit(address))
  return good ? given : undefined
}

function octetsFit(address: string): boolean {
  if (address.includes(':')) return true
  return (address.split('/')[0] ?? '').split('.').every((octet) => Number(octet) < 256)
}

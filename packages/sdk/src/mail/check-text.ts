import { findSensitive } from '@ucanpay/redaction/find-sensitive'
import { readings } from './readings.ts'
import type { SensitiveFinding, SensitiveKind } from './sensitive-data-error.ts'

/** What may be in a message all the same. */
export interface AllowedData {
  /** Domains of yours: their e-mail addresses may stand anywhere. */
  readonly ownDomains?: readonly string[]
  /** Accounts of yours that customers pay to. */
  readonly ownIbans?: readonly string[]
  /** Kinds that are not looked for. */
  readonly dangerouslyAllow?: readonly SensitiveKind[]
}

/** Whose e-mail addresses a text may hold, beside the shop's own. */
export interface KnownAddresses {
  readonly addresses: ReadonlySet<string>
  /** As many others are no list of customers. */
  readonly mostOthers: number
}

/** What is found in a text that must not leave. Each kind is counted in the reading that has most of it. */
export function checkText(
  part: string,
  text: string,
  { allowed, known }: { allowed: AllowedData; known: KnownAddresses },
): SensitiveFinding[] {
  const counts = new Map<SensitiveKind, number>()
  for (const reading of readings(text)) {
    const found = new Map<SensitiveKind, Set<string>>()
    for (const { kind, start, end } of findSensitive(reading)) {
      const value = reading.slice(start, end).toLowerCase()
      if (allowed.dangerouslyAllow?.includes(kind) === true || isOwn(kind, value, allowed)) continue
      if (kind === 'key' && isTokenOfLink(reading, start)) continue
      if (kind === 'email-address' && known.addresses.has(value)) continue
      found.set(kind, (found.get(kind) ?? new Set()).add(value))
    }
    for (const [kind, { size }] of found) counts.set(kind, Math.max(size, counts.get(kind) ?? 0))
  }
  return [...counts]
    .filter(([kind, count]) => kind !== 'email-address' || count > known.mostOthers)
    .map(([kind, count]) => ({ kind, part, count }))
}

function isOwn(kind: SensitiveKind, value: string, { ownDomains = [], ownIbans = [] }: AllowedData): boolean {
  if (kind === 'email-address') {
    const domain = value.slice(value.lastIndexOf('@') + 1)
    return ownDomains.some((own) => domain === own.toLowerCase() || domain.endsWith(`.${own.toLowerCase()}`))
  }
  const compact = (text: string): string => text.replace(/[^0-9A-Za-z]/g, '').toLowerCase()
  return kind === 'iban' && ownIbans.some((own) => compact(own) === compact(value))
}

/** The token of a link that confirms or signs off is the link's own; it is no header that was mailed by mistake. */
function isTokenOfLink(text: string, start: number): boolean {
  return (
    text.startsWith('eyJ', start) && /https:\/\/[^\s"'<>]{1,2048}$/.test(text.slice(Math.max(0, start - 2_060), start))
  )
}

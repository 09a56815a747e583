import type { Finding } from './finding.ts'

/** A finding that is accepted for now. */
export interface Accepted {
  readonly fingerprint: string
  readonly rule: string
  readonly path: string
  /** Why it is accepted; an entry without one accepts nothing. */
  readonly reason: string
  /** Until when, as YYYY-MM-DD, that day included. */
  readonly until: string
}

export interface Baseline {
  readonly version: 1
  readonly accepted: readonly Accepted[]
}

/** What a baseline leaves of the findings, and what is wrong with it. */
export interface Judged {
  readonly left: readonly Finding[]
  readonly acceptedCount: number
  readonly complaints: readonly string[]
}

/**
 * Reads a baseline.
 *
 * @throws Error that says what is wrong with its form
 */
export function readBaseline(text: string): Baseline {
  const value = JSON.parse(text) as Partial<Baseline> | null
  if (value?.version !== 1 || !Array.isArray(value.accepted))
    throw new Error('not a baseline: {"version": 1, "accepted": […]}')
  for (const [index, entry] of value.accepted.entries()) {
    const { fingerprint, reason, until } = entry as Partial<Accepted>
    if (typeof fingerprint !== 'string' || typeof reason !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(until ?? '')) {
      throw new Error(`accepted[${index}] needs fingerprint, reason and until (YYYY-MM-DD)`)
    }
  }
  return value as Baseline
}

/**
 * Takes out what is accepted. What is past its date is reported again.
 *
 * @param today as YYYY-MM-DD
 */
export function applyBaseline(findings: readonly Finding[], { accepted }: Baseline, today: string): Judged {
  const byFingerprint = new Map(accepted.map((entry) => [entry.fingerprint, entry]))
  const complaints: string[] = []
  const left = findings.filter(({ fingerprint, ruleId, place }) => {
    const entry = byFingerprint.get(fingerprint)
    if (!entry) return true
    const where = `${place.path}${place.line === 0 ? '' : `:${place.line}`} ${ruleId}`
    if (entry.reason.trim() === '') complaints.push(`${where}: accepted without a reason, so it is reported`)
    else if (entry.until < today) complaints.push(`${where}: accepted until ${entry.until}, so it is reported again`)
    else return false
    return true
  })
  return { left, acceptedCount: findings.length - left.length, complaints }
}

/** Findings as a baseline whose reasons are to be filled in. */
export function baselineOf(findings: readonly Finding[], until: string): Baseline {
  const accepted = findings.map(({ fingerprint, ruleId, place }) => ({
    fingerprint,
    rule: ruleId,
    path: place.path,
    reason: '',
    until,
  }))
  return { version: 1, accepted }
}

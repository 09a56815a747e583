import { ApiError } from '../api-error.ts'
import { requireZone } from './zone.ts'

/** What a report is of. */
export interface ReportPeriod {
  readonly from: Date
  /** Before this. */
  readonly to: Date
  /** The viewer's, whose days and clock are meant. */
  readonly zone: string
}

const LONGEST_MS = 366 * 86_400_000

/**
 * Reads the period of a report.
 *
 * @param asked.from asked.to RFC 3339
 * @throws ApiError PARAM_ERROR where it ends before it begins, or is longer than 366 days, and for what is no zone
 */
export function requirePeriod(asked: { from: string; to: string; zone?: string | undefined }): ReportPeriod {
  const period = { from: new Date(asked.from), to: new Date(asked.to), zone: requireZone(asked.zone) }
  const longMs = period.to.getTime() - period.from.getTime()
  if (longMs > 0 && longMs <= LONGEST_MS) return period
  throw new ApiError('PARAM_ERROR', 'a report is of more than nothing and of 366 days at most', {
    failures: [{ pointer: '/to', rule: 'period' }],
  })
}

import type { Finding } from '../engine/findings/finding.ts'
import type { RuleText } from '../engine/rule.ts'

/** All that a reporter writes about. */
export interface AuditReport {
  readonly findings: readonly Finding[]
  readonly rules: readonly RuleText[]
  readonly version: string
  /** How many files were read; answers of a site, where `read` says so. */
  readonly files: number
  readonly read?: 'files' | 'answers'
  /** How many findings the baseline accepts. */
  readonly accepted: number
  /** When the scan began, ISO 8601. */
  readonly startedAt: string
  readonly durationMs: number
}

/** Writes a report in one format. */
export type Reporter = (report: AuditReport, options: { readonly colour: boolean }) => string

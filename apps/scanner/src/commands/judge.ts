import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError, type CommandLine } from '../command-line.ts'
import { applyBaseline, baselineOf, readBaseline } from '../engine/findings/baseline.ts'
import type { Finding } from '../engine/findings/finding.ts'
import { SEVERITIES, type Severity } from '../engine/severity.ts'
import type { ScanConfig } from '../scan-config.ts'

const BASELINE_DAYS = 90
const DAY_MS = 86_400_000

/** By what findings are judged. */
export interface Measure {
  readonly root: string
  readonly command: CommandLine
  readonly config: ScanConfig
  /** When the scan began. */
  readonly now: Date
}

/**
 * What is left of the findings: as severe as the configuration has them, none below the least that was asked for, none
 * that the baseline accepts.
 *
 * @throws UsageError where the baseline is not there, or is none
 */
export function judge(findings: readonly Finding[], measure: Measure): { left: readonly Finding[]; accepted: number } {
  const { root, command, config, now } = measure
  const least = SEVERITIES.indexOf(command.minSeverity ?? config.minSeverity ?? 'low')
  const wanted = findings
    .map((finding) => ({ ...finding, severity: severityOf(finding, config) }))
    .filter(({ severity }) => SEVERITIES.indexOf(severity) >= least)
  const path = command.baseline ?? (config.baseline === undefined ? undefined : join(root, config.baseline))
  if (path === undefined) return { left: wanted, accepted: 0 }
  const { left, acceptedCount, complaints } = applyBaseline(wanted, baselineAt(path), now.toISOString().slice(0, 10))
  for (const complaint of complaints) process.stderr.write(`${path}: ${complaint}\n`)
  return { left, accepted: acceptedCount }
}

function severityOf({ ruleId, severity }: Finding, { rules }: ScanConfig): Severity {
  const given = Object.hasOwn(rules, ruleId) ? rules[ruleId] : undefined
  return given === undefined || given === 'off' ? severity : given
}

function baselineAt(path: string): ReturnType<typeof readBaseline> {
  if (!existsSync(path)) throw new UsageError(`there is no ${path}`)
  try {
    return readBaseline(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** Writes findings as a baseline, to be given its reasons by people. */
export function writeBaseline(path: string, findings: readonly Finding[], now: Date): void {
  const until = new Date(now.getTime() + BASELINE_DAYS * DAY_MS).toISOString().slice(0, 10)
  writeFileSync(path, `${JSON.stringify(baselineOf(findings, until), undefined, 2)}\n`)
  process.stderr.write(`${path}: ${findings.length} written; each needs a reason before it accepts anything.\n`)
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError, type CommandLine } from '../command-line.ts'
import type { Environment } from '../config.ts'
import { excluder, walk, type Walked } from '../engine/files/walk.ts'
import type { Finding } from '../engine/findings/finding.ts'
import { scanHistory } from '../engine/git/history.ts'
import type { Rule } from '../engine/rule.ts'
import { merged } from '../engine/scan/scan-project.ts'
import { startProgress } from '../progress.ts'
import { ALL_RULES } from '../rules/all-rules.ts'
import { readScanConfig, type ScanConfig } from '../scan-config.ts'
import { ALL_CHECKS } from './all-checks.ts'
import { judge, writeBaseline } from './judge.ts'
import { mend } from './mend.ts'
import { scanFolder, scanStaged } from './scan-folder.ts'
import { targetsOf, type Target } from './targets.ts'
import { writeReport } from './write-report.ts'

interface Found {
  readonly findings: readonly Finding[]
  readonly files: number
  readonly accepted: number
  /** Files that could not be looked through, which is a fault of the scanner. */
  readonly problems: number
}

/**
 * Scans what was named and writes what was found.
 *
 * @returns the exit code
 * @throws UsageError where something that was named is not there
 */
export async function scan(command: CommandLine, environment: Environment): Promise<number> {
  const now = new Date()
  const began = performance.now()
  const results: Found[] = []
  for (const target of targetsOf(command.paths, command.self)) results.push(await scanTarget(target, command, now))
  const findings = results.flatMap((result) => result.findings)
  const sum = (count: (result: Found) => number): number => results.reduce((total, result) => total + count(result), 0)
  if (command.writeBaseline !== undefined) writeBaseline(command.writeBaseline, findings, now)
  writeReport(command, environment, {
    findings,
    rules: ALL_RULES,
    files: sum(({ files }) => files),
    accepted: sum(({ accepted }) => accepted),
    startedAt: now.toISOString(),
    durationMs: Math.round(performance.now() - began),
  })
  if (sum(({ problems }) => problems) > 0) return 2
  return findings.length === 0 || command.writeBaseline !== undefined ? 0 : 1
}

async function scanTarget(target: Target, command: CommandLine, now: Date): Promise<Found> {
  const { root, prefix } = target
  const config = readScanConfig(root, command.config, new Set(ALL_CHECKS.map(({ id }) => id)))
  const rules = rulesFor(command, config)
  const { findings, files, problems } = command.staged
    ? staged(root, rules, config)
    : await folder(target, command, { config, rules })
  const past = command.history ? await history(root, rules, { command, config }) : []
  const { left, accepted } = judge(merged([...findings, ...past]), { root, command, config, now })
  const remaining = command.fix && !command.staged ? mend(root, left, now) : left
  for (const problem of problems) process.stderr.write(`ucanpay-audit: not looked through: ${problem}\n`)
  return { findings: remaining.map((finding) => shownAt(finding, prefix)), files, accepted, problems: problems.length }
}

interface Scanned {
  readonly findings: readonly Finding[]
  readonly files: number
  readonly problems: readonly string[]
}

function staged(root: string, rules: readonly Rule[], { exclude }: ScanConfig): Scanned {
  try {
    return scanStaged({ root, rules, exclude: excluder(exclude) })
  } catch (error) {
    throw new UsageError(`--staged: ${(error as Error).message}`, { cause: error })
  }
}

async function folder(
  { root, only }: Target,
  command: CommandLine,
  { config, rules }: { config: ScanConfig; rules: readonly Rule[] },
): Promise<Scanned> {
  const walked = walk(root, { exclude: config.exclude, askedFor: only, withIgnored: command.noIgnore })
  if (command.verbose) showSkipped(walked)
  const progress = startProgress(command.quiet)
  const problems: string[] = []
  const wanted = only.length === 0 ? walked.paths : walked.paths.filter((path) => only.includes(path))
  const findings = await scanFolder({
    root,
    walked,
    wanted,
    rules,
    cacheFolder: cacheFolderOf(root, command),
    onFile: (done, total) => progress.show(done, total),
    onProblem: (path, problem) => problems.push(`${path}: ${problem}`),
  })
  progress.end()
  return { findings, files: wanted.length, problems }
}

async function history(
  root: string,
  rules: readonly Rule[],
  { command, config }: { command: CommandLine; config: ScanConfig },
): Promise<Finding[]> {
  const excluded = excluder(config.exclude)
  const progress = startProgress(command.quiet)
  try {
    const found = await scanHistory(root, rules, (done) => progress.show(done, done))
    return found.filter(({ place }) => !excluded(place.path))
  } catch (error) {
    throw new UsageError(`--history: ${(error as Error).message}`, { cause: error })
  } finally {
    progress.end()
  }
}

/** Beside the packages of the project, where such things are; nowhere where it has none and no folder was named. */
function cacheFolderOf(root: string, { cacheDir, noCache }: CommandLine): string | undefined {
  if (noCache) return undefined
  if (cacheDir !== undefined) return cacheDir
  const packages = join(root, 'node_modules')
  return existsSync(packages) ? join(packages, '.cache', 'ucanpay-audit') : undefined
}

function rulesFor({ rules: wanted }: CommandLine, { rules }: ScanConfig): readonly Rule[] {
  for (const id of wanted ?? []) {
    if (!ALL_RULES.some((rule) => rule.id === id)) throw new UsageError(`there is no rule ${id}: see --list-rules`)
  }
  return ALL_RULES.filter(({ id }) => (wanted ? wanted.includes(id) : rules[id] !== 'off'))
}

function shownAt(finding: Finding, prefix: string): Finding {
  const place = { ...finding.place, path: prefix + finding.place.path }
  const related = finding.related.map((each) => ({ ...each, place: { ...each.place, path: prefix + each.place.path } }))
  return { ...finding, place, related }
}

function showSkipped({ skipped }: Walked): void {
  for (const { path, why } of skipped) process.stderr.write(`passed over: ${path} (${why})\n`)
}

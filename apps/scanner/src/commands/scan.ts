import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { UsageError, type CommandLine } from '../command-line.ts'
import type { Environment } from '../config.ts'
import { walk, type Walked } from '../engine/files/walk.ts'
import { applyBaseline, baselineOf, readBaseline } from '../engine/findings/baseline.ts'
import type { Finding } from '../engine/findings/finding.ts'
import type { Rule } from '../engine/rule.ts'
import { SEVERITIES, type Severity } from '../engine/severity.ts'
import { startProgress } from '../progress.ts'
import { json } from '../reporters/json.ts'
import type { Reporter } from '../reporters/report.ts'
import { terminal } from '../reporters/terminal.ts'
import { ALL_RULES } from '../rules/all-rules.ts'
import { readScanConfig, type ScanConfig } from '../scan-config.ts'
import { ownVersion } from './help.ts'
import { scanTarget } from './scan-target.ts'

const REPORTERS: Readonly<Record<string, Reporter>> = { terminal, json }
const BASELINE_DAYS = 90
const DAY_MS = 86_400_000

/** One of the folders that were named, and what of it is looked at. */
interface Named {
  readonly root: string
  readonly only: readonly string[]
  /** What its paths are shown with, so that they lead there from the working folder. */
  readonly prefix: string
}

/**
 * Scans what was named and writes what was found.
 *
 * @returns the exit code
 * @throws UsageError where something that was named is not there
 */
export async function scan(command: CommandLine, environment: Environment): Promise<number> {
  const startedAt = new Date()
  const began = performance.now()
  const results: Result[] = []
  for (const named of targetsOf(command)) results.push(await resultOf(named, command))
  const findings = results.flatMap((result) => result.findings)
  const files = results.reduce((sum, result) => sum + result.files, 0)
  const accepted = results.reduce((sum, result) => sum + result.accepted, 0)
  if (command.writeBaseline !== undefined) writeBaseline(command.writeBaseline, findings, startedAt)
  const write = REPORTERS[command.format ?? 'terminal'] ?? terminal
  const report = {
    findings,
    rules: ALL_RULES,
    version: ownVersion(),
    files,
    accepted,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - began),
  }
  const text = write(report, { colour: environment.colour && command.output === undefined })
  if (command.output === undefined) process.stdout.write(text)
  else writeFileSync(command.output, text)
  if (results.some((result) => result.problems > 0)) return 2
  return findings.length === 0 || command.writeBaseline !== undefined ? 0 : 1
}

function targetsOf({ paths, self }: CommandLine): Named[] {
  if (self) return [{ root: resolve(join(import.meta.dirname, '../../../..')), only: [], prefix: '' }]
  const files: string[] = []
  const targets = (paths.length === 0 ? ['.'] : paths).flatMap((path): Named[] => {
    const full = resolve(path)
    if (!existsSync(full)) throw new UsageError(`there is no ${path}`)
    if (statSync(full).isDirectory()) return [{ root: full, only: [], prefix: shownFolder(full) }]
    files.push(full)
    return []
  })
  // Files are looked at as parts of the working folder, so that what they import is found.
  const inside = files.filter((file) => !relative('.', file).startsWith('..'))
  const outside = files.filter((file) => relative('.', file).startsWith('..'))
  const here = inside.map((file) => relative('.', file).replaceAll('\\', '/'))
  return [
    ...targets,
    ...(here.length > 0 ? [{ root: resolve('.'), only: here, prefix: '' }] : []),
    ...outside.map((file) => ({ root: dirname(file), only: [basename(file)], prefix: shownFolder(dirname(file)) })),
  ]
}

function shownFolder(full: string): string {
  const path = relative('.', full).replaceAll('\\', '/')
  return path === '' ? '' : `${path.startsWith('..') ? full : path}/`
}

interface Result {
  readonly findings: readonly Finding[]
  readonly files: number
  readonly accepted: number
  readonly problems: number
}

async function resultOf({ root, only, prefix }: Named, command: CommandLine): Promise<Result> {
  const config = readScanConfig(root, command.config, new Set(ALL_RULES.map(({ id }) => id)))
  const walked = walk(root, { exclude: config.exclude, only, withIgnored: command.noIgnore })
  if (command.verbose) showSkipped(walked)
  const progress = startProgress(command.quiet)
  let problems = 0
  const found = await scanTarget({
    root,
    walked,
    rules: rulesFor(command, config),
    cacheFolder: cacheFolderOf(root, command),
    onFile: (done, total) => progress.show(done, total),
    onProblem: (path, problem) => {
      problems++
      process.stderr.write(`ucanpay-audit: ${path} could not be looked through: ${problem}\n`)
    },
  })
  progress.end()
  const least = SEVERITIES.indexOf(command.minSeverity ?? config.minSeverity ?? 'low')
  const wanted = found
    .map((finding) => ({ ...finding, severity: severityOf(finding, config) }))
    .filter(({ severity }) => SEVERITIES.indexOf(severity) >= least)
  const judged = withBaseline(wanted, { root, command, config })
  return {
    findings: judged.left.map((finding) => shownAt(finding, prefix)),
    files: walked.paths.length,
    accepted: judged.acceptedCount,
    problems,
  }
}

/** Beside the packages of the project, where such things are; nowhere where it has none and no folder was named. */
function cacheFolderOf(root: string, { cacheDir, noCache }: CommandLine): string | undefined {
  if (noCache) return undefined
  if (cacheDir !== undefined) return cacheDir
  const packages = join(root, 'node_modules')
  return existsSync(packages) ? join(packages, '.cache', 'ucanpay-audit') : undefined
}

function severityOf({ ruleId, severity }: Finding, { rules }: ScanConfig): Severity {
  const given = Object.hasOwn(rules, ruleId) ? rules[ruleId] : undefined
  return given === undefined || given === 'off' ? severity : given
}

function rulesFor({ rules: wanted }: CommandLine, { rules }: ScanConfig): readonly Rule[] {
  for (const id of wanted ?? []) {
    if (!ALL_RULES.some((rule) => rule.id === id)) throw new UsageError(`there is no rule ${id}: see --list-rules`)
  }
  return ALL_RULES.filter(({ id }) => (wanted ? wanted.includes(id) : rules[id] !== 'off'))
}

function withBaseline(
  findings: readonly Finding[],
  { root, command, config }: { root: string; command: CommandLine; config: ScanConfig },
): { left: readonly Finding[]; acceptedCount: number } {
  const path = command.baseline ?? (config.baseline === undefined ? undefined : join(root, config.baseline))
  if (path === undefined) return { left: findings, acceptedCount: 0 }
  if (!existsSync(path)) throw new UsageError(`there is no ${path}`)
  const judged = applyBaseline(findings, readBaselineAt(path), new Date().toISOString().slice(0, 10))
  for (const complaint of judged.complaints) process.stderr.write(`${path}: ${complaint}\n`)
  return judged
}

function readBaselineAt(path: string): ReturnType<typeof readBaseline> {
  try {
    return readBaseline(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, { cause: error })
  }
}

function writeBaseline(path: string, findings: readonly Finding[], now: Date): void {
  const until = new Date(now.getTime() + BASELINE_DAYS * DAY_MS).toISOString().slice(0, 10)
  writeFileSync(path, `${JSON.stringify(baselineOf(findings, until), undefined, 2)}\n`)
  process.stderr.write(`${path}: ${findings.length} written; each needs a reason before it accepts anything.\n`)
}

function shownAt(finding: Finding, prefix: string): Finding {
  const place = { ...finding.place, path: prefix + finding.place.path }
  const related = finding.related.map((each) => ({ ...each, place: { ...each.place, path: prefix + each.place.path } }))
  return { ...finding, place, related }
}

function showSkipped({ skipped }: Walked): void {
  for (const { path, why } of skipped) process.stderr.write(`passed over: ${path} (${why})\n`)
}

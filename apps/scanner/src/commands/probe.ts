import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { UsageError, type CommandLine } from '../command-line.ts'
import type { Environment } from '../config.ts'
import { excerptOf } from '../engine/findings/excerpt.ts'
import type { Finding } from '../engine/findings/finding.ts'
import { fingerprints } from '../engine/findings/fingerprint.ts'
import { ALL_PROBES } from '../probes/all-probes.ts'
import { bareHost } from '../probes/ask.ts'
import { Budget, MOST_BYTES, MOST_MS, MOST_REQUESTS } from '../probes/budget.ts'
import type { Probe, Sighting } from '../probes/probe.ts'
import { gather, type SiteWish } from '../probes/site.ts'
import { readScanConfig, type ScanConfig } from '../scan-config.ts'
import { ALL_CHECKS } from './all-checks.ts'
import { judge, writeBaseline } from './judge.ts'
import { writeReport } from './write-report.ts'

/**
 * Asks the sites that were named and writes what was found.
 *
 * @returns the exit code
 * @throws UsageError where it is not sure that they are the asker's own, or one cannot be reached
 */
export async function probe(command: CommandLine, environment: Environment): Promise<number> {
  const now = new Date()
  const began = performance.now()
  const config = readScanConfig('.', command.config, new Set(ALL_CHECKS.map(({ id }) => id)))
  const probes = probesFor(command, config)
  const ca = command.ca === undefined ? [] : [authorities(command.ca)]
  const wishes = command.paths.map((path) => wishOf(path, { httpPort: command.httpPort, ca, now }))
  await confirm(wishes, command)
  const found: Finding[] = []
  let requests = 0
  for (const wish of wishes) {
    const budget = new Budget(hostsOf(wish))
    found.push(...(await findingsOf(wish, probes, budget)))
    requests += budget.used
  }
  const { left, accepted } = judge(found, { root: '.', command, config, now })
  if (command.writeBaseline !== undefined) writeBaseline(command.writeBaseline, left, now)
  const durationMs = Math.round(performance.now() - began)
  const counts = { files: requests, read: 'answers', accepted } as const
  writeReport(command, environment, {
    findings: left,
    rules: probes,
    ...counts,
    startedAt: now.toISOString(),
    durationMs,
  })
  return left.length === 0 || command.writeBaseline !== undefined ? 0 : 1
}

function probesFor({ rules: wanted }: CommandLine, { rules }: ScanConfig): readonly Probe[] {
  for (const id of wanted ?? []) {
    if (!ALL_PROBES.some((each) => each.id === id)) throw new UsageError(`there is no probe ${id}: see --list-rules`)
  }
  return ALL_PROBES.filter(({ id }) => (wanted ? wanted.includes(id) : rules[id] !== 'off'))
}

function authorities(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`--ca: ${(error as Error).message}`, { cause: error })
  }
}

function wishOf(
  path: string,
  { httpPort, ca, now }: Omit<SiteWish, 'url' | 'plainUrl'> & { httpPort: number },
): SiteWish {
  const url = URL.parse(path)
  // Before anything of it is repeated: what cannot be read as an address may hold a password as well.
  if (path.includes('@')) throw new UsageError('an address here has no password: no secret is sent')
  if (url?.protocol !== 'https:') {
    const shown = path.replace(/[?#].*/s, '?…')
    throw new UsageError(`${shown}: sites are named by an https address, and nothing beside them`)
  }
  const plainUrl = new URL(url)
  plainUrl.protocol = 'http:'
  plainUrl.port = String(httpPort)
  return { url, plainUrl, ca, now }
}

function hostsOf({ url, plainUrl }: SiteWish): string[] {
  return [`${bareHost(url)}:${url.port || 443}`, `${bareHost(url)}:${plainUrl.port || 80}`]
}

/** Says what is going to be sent, and asks whether the sites are one's own. @throws UsageError where nobody says so */
async function confirm(wishes: readonly SiteWish[], { yes, quiet }: CommandLine): Promise<void> {
  const plan = `At most ${MOST_REQUESTS} requests to each of: ${wishes.map((wish) => hostsOf(wish).join(' and ')).join('; ')}.
Each ends after ${MOST_MS / 1000} seconds or ${MOST_BYTES / 1024} KiB; no other host is asked. Four provoke an error, one of them by a POST
whose body ends in the middle of a text, without cookies.\n`
  if (!quiet || !yes) process.stderr.write(plan)
  if (yes) return
  if (!process.stdin.isTTY) throw new UsageError('nothing was sent: say with --yes that these sites are your own')
  const answer = await answerTo('Are these sites your own, or have their owners asked you to do this? [y/N] ')
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new UsageError('nothing was sent')
}

/** What is typed; nothing where the terminal is closed (Ctrl-D) or it is broken off (Ctrl-C). */
async function answerTo(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  return await new Promise((resolve) => {
    terminal.once('close', () => {
      process.stderr.write('\n')
      resolve('')
    })
    terminal.question(question, (answer) => {
      terminal.removeAllListeners('close')
      terminal.close()
      resolve(answer)
    })
  })
}

async function findingsOf(wish: SiteWish, probes: readonly Probe[], budget: Budget): Promise<Finding[]> {
  const site = await gather(wish, budget).catch((error: unknown) => {
    throw new UsageError(`${wish.url.origin} cannot be asked: ${(error as Error).message}`, { cause: error })
  })
  const seen = probes.flatMap((each) => each.check(site).map((sighting) => ({ each, sighting })))
  const drafts = seen.map(({ each, sighting }) => draftOf(each, sighting))
  const marks = fingerprints(drafts.map(({ ruleId, place, excerpt }) => ({ ruleId, path: place.path, excerpt })))
  return drafts.map((draft, index) => ({ ...draft, fingerprint: marks[index] ?? '' }))
}

function draftOf(probe: Probe, sighting: Sighting): Omit<Finding, 'fingerprint'> {
  const { url, message, evidence, secret, severity = probe.severity } = sighting
  const at = secret === undefined || secret === '' ? -1 : evidence.indexOf(secret)
  const secrets = at < 0 ? [] : [{ start: at, end: at + (secret ?? '').length }]
  const place = { path: shownUrl(url), line: 0, column: 0, endLine: 0, endColumn: 0 }
  return { ruleId: probe.id, severity, message, place, excerpt: excerptOf(evidence, secrets, 1), related: [] }
}

/** Without what follows the path: a site that leads on may have put a session or a token there. */
function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url)
  return url === origin ? url : origin + pathname
}

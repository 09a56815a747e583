import { execFile, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { createBatch } from '@ucanpay/gateway/database/batch'
import { writeKeyUse, type KeyUse } from '@ucanpay/gateway/domain/api-keys/key-use'
import { createLeakReports } from '@ucanpay/gateway/domain/api-keys/revoke-api-key'
import { writeErrorRecords, type ErrorRecord } from '@ucanpay/gateway/domain/error-records/error-record'
import { createRateLimits, type RateLimits } from '@ucanpay/gateway/http/plugins/rate-limits'
import { buildApi } from '@ucanpay/gateway/roles/api'
import { openBenchGateway, type BenchGateway } from './support/bench-gateway.ts'
import type { Load, LoadResult } from './support/load.ts'

const HELP = `npm run bench:limits

What rate limits and quotas cost: two gateways in one process, on one database, that differ only in whether limits are
judged, under the same load from another process, in turns (with, without, without, with, …). Prints the throughput of
each and the ratio of the medians, and writes bench/results/limits.json.

  --rounds N     turns of each kind, 8 where unset
  --requests N   requests of a turn, 6000 where unset
`

if (process.argv.includes('--help')) {
  process.stdout.write(HELP)
  process.exit(0)
}
const rounds = numberOf('--rounds', 8)
const requests = numberOf('--requests', 6_000)
const CONNECTIONS = 16
/** Each has the limit of an installation as it comes, 100 a second; together they are above what one process can do. */
const KEYS = 64

const NO_LIMITS: RateLimits = {
  byAddress: () => Promise.resolve(),
  byName: () => Promise.resolve(),
  byKey: () => Promise.resolve(),
}

const bench = await openBenchGateway()
const served: { close: () => Promise<void> }[] = []
try {
  const keys = await bench.addKeys(KEYS)
  const withLimits = await serve(bench, undefined)
  served.push(withLimits)
  const without = await serve(bench, NO_LIMITS)
  served.push(without)
  const order = {
    subject: 'Coffee',
    body: 'A flat white',
    totalAmt: 450,
    currency: 'CAD',
    sceneType: 'MWEB',
    notifyUrl: 'https://localhost/',
  }
  const cases = {
    'POST /payment/unifiedorder': {
      request: { method: 'POST', path: '/payment/unifiedorder', body: order },
      share: 0.25,
    },
    'GET /v1/api-keys': { request: { method: 'GET', path: '/v1/api-keys?limit=1', body: null }, share: 1 },
  } as const
  const results: Record<string, object> = {}
  for (const [name, { request, share }] of Object.entries(cases)) {
    const load = {
      caFile: bench.caFile,
      keys,
      connections: CONNECTIONS,
      requests: Math.ceil(requests * share),
      request,
    }
    results[name] = await compare(name, {
      withLimits: { ...load, url: withLimits.url },
      without: { ...load, url: without.url },
    })
  }
  const report = {
    commit: commit(),
    node: process.version,
    cpus: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    connections: CONNECTIONS,
    keys: KEYS,
    results,
  }
  writeFileSync(new URL('results/limits.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
} finally {
  for (const { close } of served) await close()
  await bench.stop()
}

async function serve(
  { gateway, config }: BenchGateway,
  limits: RateLimits | undefined,
): Promise<{ url: string; close: () => Promise<void> }> {
  const { deps } = gateway
  const { listening, signingKeys } = deps
  if (!signingKeys) throw new Error('every role is composed')
  const db = deps.pools.api
  const { pepper } = listening
  const onError = (error: unknown): void => {
    throw error
  }
  const errors = createBatch<ErrorRecord>({
    everyMs: 200,
    most: 10_000,
    write: (records) => writeErrorRecords(db, records),
    onError,
  })
  const keyUse = createBatch<KeyUse>({ everyMs: 5_000, most: 10_000, write: (uses) => writeKeyUse(db, uses), onError })
  const rateLimits = limits ?? createRateLimits({ db, limits: config.limits, pepper })
  const leaks = createLeakReports({ db, pepper })
  const app = buildApi({ ...deps, ...listening, db, errors, keyUse, rateLimits, leaks, keys: signingKeys })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: url.replace('127.0.0.1', 'localhost'),
    close: async () => {
      await app.close()
      await errors.stop()
      await keyUse.stop()
    },
  }
}

async function compare(name: string, loads: { withLimits: Load; without: Load }): Promise<object> {
  const perS: { withLimits: number[]; without: number[] } = { withLimits: [], without: [] }
  const turns = Array.from({ length: rounds }, (_, n) =>
    n % 2 === 0 ? (['withLimits', 'without'] as const) : (['without', 'withLimits'] as const),
  ).flat()
  await runLoad(loads.withLimits) // Warm both up: the first of a pair would else pay for the compiler.
  await runLoad(loads.without)
  for (const [n, kind] of turns.entries()) {
    const result = await runLoad(loads[kind])
    if (result.failures.length > 0)
      throw new Error(`${name} failed, so its figures mean nothing:\n${result.failures.join('\n')}`)
    perS[kind].push(Math.round(result.perS))
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: turn ${n + 1} of ${turns.length}  `)
  }
  const median = { withLimits: medianOf(perS.withLimits), without: medianOf(perS.without) }
  const ratio = Number((median.withLimits / median.without).toFixed(3))
  if (process.stderr.isTTY) process.stderr.write('\r')
  process.stdout.write(`${name}: ${median.withLimits}/s with limits, ${median.without}/s without: ratio ${ratio}\n`)
  return { perS, median, ratio }
}

async function runLoad(load: Load): Promise<LoadResult> {
  const file = new URL('support/load.ts', import.meta.url).pathname
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(load)])
  return JSON.parse(stdout) as LoadResult
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2
}

function numberOf(flag: string, otherwise: number): number {
  const at = process.argv.indexOf(flag)
  const value = at === -1 ? otherwise : Number(process.argv[at + 1])
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${flag} takes a whole number above 0`)
  return value
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
}

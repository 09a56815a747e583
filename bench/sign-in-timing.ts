import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { acceptInvitation } from '@ucanpay/gateway/domain/members/accept-invitation'
import { inviteMember } from '@ucanpay/gateway/domain/members/invite-member'
import { mintLinkToken } from '@ucanpay/gateway/domain/members/links'
import { Agent } from 'undici'
import { openBenchGateway, type BenchGateway } from './support/bench-gateway.ts'
import { mannWhitney, medianOf } from './support/ranks.ts'

const HELP = `npm run bench:sign-in-timing

Does the time of a refusal tell whether an address has an account? Signs in with a wrong password, for an address that is
somebody's and one that is nobody's, in turns whose order is drawn anew each time, one request at a time. Prints both
medians, their difference and the Mann-Whitney test, and writes bench/results/sign-in-timing.json.

  --pairs N   sign-ins of each kind, 400 where unset; 20 before them are not counted
`

if (process.argv.includes('--help')) {
  process.stdout.write(HELP)
  process.exit(0)
}
const at = process.argv.indexOf('--pairs')
const pairs = at === -1 ? 400 : Number(process.argv[at + 1])
if (!Number.isSafeInteger(pairs) || pairs < 10) throw new RangeError('--pairs takes a whole number from 10')
const WARM_UP = 20
/** An address is locked after ten failures, so each is tried no oftener than this; a lock is another case. */
const TRIES_OF_ONE = 8
const built = (app: string): string => fileURLToPath(new URL(`../apps/${app}/dist/`, import.meta.url))

const bench = await openBenchGateway({
  dashboardFolder: built('dashboard'),
  checkoutFolder: built('checkout'),
  trustedProxies: ['127.0.0.1'], // Each pair comes from an address of its own: their limit is not what is measured.
})
try {
  const addresses = Math.ceil((pairs + WARM_UP) / TRIES_OF_ONE)
  const known = await addMembers(bench, addresses)
  const unknown = known.map((email) => email.replace('known', 'nobody'))
  const times = await measure(bench, { known, unknown })
  const test = mannWhitney(times.known, times.unknown)
  const [knownMs, unknownMs] = [medianOf(times.known), medianOf(times.unknown)]
  const report = {
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    node: process.version,
    cpus: cpus().length,
    pairs,
    medianMs: { known: round(knownMs), unknown: round(unknownMs) },
    differenceMs: round(knownMs - unknownMs),
    mannWhitney: { z: round(test.z), p: round(test.p), probabilityThatKnownIsSlower: round(test.superiority) },
  }
  writeFileSync(new URL('./results/sign-in-timing.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
} finally {
  await bench.stop()
}

/** Members of the bench's merchant, who have set a password. @returns their addresses */
async function addMembers({ gateway: { deps }, merchantId }: BenchGateway, count: number): Promise<string[]> {
  const caller = { merchantId, mode: 'test', actor: 'operator', requestId: null, now: new Date() } as const
  const { pepper } = deps.listening
  const emails: string[] = []
  for (let n = 0; n < count; n++) {
    const email = `known${n}@example.com`
    const { linkId } = await inviteMember(deps, caller, { email, role: 'support', byMail: false })
    const minted = await mintLinkToken({ tx: deps.db, pepper }, caller, linkId)
    const wanted = { token: minted?.token ?? '', name: 'Ada', password: 'corner-Staple-42-lighthouse' }
    await acceptInvitation({ ...deps, pepper }, wanted, caller)
    emails.push(email)
  }
  return emails
}

interface Times {
  readonly known: number[]
  readonly unknown: number[]
}

/** Serves the dashboard and signs in. @returns milliseconds, in the order of the pairs */
async function measure(
  { gateway, caFile }: BenchGateway,
  emails: { known: readonly string[]; unknown: readonly string[] },
): Promise<Times> {
  const { dashboardUrl: origin } = await gateway.start()
  if (origin === undefined) throw new Error('the dashboard does not listen')
  const agent = new Agent({ connect: { ca: readFileSync(caFile), servername: 'localhost' }, connections: 1 })
  const times: Times = { known: [], unknown: [] }
  const attempt = async (kind: keyof Times, pair: number): Promise<void> => {
    const email = emails[kind][Math.floor(pair / TRIES_OF_ONE)]
    const startedAt = performance.now()
    const reply = await agent.request({
      origin,
      path: '/dashboard-api/sign-in',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.1.${pair >> 8}.${pair & 255}` },
      body: JSON.stringify({ email, password: 'not the password of anybody' }),
    })
    await reply.body.text()
    if (reply.statusCode !== 401) throw new Error(`${kind} was answered with ${reply.statusCode}`)
    if (pair >= WARM_UP) times[kind].push(performance.now() - startedAt)
  }
  try {
    for (let pair = 0; pair < pairs + WARM_UP; pair++) {
      const order: readonly (keyof Times)[] = Math.random() < 0.5 ? ['known', 'unknown'] : ['unknown', 'known']
      for (const kind of order) await attempt(kind, pair)
    }
    return times
  } finally {
    await agent.close()
  }
}

function round(value: number): number {
  return Number(value.toFixed(3))
}

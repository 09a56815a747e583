import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { Agent } from 'node:https'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import Stripe from 'stripe'
import { UCanPay, UCanPayError } from 'ucanpay-sdk'
import { benchAuthority, startAnsweringServer, type AnsweringServer, type Mishap } from './support/answering-server.ts'
import { medianOf } from './support/ranks.ts'

const HELP = `npm run bench:sdk

ucanpay-sdk as it is built beside stripe-node: time of a call, size of a bundle, lines that a merchant writes, and what
happens on each failure. Both talk to one HTTPS server in this process that answers at once, over kept connections, in
turns. Prints the report and writes bench/results/sdk-beside-stripe.json.

  --rounds N   turns of each, 12 where unset
  --calls N    calls of a turn, 200 where unset
`

if (process.argv.includes('--help')) {
  process.stdout.write(HELP)
  process.exit(0)
}
const rounds = numberOf('--rounds', 12)
const calls = numberOf('--calls', 200)

const PAYMENT = {
  subject: 'Coffee',
  body: 'Coffee',
  totalAmt: 450,
  sceneType: 'MWEB',
  notifyUrl: 'https://shop.example/n',
} as const

/** What a merchant writes to take a payment and to verify a webhook, as the two READMEs have it. */
const WRITTEN = {
  ucanpay: `import { UCanPay, keyFromFile } from 'ucanpay-sdk'
const ucanpay = new UCanPay({ apiKey: keyFromFile(keyFile), baseUrl, merchantId, privateKey })
const payment = await ucanpay.createPayment({ subject, body, totalAmt: 450, sceneType: 'MWEB', notifyUrl })
response.redirect(303, payment.payUrl)
const notification = await ucanpay.webhooks.verify(rawBody, request.headers, { secret, path: '/notifications' })`,
  stripe: `import Stripe from 'stripe'
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY)
const line_items = [{ price_data: { currency: 'cad', unit_amount: 450, product_data: { name: 'Coffee' } }, quantity: 1 }]
const session = await stripe.checkout.sessions.create({ mode: 'payment', line_items, success_url })
response.redirect(303, session.url)
const event = stripe.webhooks.constructEvent(rawBody, request.headers['stripe-signature'], secret)`,
}

const authority = await benchAuthority()
const ca = authority.certificate.toString('pem')
const server = await startAnsweringServer(authority)
const stranger = await startAnsweringServer(await benchAuthority())
try {
  const report = {
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    node: process.version,
    cpus: cpus().length,
    rounds,
    callsOfARound: calls,
    msPerCall: await timeCalls(),
    bundleBytes: { ucanpay: await sizeOf('ucanpay-sdk'), stripe: await sizeOf('stripe') },
    linesWritten: { ucanpay: WRITTEN.ucanpay.split('\n').length, stripe: WRITTEN.stripe.split('\n').length },
    failures: await observeFailures(),
  }
  const text = `${JSON.stringify(report, null, 2)}\n`
  writeFileSync(new URL('./results/sdk-beside-stripe.json', import.meta.url), text)
  process.stdout.write(text)
} finally {
  server.close()
  stranger.close()
}

function numberOf(name: string, unset: number): number {
  const at = process.argv.indexOf(name)
  const value = at === -1 ? unset : Number(process.argv[at + 1])
  if (!Number.isSafeInteger(value) || value < 1 || value > 10_000) throw new RangeError(`${name} takes 1 to 10000`)
  return value
}

/** The clients, each set up by its own document; only the trust in the bench's authority is added. */
function clientsOf({ port }: AnsweringServer, timeoutMs = 10_000) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const reach = { apiKey: 'ucp_sk_test_bench', baseUrl: `https://localhost:${port}`, ca, timeoutMs }
  const httpAgent = new Agent({ keepAlive: true, ca })
  return {
    signing: new UCanPay({ ...reach, merchantId: 'M1', privateKey }),
    unsigning: new UCanPay(reach),
    stripe: new Stripe('sk_test_bench', { host: 'localhost', port, httpAgent, timeout: timeoutMs, telemetry: false }),
  }
}

async function timeCalls() {
  const { signing, unsigning, stripe } = clientsOf(server)
  const kinds: Record<string, () => PromiseLike<unknown>> = {
    'create: ucanpay, request signed': () => signing.payments.create(PAYMENT),
    'create: ucanpay': () => unsigning.payments.create(PAYMENT),
    'create: stripe': () => stripe.paymentIntents.create({ amount: 450, currency: 'cad' }),
    'retrieve: ucanpay': () => unsigning.payments.retrieve('A1'),
    'retrieve: stripe': () => stripe.paymentIntents.retrieve('pi_1'),
  }
  const times = new Map<string, number[]>(Object.keys(kinds).map((kind) => [kind, []]))
  for (let round = 0; round <= rounds; round++) {
    // Turns go forth and back, so that what the machine does meanwhile meets all alike.
    const order = Object.entries(kinds)
    for (const [kind, call] of round % 2 === 0 ? order : order.reverse()) {
      for (let count = 0; count < calls; count++) {
        const startedAt = performance.now()
        await call()
        if (round > 0) times.get(kind)?.push(performance.now() - startedAt) // The first warms up.
      }
      server.seen.length = 0
    }
  }
  const figures = [...times].map(([kind, values]) => {
    const sorted = [...values].sort((a, b) => a - b)
    return [
      kind,
      { p50: round3(medianOf(values)), p95: round3(sorted[Math.floor(sorted.length * 0.95)] ?? 0) },
    ] as const
  })
  const p50 = (kind: string): number => medianOf(times.get(kind) ?? [])
  const ratio = (a: string, b: string): number => round3(p50(a) / p50(b))
  return {
    ...Object.fromEntries(figures),
    ratiosOfP50: {
      'create, signed': ratio('create: ucanpay, request signed', 'create: stripe'),
      create: ratio('create: ucanpay', 'create: stripe'),
      retrieve: ratio('retrieve: ucanpay', 'retrieve: stripe'),
    },
  }
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000
}

async function sizeOf(name: string): Promise<{ minified: number; gzip: number }> {
  const contents = `import * as sdk from '${name}'; globalThis.sdk = sdk`
  const stdin = { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) }
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'esm',
  })
  const [file] = outputFiles
  if (!file) throw new Error('esbuild made nothing')
  return { minified: file.contents.length, gzip: gzipSync(file.contents, { level: 9 }).length }
}

interface Failing {
  readonly at?: AnsweringServer
  readonly mishap?: Mishap
  readonly unsigned?: boolean
  readonly timeoutMs?: number
}

async function observeFailures() {
  const first = (act: (response: ServerResponse) => void): Mishap => {
    return (count, response) => {
      if (count > 1) return undefined
      act(response)
      return 'taken'
    }
  }
  // Each in the words of both.
  const refusal = (status: number): string => {
    const error = { type: 'api_error', message: 'A sentence.' }
    return JSON.stringify({
      code: status,
      msg: status === 429 ? 'FREQUENCY_LIMITED' : 'SYSTEMERROR',
      message: 'x',
      error,
    })
  }
  const cases: Record<string, Failing> = {
    'first answer lost': { mishap: first((response) => response.destroy()) },
    'first answer 500': { mishap: first((response) => void response.writeHead(500).end(refusal(500))) },
    'first answer 429, Retry-After: 2': {
      mishap: first((response) => void response.writeHead(429, { 'retry-after': '2' }).end(refusal(429))),
    },
    'first answer never (limit 300 ms)': { mishap: first(() => undefined), timeoutMs: 300 },
    'certificate of another authority': { at: stranger },
    'answer is no JSON': {
      mishap: (_count, response) => {
        response.end('<html>')
        return 'taken'
      },
    },
    'answer is not signed': { unsigned: true },
  }
  const observed: Record<string, Record<string, string>> = {}
  for (const [name, failing] of Object.entries(cases)) {
    const at = failing.at ?? server
    const { signing, stripe } = clientsOf(at, failing.timeoutMs)
    const calls = {
      ucanpay: () => signing.payments.create(PAYMENT),
      stripe: () => stripe.paymentIntents.create({ amount: 450, currency: 'cad' }),
    }
    const row: Record<string, string> = {}
    for (const [kind, call] of Object.entries(calls)) {
      at.seen.length = 0
      Object.assign(at, { mishap: failing.mishap, unsigned: failing.unsigned ?? false })
      row[kind] = await observe(at, call)
    }
    Object.assign(at, { mishap: undefined, unsigned: false })
    observed[name] = row
  }
  return observed
}

/** What became of a call: its end, how often it was asked, under how many idempotency keys, and how long it took. */
async function observe({ seen }: AnsweringServer, call: () => Promise<unknown>): Promise<string> {
  const startedAt = performance.now()
  const end = await call().then(
    () => 'answered',
    (error: unknown) => (error instanceof UCanPayError ? error.name : (error as Error).constructor.name),
  )
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const keys = new Set(seen.map(({ idempotencyKey }) => idempotencyKey ?? '')).size
  return `${end}; ${seen.length} requests under ${keys} keys; ${seconds} s`
}

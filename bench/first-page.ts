import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { freePorts, newHome, removeHome, startSandbox, type Sandbox } from '../test/support/sandbox.ts'
import { openBenchGateway, type BenchGateway } from './support/bench-gateway.ts'
import { FLOOR_READY, writeFloorPages } from './support/floor-pages.ts'
import { medianOf } from './support/ranks.ts'

const HELP = `npm run bench:first-page

How long until the dashboard can be used: in Chromium with nothing cached, from the navigation to the first list with its
rows there, on the main thread's word that it is free. Also what the JavaScript weighs as it is sent, and how long the
page's main thread was at work, which neighbours on the machine change little. The gateway and the browser share this
machine, and a debugger looks on. In turns with them, what the machine takes for any page: an empty one that our gateway
serves, and one where React alone draws a table. Prints the figures and writes bench/results/first-page.json.

  --rounds N   navigations of each page, 10 where unset
`

if (process.argv.includes('--help')) {
  process.stdout.write(HELP)
  process.exit(0)
}
const at = process.argv.indexOf('--rounds')
const rounds = at === -1 ? 10 : Number(process.argv[at + 1])
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new RangeError('--rounds takes a whole number above 0')
const CHROMIUM = '/usr/bin/chromium'
const ORDERS = 60

const home = newHome()
let browser: Browser | undefined
let sandbox: Sandbox | undefined
let floor: BenchGateway | undefined
try {
  const floorFolder = join(home, 'floor')
  await writeFloorPages(floorFolder)
  floor = await openBenchGateway({ role: 'dashboard', dashboardFolder: floorFolder })
  const { dashboardUrl: floorUrl } = await floor.gateway.start()
  if (floorUrl === undefined) throw new Error('the floor pages are not served')
  sandbox = await startSandbox(home, await freePorts())
  await placeOrders(sandbox)
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  const cookie = await signIn(browser, sandbox)
  const { dashboardUrl } = sandbox.dev
  const pages: Record<string, Wanted> = {
    'floor: empty': { url: `${floorUrl}/empty`, ready: FLOOR_READY, cookie: undefined },
    'floor: React alone': { url: `${floorUrl}/react`, ready: FLOOR_READY, cookie: undefined },
    'sign-in': { url: `${dashboardUrl}/sign-in`, ready: 'input[type=password]', cookie: undefined },
    payments: { url: `${dashboardUrl}/payments`, ready: 'tbody tr a', cookie },
    home: { url: `${dashboardUrl}/`, ready: '.home-figures .home-figure-value', cookie },
  }
  const taken = new Map<string, Taken[]>(Object.keys(pages).map((name) => [name, []]))
  // The first of each, when nothing is warm in the gateway either, does not count.
  for (let round = 0; round <= rounds; round++)
    for (const [name, wanted] of Object.entries(pages)) {
      const one = await navigate(browser, wanted)
      if (round > 0) taken.get(name)?.push(one)
    }
  const results = Object.fromEntries([...taken].map(([name, all]) => [name, summaryOf(all)]))
  const report = {
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    node: process.version,
    chromium: browser.version(),
    cpus: cpus().length,
    loadAverage: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
    rounds,
    results,
  }
  writeFileSync(new URL('./results/first-page.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
} finally {
  await browser?.close()
  await sandbox?.stop()
  await floor?.stop()
  removeHome(home)
}

async function placeOrders(shop: Sandbox): Promise<void> {
  for (let n = 0; n < ORDERS; n++)
    await shop.post('/payment/unifiedorder', {
      subject: `Coffee ${n}`,
      body: 'Coffee',
      totalAmt: 450 + n,
      sceneType: 'MWEB',
      notifyUrl: `${shop.dev.shopUrl}/notifications`,
    })
}

type Cookie = Awaited<ReturnType<ReturnType<Page['context']>['cookies']>>[number]

async function signIn(running: Browser, { dev }: Sandbox): Promise<Cookie | undefined> {
  const context = await running.newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  await page.goto(`${dev.dashboardUrl}/sign-in`)
  await page.getByLabel('E-mail address').fill(dev.adminEmail)
  await page.getByLabel('Password', { exact: true }).fill(dev.adminPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.locator('.member-button').waitFor()
  const [cookie] = await context.cookies()
  await context.close()
  return cookie
}

interface Wanted {
  readonly url: string
  /** What is there when the page can be used. */
  readonly ready: string
  readonly cookie: Cookie | undefined
}

interface Taken {
  readonly readyMs: number
  /** Processor time of the page's main thread. */
  readonly mainThreadMs: number
  /** As sent, brotli. */
  readonly scriptBytes: number
  readonly requests: number
}

function summaryOf(taken: readonly Taken[]): object {
  const ms = taken.map(({ readyMs }) => readyMs)
  return {
    medianMs: Math.round(medianOf(ms)),
    fastestMs: Math.round(Math.min(...ms)),
    slowestMs: Math.round(Math.max(...ms)),
    mainThreadMs: Math.round(medianOf(taken.map(({ mainThreadMs }) => mainThreadMs))),
    scriptKB: Math.round(medianOf(taken.map(({ scriptBytes }) => scriptBytes)) / 100) / 10,
    requests: medianOf(taken.map(({ requests }) => requests)),
  }
}

/** One navigation in a profile of its own, so that nothing is cached, not even a connection. */
async function navigate(running: Browser, wanted: Wanted): Promise<Taken> {
  const context = await running.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 } })
  if (wanted.cookie) await context.addCookies([wanted.cookie])
  const page = await context.newPage()
  // Noted by the page itself, at the first frame after what is waited for is there: no round trip of ours is counted.
  await page.addInitScript((selector) => {
    const { document, requestAnimationFrame } = globalThis as unknown as {
      document: { querySelector: (selector: string) => unknown }
      requestAnimationFrame: (run: () => void) => void
    }
    const look = (): void => {
      if (document.querySelector(selector) === null) requestAnimationFrame(look)
      else setTimeout(() => Object.assign(globalThis, { readyMs: performance.now() }))
    }
    requestAnimationFrame(look)
  }, wanted.ready)
  const debuggerSession = await context.newCDPSession(page)
  await debuggerSession.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(wanted.url)
  const taken = await page.evaluate<Omit<Taken, 'mainThreadMs'>>(`(async () => {
    while (globalThis.readyMs === undefined) await new Promise((resolve) => setTimeout(resolve, 20))
    const entries = performance.getEntriesByType('resource')
    const scripts = entries.filter(({ name }) => name.endsWith('.js'))
    return {
      readyMs: globalThis.readyMs,
      scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      requests: entries.length + 1,
    }
  })()`)
  const { metrics } = await debuggerSession.send('Performance.getMetrics')
  const taskS = metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? Number.NaN
  await context.close()
  return { ...taken, mainThreadMs: taskS * 1_000 }
}

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encryptCard, type CardKey } from '@ucanpay/wire/encrypted-card'
import { Agent, request } from 'undici'
import { freePorts, type Sandbox } from '../support/sandbox.ts'

/** A shop that runs beside a sandbox, and a browser's worth of cookies for it. */
export interface RunningShop {
  readonly url: string
  /** Where it keeps its log and its mails. */
  readonly data: string
  /** Asks it for a page, or sends it a form; cookies are kept, redirects are not followed. */
  ask(path: string, form?: Record<string, string>): Promise<{ status: number; location: string; text: string }>
  stop(): Promise<void>
}

/** Starts the shop of a folder: the example itself, or what the tutorial made of a copy. */
export async function startShop(folder: string, sandbox: Sandbox): Promise<RunningShop> {
  const port = await freePorts()
  const data = mkdtempSync(join(tmpdir(), 'unsafe-shop-'))
  const child = spawn(process.execPath, [join(folder, 'src', 'main.js')], {
    cwd: folder,
    env: { ...shopEnvironment(sandbox), SHOP_PORT: String(port), SHOP_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await Promise.race([
    new Promise((resolve) => child.once('message', resolve)),
    ended.then(() => {
      throw new Error(`the shop ended:\n${output}`)
    }),
  ])
  const url = `http://127.0.0.1:${port}`
  const cookies = new Map<string, string>()
  return {
    url,
    data,
    async ask(path, form) {
      const reply = await fetch(url + path, {
        method: form ? 'POST' : 'GET',
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...fromItself(url) },
        ...(form ? { body: new URLSearchParams(form) } : {}),
      })
      for (const each of reply.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? []
        cookies.set(name, value)
      }
      return { status: reply.status, location: reply.headers.get('location') ?? '', text: await reply.text() }
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** What a browser says of a form of the shop's own page. */
function fromItself(url: string): Record<string, string> {
  return { origin: url, 'sec-fetch-site': 'same-origin' }
}

/** What the shop is told by the machine that it runs on; the tutorial's shop takes its secrets from here. */
export function shopEnvironment({ home }: Pick<Sandbox, 'home'>): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    UCANPAY_DEV_JSON: join(home, 'dev.json'),
    STAFF_PASSWORD: 'correct horse battery staple',
    SHOP_DATA_KEY: Buffer.alloc(32, 7).toString('base64'),
  }
}

/** Pays an order at the checkout, as its page does. */
export async function payAt(payUrl: string, sandbox: Sandbox): Promise<string> {
  const agent = new Agent({ connect: { ca: readFileSync(sandbox.dev.caFile, 'utf8') } })
  const orderUrl = payUrl.replace('/pay/', '/checkout-api/orders/')
  const shown = (await (await request(orderUrl, { dispatcher: agent })).body.json()) as { cardKey: CardKey }
  const card = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2030, securityCode: '737', holderName: 'Ada' }
  const encryptedCard = await encryptCard(card, { key: shown.cardKey, context: payUrl.split('/').at(-1) ?? '' })
  const paid = await request(`${orderUrl}/pay`, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ encryptedCard }),
  })
  const { tradeStatus } = (await paid.body.json()) as { tradeStatus: string }
  await agent.close()
  return tradeStatus
}

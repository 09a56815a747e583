import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../apps/gateway/test/support/free-port.ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

const FOLDER = fileURLToPath(new URL('next-shop/', import.meta.url))
const NEXT = fileURLToPath(new URL('node_modules/next/dist/bin/next', import.meta.url))
const SECRET = `whsec_${randomBytes(24).toString('base64')}`
const TAKEN_FILE = join(mkdtempSync(join(tmpdir(), 'ucanpay-next-')), 'taken')
const LONGEST_MS = 240_000

let server: ChildProcess
let url: string

beforeAll(async () => {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: tmpdir(),
    NODE_ENV: 'production' as const,
    NEXT_TELEMETRY_DISABLED: '1',
    UCANPAY_WEBHOOK_SECRET: SECRET,
    TAKEN_FILE,
  }
  removeMade()
  execFileSync(process.execPath, [NEXT, 'build'], { cwd: FOLDER, env, stdio: 'pipe', timeout: LONGEST_MS })
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  server = spawn(process.execPath, [NEXT, 'start', '-H', '127.0.0.1', '-p', String(port)], { cwd: FOLDER, env })
  await vi.waitUntil(() => answers(url), { timeout: 60_000, interval: 200 })
}, LONGEST_MS)

afterAll(() => {
  server.kill('SIGTERM')
  removeMade()
})

/** What a build leaves beside the sources. */
function removeMade(): void {
  for (const name of ['.next', 'next-env.d.ts', 'tsconfig.tsbuildinfo']) {
    rmSync(join(FOLDER, name), { recursive: true, force: true })
  }
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).ok
  } catch {
    return false // Not yet.
  }
}

function notification(outTradeNo: string, secret = SECRET): { body: string; headers: Record<string, string> } {
  const id = `msg_${randomBytes(12).toString('hex')}`
  const timestamp = String(Math.floor(Date.now() / 1000))
  const body = JSON.stringify({
    code: 0,
    msg: 'SUCCESS',
    data: { outTradeNo, tradeStatus: 'SUCCESS', body: 'Ünïcode ☕' },
  })
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
  }
}

function takenOf(outTradeNo: string): number {
  if (!existsSync(TAKEN_FILE)) return 0
  return readFileSync(TAKEN_FILE, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith(` ${outTradeNo}`)).length
}

describe.each(['/notifications', '/api/notifications'])('Next.js, built and started: %s', (path) => {
  const send = async (parts: { body: string; headers: Record<string, string> }): Promise<[number, string]> => {
    const answer = await fetch(url + path, { method: 'POST', ...parts })
    return [answer.status, await answer.text()]
  }
  const name = path.replaceAll('/', '')

  test('takes a notification once, however often it comes', async () => {
    const parts = notification(`${name}1`)
    expect(await send(parts)).toEqual([200, '{"return_code":"SUCCESS"}'])
    expect(await send(parts)).toEqual([200, '{"return_code":"SUCCESS"}'])
    expect(takenOf(`${name}1`)).toBe(1)
  })

  test('refuses what somebody else has signed, what was changed, and what is too long', async () => {
    const foreign = notification(`${name}2`, `whsec_${randomBytes(24).toString('base64')}`)
    expect(await send(foreign)).toEqual([401, '{"return_code":"FAIL"}'])
    const parts = notification(`${name}2`)
    expect(await send({ ...parts, body: parts.body.replace('☕', '🍵') })).toEqual([401, '{"return_code":"FAIL"}'])
    const long = 'x'.repeat(300 * 1024)
    expect((await send({ ...parts, body: long }))[0]).toBe(413)
    expect(takenOf(`${name}2`)).toBe(0)
  })

  test('answers a GET with a refusal', async () => {
    expect((await fetch(url + path)).status).toBe(405)
  })
})

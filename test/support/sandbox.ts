import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Agent, request } from 'undici'

/** What a sandbox writes for developers (contract §8). */
export type DevJson = Record<
  | 'apiUrl'
  | 'checkoutUrl'
  | 'dashboardUrl'
  | 'shopUrl'
  | 'caFile'
  | 'merchantId'
  | 'secretKey'
  | 'publishableKey'
  | 'merchantPrivateKeyFile'
  | 'platformPublicKeyFile'
  | 'webhookSecret'
  | 'adminEmail'
  | 'adminPassword'
  | 'databaseUrl'
  | 'logFile',
  string
>

/** A sandbox as `npm start` runs it: real processes on a folder of its own. */
export interface Sandbox {
  readonly home: string
  readonly dev: DevJson
  readonly process: ChildProcess
  /** POSTs a body with the secret key, or another one. */
  post(path: string, body: object, key?: string): Promise<{ status: number; body: Record<string, never> }>
  /** SIGTERM, and waits for the end. @returns the exit code */
  stop(): Promise<number | null>
  /** SIGKILL of the gateway itself. The database runs on, as it does after a crash. */
  kill(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
const READY_LIMIT_MS = 60_000

/** A folder for a sandbox; the caller removes it with `removeHome`. */
export function newHome(): string {
  return mkdtempSync(join(tmpdir(), 'ucanpay-e2e-'))
}

export function removeHome(home: string): void {
  rmSync(home, { recursive: true, force: true })
}

/** Four free ports in a row. */
export async function freePorts(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const first = 20_000 + Math.floor(Math.random() * 20_000)
    const free = await Promise.all([0, 1, 2, 3].map((offset) => isFree(first + offset)))
    if (free.every(Boolean)) return first
  }
  throw new Error('no four free ports in a row')
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Starts a sandbox and waits until it says that it is up. */
export async function startSandbox(home: string, port: number): Promise<Sandbox> {
  const child = launch(home, port)
  const output = await ready(child)
  if (child.exitCode !== null) throw new Error(`the sandbox ended:\n${output}`)
  const dev = JSON.parse(readFileSync(join(home, 'dev.json'), 'utf8')) as DevJson
  const agent = new Agent({ connect: { ca: readFileSync(dev.caFile, 'utf8') } })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    home,
    dev,
    process: child,
    async post(path, body, key = dev.secretKey) {
      const reply = await request(dev.apiUrl + path, {
        method: 'POST',
        dispatcher: agent,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      })
      return { status: reply.statusCode, body: (await reply.body.json()) as Record<string, never> }
    },
    async stop() {
      await agent.close()
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
      await agent.destroy()
      await sleep(300) // The shop notices that its parent is gone, and lets go of its port.
    },
  }
}

/** Starts the process without waiting for anything. */
export function launch(home: string, port: number): ChildProcess {
  return spawn(process.execPath, [MAIN, 'sandbox'], {
    env: { PATH: process.env['PATH'], UCANPAY_HOME: home, UCANPAY_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** What a starting sandbox prints, until it is up or has ended. */
export function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const timer = setTimeout(() => reject(new Error(`not up in time:\n${output}`)), READY_LIMIT_MS)
    const done = (): void => {
      clearTimeout(timer)
      resolve(output)
    }
    const read = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
      if (output.includes('UCanPay is up')) done()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', done)
  })
}

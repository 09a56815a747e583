import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { childEnvironment, ROOT } from '../config.ts'

/** The demo shop, in a process of its own, as a merchant's server is. */
export interface RunningShop {
  stop(): Promise<void>
}

const STOP_LIMIT_MS = 5_000

/**
 * Starts the demo shop. It ends when the channel to us does, so it never outlives us.
 *
 * @throws Error where it ends before it is ready
 */
export async function runShop(told: Readonly<Record<string, string>>): Promise<RunningShop> {
  const child = fork(join(ROOT, 'examples', 'shop', 'src', 'main.ts'), {
    env: childEnvironment(told),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the demo shop ended at its start, with code ${String(code)}`)))
  })
  return { stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
  await ended
  clearTimeout(timer)
}

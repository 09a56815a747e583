/** `npm start`: all set-up, then a sandbox gateway. Arguments are passed on. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { bootstrap, environmentFor, ROOT } from './bootstrap.mjs'

const main = join(ROOT, 'apps', 'cli', 'src', 'main.ts')
const args = ['sandbox', ...process.argv.slice(2)]

if (process.env.npm_lifecycle_event !== undefined) endWithParent()
const { node } = await bootstrap()
if (node === process.execPath) {
  process.argv = [node, main, ...args]
  await import(pathToFileURL(main).href)
} else {
  runUnder(node)
}

/** Runs it under another Node.js as if it were ourselves: same terminal, same signals, same exit code. */
function runUnder(node) {
  const child = spawn(node, [main, ...args], {
    env: environmentFor(node),
    // The channel is how the child learns of our death, even by SIGKILL: it ends itself when the channel closes.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // A process group of its own: else Ctrl-C would reach it twice, from the terminal and from us, and twice means "at once".
    detached: true,
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    console.error(`ucanpay: ${node} does not run: ${error.message}`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

/** Where npm started us and is killed outright, nobody would pass a signal on; so we look whether it is there. */
function endWithParent() {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  timer.unref()
}

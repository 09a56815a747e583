import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '@ucanpay/gateway/config'

/** Where this installation's files are. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** What `ucanpay sandbox` is told from outside. */
export interface SandboxConfig {
  /** Everything that the sandbox keeps. */
  readonly home: string
  /** The API's port; checkout, dashboard and shop take the next three. */
  readonly port: number
  /** Far above what a developer's machine can do, so that a load test measures the gateway and not its limits. */
  readonly limits: Config['limits']
}

const DEFAULT_PORT = 8443

/**
 * Reads the sandbox's two settings: `UCANPAY_HOME` (`.ucanpay` where unset) and `UCANPAY_PORT` (8443).
 *
 * @throws RangeError that says what to set
 */
export function readSandboxConfig(): SandboxConfig {
  const port = process.env['UCANPAY_PORT'] ?? String(DEFAULT_PORT)
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) < 1024 || Number(port) > 65_532) {
    throw new RangeError('UCANPAY_PORT is not a number from 1024 to 65532: the three ports after it are used as well.')
  }
  return {
    home: resolve(process.env['UCANPAY_HOME'] ?? resolve(ROOT, '.ucanpay')),
    port: Number(port),
    limits: readLimits(),
  }
}

function readLimits(): Config['limits'] {
  const read = (name: string): number => {
    const text = process.env[name] ?? '100000'
    if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new RangeError(`${name} is not a number from 1 to 999999.`)
    return Number(text)
  }
  return { perKeyPerS: read('UCANPAY_RATE_LIMIT'), perIpPerS: read('UCANPAY_IP_RATE_LIMIT'), failuresInARow: 20 }
}

/** The environment that a child process of ours gets: the way to its programs, and what it is told. */
export function childEnvironment(told: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LANG: process.env['LANG'], ...told }
}

import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readKeptFile, readKeySources, type Config, type KeySources } from '@ucanpay/gateway/config'

/** Where this installation's files are. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** The built front ends. */
export const FRONT_ENDS = {
  checkoutFolder: join(ROOT, 'apps', 'checkout', 'dist'),
  dashboardFolder: join(ROOT, 'apps', 'dashboard', 'dist'),
}

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

/** Where an installation is, and how to read its keys. */
export interface InstallationPlace {
  readonly databaseUrl: string
  readonly keyStoreUrl: string | undefined
  readonly keySources: KeySources
  readonly signingKeys: () => string
  /** Where the API answers, and the certificates to trust for it beside the usual roots. */
  readonly apiUrl: string
  /** The dashboard's origin, for links. */
  readonly dashboardUrl: string
  readonly caFile: string | undefined
  readonly logFile: string | undefined
  /** Files that hold secrets. */
  readonly secretFiles: readonly string[]
  /** True where an environment variable turns certificate checks off for everything in the process. */
  readonly verificationOff: boolean
  /** The sandbox's own folder; undefined where the environment names an installation. */
  readonly sandboxHome: string | undefined
}

/**
 * Finds the installation that commands work on: the one of `DATABASE_URL`, `UCANPAY_KEY_RING` and
 * `UCANPAY_SIGNING_KEYS`; where `DATABASE_URL` is not set, the sandbox in `UCANPAY_HOME` (`.ucanpay` where unset).
 *
 * @throws RangeError that says what to set
 */
export function readInstallation(): InstallationPlace {
  const databaseUrl = process.env['DATABASE_URL']
  return databaseUrl === undefined || databaseUrl === '' ? sandboxOf(readHome()) : installationOf(databaseUrl)
}

function readHome(): string {
  return resolve(process.env['UCANPAY_HOME'] ?? resolve(ROOT, '.ucanpay'))
}

function isVerificationOff(): boolean {
  return process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
}

function installationOf(databaseUrl: string): InstallationPlace {
  const value = (name: string): string | undefined => (process.env[name] === '' ? undefined : process.env[name])
  const signingKeys = (): string => {
    const file = value('UCANPAY_SIGNING_KEYS')
    if (file === undefined) throw new RangeError('UCANPAY_SIGNING_KEYS is not set: give the path of the file')
    return readKeptFile(file)
  }
  const keySources = readKeySources(process.env, [])
  const secrets = ['UCANPAY_TLS_KEY', 'UCANPAY_SIGNING_KEYS', 'UCANPAY_KEY_RING'].map(value)
  return {
    databaseUrl,
    keyStoreUrl: value('UCANPAY_KEY_STORE_URL'),
    keySources,
    signingKeys,
    apiUrl: value('UCANPAY_API_URL') ?? `https://localhost:${value('UCANPAY_PORT') ?? String(DEFAULT_PORT)}`,
    dashboardUrl:
      value('UCANPAY_DASHBOARD_URL') ?? `https://localhost:${Number(value('UCANPAY_PORT') ?? DEFAULT_PORT) + 2}`,
    caFile: value('UCANPAY_CA_FILE'),
    logFile: value('UCANPAY_LOG_FILE'),
    secretFiles: secrets.filter((file) => file?.startsWith('/')).map(String),
    verificationOff: isVerificationOff(),
    sandboxHome: undefined,
  }
}

function sandboxOf(home: string): InstallationPlace {
  const devJson = join(home, 'dev.json')
  if (!existsSync(devJson)) {
    throw new RangeError('DATABASE_URL is not set, and there is no sandbox here: set it, or run npm start first.')
  }
  const dev = JSON.parse(readFileSync(devJson, 'utf8')) as Record<
    'databaseUrl' | 'apiUrl' | 'dashboardUrl' | 'caFile' | 'logFile',
    string
  >
  const { databaseUrl, apiUrl, dashboardUrl, caFile, logFile } = dev
  const key = (name: string): string => join(home, 'keys', name)
  return {
    databaseUrl,
    keyStoreUrl: undefined,
    keySources: sandboxKeySources(home),
    signingKeys: () => readKeptFile(key('signing-keys.json')),
    apiUrl,
    dashboardUrl,
    caFile,
    logFile,
    secretFiles: [key('key-ring.json'), key('signing-keys.json'), key('merchant-private-key.pem'), devJson],
    verificationOff: isVerificationOff(),
    sandboxHome: home,
  }
}

/** The sandbox's key ring. */
export function sandboxKeySources(home: string): KeySources {
  const reading = { readFile: readKeptFile, readEnvironment: () => undefined }
  return { active: join(home, 'keys', 'key-ring.json'), previous: [], reading }
}

/** The environment that a child process of ours gets: the way to its programs, and what it is told. */
export function childEnvironment(told: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LANG: process.env['LANG'], ...told }
}

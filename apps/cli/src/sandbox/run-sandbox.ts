import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateKeyRing } from '@ucanpay/vault/key-ring'
import { compose, type Gateway } from '@ucanpay/gateway/compose'
import type { Config } from '@ucanpay/gateway/config'
import { DatabaseInUseError, EmbeddedDatabaseError } from '@ucanpay/gateway/database/embedded/errors'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '@ucanpay/gateway/database/embedded/start'
import { migrateDatabase } from '@ucanpay/gateway/database/pools'
import { generatePlatformKeySet, parsePlatformKeys } from '@ucanpay/gateway/domain/signatures/platform-keys'
import { InstallationKeyError } from '@ucanpay/gateway/domain/sealing/installation-keys'
import { MigrationError } from '@ucanpay/gateway/database/migrate'
import { KeySourceError } from '@ucanpay/vault/key-encryption'
import { createLog, openLogFile } from '@ucanpay/gateway/observability/log'
import { FRONT_ENDS, readSandboxConfig, sandboxKeySources, type SandboxConfig } from '../config.ts'
import { ensureDevelopmentCertificates } from './development-ca.ts'
import type { DevJson } from './dev-json.ts'
import { greeting } from './greeting.ts'
import { runShop } from './run-shop.ts'
import { ensureSecretFile, readIfThere, writeWhole } from '../secret-files.ts'
import { seedSandbox, type SandboxCredentials } from './seed.ts'

const HELP = `ucanpay sandbox (npm start)

Starts a whole test gateway on this machine: API, checkout, worker and a demo shop, over HTTPS, on an embedded
PostgreSQL. Everything it keeps is in one folder; a second start finds it again. Ctrl-C or SIGTERM stops it.

  UCANPAY_PORT   the API's port, 8443 where unset; checkout, dashboard and shop take the next three
  UCANPAY_HOME   the folder, .ucanpay where unset; with another port and folder a second one runs beside the first
`

const IN_USE_TRIES = 4

/**
 * Runs the sandbox until it is told to stop.
 *
 * @returns the exit code
 */
export async function runSandbox(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP)
    return 0
  }
  const startedAt = performance.now()
  const stopped = untilToldToStop() // From here on a signal is not lost, however early it comes.
  const stops: (() => Promise<unknown>)[] = []
  try {
    const dev = await start(readSandboxConfig(), stops)
    process.stdout.write(greeting({ dev, home: readSandboxConfig().home }, (performance.now() - startedAt) / 1000))
    await stopped
    process.stdout.write('Stopping …\n')
    return 0
  } catch (error) {
    process.stderr.write(`\nThe sandbox cannot start. ${advice(error)}\n`)
    return 1
  } finally {
    // Backwards: the database, which was there first, goes last.
    for (const stop of stops.reverse()) await stop()
  }
}

async function start(sandbox: SandboxConfig, stops: (() => Promise<unknown>)[]): Promise<DevJson> {
  const { home, port } = sandbox
  // Where we are root, PostgreSQL's own account has to get through to its folder; what is secret has modes of its own.
  await mkdir(home, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  const keyFolder = join(home, 'keys')
  const [database, certificates, signingKeys, merchantPrivateKey] = await Promise.all([
    ownDatabase(join(home, 'postgresql')),
    ensureDevelopmentCertificates(join(home, 'tls')),
    ensureSecretFile(join(keyFolder, 'signing-keys.json'), () => generatePlatformKeySet(new Date())),
    ensureSecretFile(join(keyFolder, 'merchant-private-key.pem'), newMerchantKey),
    ensureSecretFile(join(keyFolder, 'key-ring.json'), generateKeyRing),
    ensureSecretFile(shopKeyRingOf(home), generateKeyRing),
  ])
  stops.push(() => database.stop())
  const files = {
    caFile: certificates.caFile,
    merchantPrivateKeyFile: join(keyFolder, 'merchant-private-key.pem'),
    platformPublicKeyFile: join(keyFolder, 'platform-public-key.pem'),
    logFile: join(home, 'gateway.log'),
  }
  const urls = urlsOf(port)
  const config: Config = {
    role: 'all',
    host: '127.0.0.1',
    apiPort: port,
    checkoutPort: port + 1,
    dashboardPort: port + 2,
    httpPort: undefined,
    trustedProxies: [],
    limits: sandbox.limits,
    checkoutUrl: urls.checkoutUrl,
    dashboardUrl: urls.dashboardUrl,
    mail: { kind: 'folder', folder: join(home, 'mail') },
    databaseUrl: database.databaseUrl,
    databaseConnections: 10,
    keyStoreUrl: undefined,
    tlsCert: readFileSync(certificates.certFile, 'utf8'),
    tlsKey: readFileSync(certificates.keyFile, 'utf8'),
    keySources: sandboxKeySources(home),
    vault: undefined,
    vaultPort: port + 4,
    vaultClientCa: undefined,
    signingKeys,
    extraCa: [readFileSync(certificates.caFile, 'utf8')],
    securityText: securityTextFor(urls.dashboardUrl),
    logFile: files.logFile,
    ...FRONT_ENDS,
  }
  await migrateDatabase(config)
  const gateway = await compose(config, createLog(openLogFile(files.logFile)))
  stops.push(() => gateway.stop())
  await writeWhole(files.platformPublicKeyFile, platformPublicKey(signingKeys), 0o644)
  const credentials = await seed(gateway, { home, merchantPrivateKey })
  const dev: DevJson = { ...urls, ...credentials, ...files, databaseUrl: database.databaseUrl }
  await writeWhole(join(home, 'dev.json'), `${JSON.stringify(dev, null, 2)}\n`, 0o600)
  await writeWhole(join(home, 'dev.env'), environmentFile(merchantEnvironment(dev)), 0o600)
  await gateway.start()
  const shop = await runShop(shopEnvironment(dev, { home, port: port + 3, ...certificates }))
  stops.push(() => shop.stop())
  return dev
}

/** In a sandbox there is nobody else to tell. */
function securityTextFor(contact: string): string {
  const expires = new Date(Date.now() + 90 * 86_400_000)
  return `Contact: ${contact}\nExpires: ${expires.toISOString()}\n`
}

function urlsOf(port: number): Pick<DevJson, 'apiUrl' | 'checkoutUrl' | 'dashboardUrl' | 'shopUrl'> {
  const at = (offset: number): string => `https://localhost:${port + offset}`
  return { apiUrl: at(0), checkoutUrl: at(1), dashboardUrl: at(2), shopUrl: at(3) }
}

/** Takes the database over. One that was told to stop a moment ago gets a few seconds to do so. */
async function ownDatabase(folder: string): Promise<EmbeddedDatabase> {
  for (let triesLeft = IN_USE_TRIES; ; triesLeft--) {
    try {
      return await startEmbeddedDatabase({ folder })
    } catch (error) {
      if (!(error instanceof DatabaseInUseError) || triesLeft === 0) throw error
      if (triesLeft === IN_USE_TRIES)
        process.stdout.write('Another sandbox has this folder; waiting for it to stop …\n')
      await sleep(1_000)
    }
  }
}

async function seed(
  gateway: Gateway,
  { home, merchantPrivateKey }: { home: string; merchantPrivateKey: string },
): Promise<SandboxCredentials> {
  const text = await readIfThere(join(home, 'dev.json'))
  const earlier = (text === undefined ? {} : JSON.parse(text)) as Partial<SandboxCredentials>
  return seedSandbox(gateway, { earlier, merchantPrivateKey })
}

interface ShopPlace {
  readonly home: string
  readonly port: number
  readonly certFile: string
  readonly keyFile: string
}

function shopEnvironment(dev: DevJson, { home, port, certFile, keyFile }: ShopPlace): Record<string, string> {
  return {
    ...merchantEnvironment(dev),
    SHOP_PORT: String(port),
    SHOP_URL: dev.shopUrl,
    SHOP_TLS_CERT: certFile,
    SHOP_TLS_KEY: keyFile,
    SHOP_DATA: join(home, 'shop', 'orders.json'),
    SHOP_KEY_RING_FILE: shopKeyRingOf(home),
    SHOP_MAIL_FOLDER: join(home, 'shop', 'mail'),
  }
}

/** The shop's own: a merchant seals with keys that the gateway does not have. */
function shopKeyRingOf(home: string): string {
  return join(home, 'keys', 'shop-key-ring.json')
}

/** What a merchant's own program reads: the names that `ucanpay-sdk` knows. */
function merchantEnvironment(dev: DevJson): Record<string, string> {
  return {
    UCANPAY_API_URL: dev.apiUrl,
    UCANPAY_MERCHANT_ID: dev.merchantId,
    UCANPAY_API_KEY: dev.secretKey,
    UCANPAY_PRIVATE_KEY_FILE: dev.merchantPrivateKeyFile,
    UCANPAY_PLATFORM_PUBLIC_KEY_FILE: dev.platformPublicKeyFile,
    UCANPAY_WEBHOOK_SECRET: dev.webhookSecret,
    UCANPAY_CA_FILE: dev.caFile,
  }
}

/** The form that `node --env-file` reads. */
function environmentFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('')
}

function newMerchantKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function platformPublicKey(signingKeys: string): string {
  const { privateKey } = parsePlatformKeys(signingKeys).active.RSA
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
}

/** Ends at SIGTERM, at Ctrl-C, and where the process that started us is gone. */
function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve())
    process.once('disconnect', () => resolve())
  })
}

function advice(error: unknown): string {
  const ours = [EmbeddedDatabaseError, RangeError, InstallationKeyError, MigrationError, KeySourceError]
  if (error instanceof Error && ours.some((kind) => error instanceof kind)) return error.message
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE') {
    return `Port ${String(port)} is taken. Stop what listens there, or set UCANPAY_PORT to another one.`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

import assert from 'node:assert'
import { combineSources } from '@ucanpay/vault/key-sources/combined-source'
import { openKeySource } from '@ucanpay/vault/key-sources/parse-key-source'
import type { KeyEncryption } from '@ucanpay/vault/key-encryption'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Acquirer } from './acquirers/acquirer.ts'
import { createSandboxAcquirer, type SandboxAcquirer } from './acquirers/sandbox/sandbox-acquirer.ts'
import type { Config, KeySources } from './config.ts'
import { createBatch, type Batch } from './database/batch.ts'
import { listen } from './database/listen.ts'
import { openPools, type Pools } from './database/pools.ts'
import type { Database } from './database/tx.ts'
import { writeKeyUse, type KeyUse } from './domain/api-keys/key-use.ts'
import { createLeakReports } from './domain/api-keys/revoke-api-key.ts'
import type { Clock } from './domain/clock.ts'
import { writeErrorRecords, type ErrorRecord } from './domain/error-records/error-record.ts'
import type { Acquirers } from './domain/orders/ask-acquirer.ts'
import { createCheckoutLinks } from './domain/orders/checkout-links.ts'
import { parsePlatformKeys, type PlatformKeys } from './domain/signatures/platform-keys.ts'
import { createPlainHttp } from './http/plain-http.ts'
import { createAccountCache } from './http/plugins/account-cache.ts'
import { createRateLimits } from './http/plugins/rate-limits.ts'
import type { ClientKeys } from './http/vault-api/keys.ts'
import { createRemoteVault } from './http/vault-api/remote-vault.ts'
import type { ListenerKeys, Vault } from './http/vault-api/vault.ts'
import { createMailer } from './outbound/mail.ts'
import { createOutbound } from './outbound/outbound.ts'
import { createRegistrationGuard } from './outbound/registration-guard.ts'
import { connectVault, VaultAwayError, type VaultConnection, type VaultPlace } from './outbound/vault-connection.ts'
import { buildApi } from './roles/api.ts'
import { buildCheckout } from './roles/checkout.ts'
import { buildDashboard } from './roles/dashboard.ts'
import { buildVault, openVault } from './roles/vault.ts'
import { startWorker } from './roles/worker.ts'
import { runKeyDestruction } from './worker/destroy-retired-keys.ts'

/** Where the parts listen. */
export interface Origins {
  apiUrl?: string
  checkoutUrl?: string
  dashboardUrl?: string
  vaultUrl?: string
}

/** A built gateway: its parts, and how to start and stop it. */
export interface Gateway {
  /** What the operator works with: the login's own rights, and the vault. */
  readonly deps: GatewayDeps
  /** Serves what the configuration's role asks for. @returns the origins that listen */
  start(): Promise<Origins>
  /** Takes no new work, finishes what is under way, lets go of the database. */
  stop(): Promise<void>
}

/** What tests replace: the clock, and an acquirer in place of the sandbox. */
export interface Replacements {
  readonly clock?: Clock
  readonly acquirer?: (sandbox: SandboxAcquirer) => Acquirer
}

export type GatewayDeps = ReturnType<typeof buildDeps>

/**
 * Opens the vault, or the line to it, builds every dependency from the configuration, once, and hands them down. Nothing
 * listens and nothing runs yet. The schema has to be up to date.
 *
 * @throws KeySourceError, InstallationKeyError where the keys cannot be used or are not the ones of this database;
 *   VaultAwayError, VaultRefusedError where the vault is elsewhere and does not let us in
 */
export async function compose(config: Config, log: Logger, replacements: Replacements = {}): Promise<Gateway> {
  const pools = openPools(config, (error) => log.error({ err: error }, 'a database connection was lost'))
  const clock = replacements.clock ?? { now: () => new Date() }
  // The sandbox stands for another company: it commits on connections of its own.
  const sandbox = createSandboxAcquirer({ db: pools.sandbox, clock, sleep: (ms) => sleep(ms) })
  const testAcquirer = replacements.acquirer?.(sandbox) ?? sandbox
  const acquirers: Acquirers = (mode) => (mode === 'test' ? testAcquirer : undefined)
  try {
    const opened = await reachVault(config, { pools, clock, acquirers, log })
    const deps = buildDeps(config, log, { clock, pools, sandbox, acquirers, opened })
    return buildGateway(config, deps)
  } catch (error) {
    await pools.end()
    throw error
  }
}

/** Opens key sources. @throws KeySourceError */
export async function openSources({ active, previous, reading }: KeySources): Promise<KeyEncryption> {
  const open = (spec: string) => openKeySource(spec, reading)
  return combineSources(await open(active), await Promise.all(previous.map(open)))
}

/** The vault, here or elsewhere, and what there is to do with it. */
interface ReachedVault {
  readonly vault: Vault
  readonly keys: ListenerKeys
  readonly forget: (merchantId?: string) => void
  readonly close: () => Promise<void>
}

/** A vault that starts at the same time as we do is waited for. */
const VAULT_TRIES = 30

type Reaching = Pick<Opened, 'pools' | 'clock' | 'acquirers'> & { readonly log: Logger }

async function reachVault(config: Config, { pools, clock, acquirers, log }: Reaching): Promise<ReachedVault> {
  const { keySources, vault: place } = config
  if (keySources !== undefined) {
    const parts = { db: pools.vault, keyStore: pools.keyStore, source: await openSources(keySources), acquirers }
    return { ...(await openVault(parts, clock.now())), close: () => Promise.resolve() }
  }
  assert(place, 'a role without key sources has a vault to ask')
  const connection = connectVault(place)
  const rest = { forget: () => undefined, close: () => connection.close() }
  const keys = await askForKeys(connection, { place, log })
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64')
  return {
    vault: createRemoteVault(connection, keys),
    keys: { pepper: bytes(keys.pepper), checkoutLink: bytes(keys.checkoutLink) },
    ...rest,
  }
}

async function askForKeys(
  connection: VaultConnection,
  { place, log }: { place: VaultPlace; log: Logger },
): Promise<ClientKeys> {
  for (let triesLeft = VAULT_TRIES; ; triesLeft--) {
    try {
      return await connection.ask<ClientKeys>('/vault-api/keys', {})
    } catch (error) {
      if (!(error instanceof VaultAwayError) || triesLeft === 0) throw error
      if (triesLeft === VAULT_TRIES) log.info({ url: place.url }, 'waiting for the vault')
      await sleep(1_000)
    }
  }
}

function buildGateway(config: Config, deps: GatewayDeps): Gateway {
  const stops: (() => Promise<unknown>)[] = []
  const serves = (role: Config['role']): boolean => config.role === role || config.role === 'all'
  return {
    deps,
    async start() {
      const urls: Origins = {}
      // On one machine the vault is a part of this process, and listens nowhere.
      if (config.role === 'vault') urls.vaultUrl = await startVault(config, deps, stops)
      if (serves('api')) urls.apiUrl = await startApi(config, deps, stops)
      if (serves('checkout')) urls.checkoutUrl = await startCheckout(config, deps, stops)
      if (serves('dashboard')) urls.dashboardUrl = await startDashboard(config, deps, stops)
      if (serves('worker')) {
        const worker = startWorker({ ...deps, ...deps.listening, keys: signingKeysOf(deps), db: deps.pools.worker })
        stops.push(() => worker.stop())
      }
      if (serves('vault')) {
        const destruction = runKeyDestruction({ ...deps, db: deps.pools.vault })
        stops.push(() => destruction.stop())
      }
      return urls
    },
    async stop() {
      deps.drain()
      await Promise.all(stops.map((stop) => stop()))
      deps.mailer?.close()
      await Promise.all([deps.listener.stop(), deps.outbound.close(), deps.closeVault()])
      await deps.pools.end()
    },
  }
}

type Stops = (() => Promise<unknown>)[]

async function startApi(config: Config, deps: GatewayDeps, stops: Stops): Promise<string> {
  const parts = buildAccess(config, deps, 'api')
  const app = buildApi({ ...deps, ...parts, keys: signingKeysOf(deps) })
  stops.push(() => app.close().then(parts.stop))
  const url = await app.listen({ host: config.host, port: config.apiPort })
  if (config.httpPort !== undefined) {
    const plain = createPlainHttp({ ...deps, ...parts })
    stops.push(() => new Promise((resolve) => plain.close(resolve)))
    await listenOn(plain, config.host, config.httpPort)
  }
  return url
}

async function startCheckout(config: Config, deps: GatewayDeps, stops: Stops): Promise<string> {
  const parts = buildAccess(config, deps, 'checkout')
  const app = buildCheckout({ ...deps, ...parts })
  stops.push(() => app.close().then(parts.stop))
  return app.listen({ host: config.host, port: config.checkoutPort })
}

async function startDashboard(config: Config, deps: GatewayDeps, stops: Stops): Promise<string> {
  const parts = buildAccess(config, deps, 'dashboard')
  const app = buildDashboard({
    ...deps,
    ...parts,
    keys: signingKeysOf(deps),
    relyingParty: { origin: config.dashboardUrl },
  })
  stops.push(() => app.close().then(parts.stop))
  return app.listen({ host: config.host, port: config.dashboardPort })
}

async function startVault(config: Config, deps: GatewayDeps, stops: Stops): Promise<string> {
  const db = deps.pools.vault
  const errors = recordErrors(db, deps.log)
  const app = buildVault({
    ...deps,
    ...deps.listening,
    db,
    errors,
    leaks: () => Promise.resolve(), // What comes here has been looked through where it came in.
    tls: { ...deps.tls, clientCa: config.vaultClientCa },
  })
  stops.push(() => app.close().then(() => errors.stop()))
  return app.listen({ host: config.host, port: config.vaultPort })
}

interface Opened {
  readonly clock: Clock
  readonly pools: Pools
  readonly sandbox: SandboxAcquirer
  readonly acquirers: Acquirers
  readonly opened: ReachedVault
}

function buildDeps(config: Config, log: Logger, { clock, pools, sandbox, acquirers, opened }: Opened) {
  const { vault, keys, forget, close } = opened
  const listening = {
    ...keys,
    links: createCheckoutLinks(keys.checkoutLink, config.checkoutUrl),
    accounts: createAccountCache({ db: pools.api, pepper: keys.pepper }),
  }
  const forgetAll = (): void => {
    listening.accounts.clear()
    forget()
  }
  let draining = false
  return {
    db: pools.operator,
    pools,
    log,
    clock,
    sandbox,
    acquirers,
    ...vault,
    listening,
    closeVault: close,
    outbound: createOutbound({ extraCa: config.extraCa }),
    mailer: config.mail && createMailer(config.mail),
    tls: { cert: config.tlsCert, key: config.tlsKey },
    trustedProxies: config.trustedProxies,
    securityText: config.securityText,
    limits: config.limits,
    signingKeys: config.signingKeys === undefined ? undefined : parsePlatformKeys(config.signingKeys),
    addresses: createRegistrationGuard(),
    checkoutFolder: config.checkoutFolder,
    dashboardFolder: config.dashboardFolder,
    dashboardUrl: config.dashboardUrl,
    listener: listen({
      databaseUrl: config.databaseUrl,
      applicationName: `ucanpay-${config.role}-listen`,
      role: config.role === 'all' ? 'ucanpay_api' : `ucanpay_${config.role}`,
      channels: ['ucanpay_accounts', 'ucanpay_data_keys'],
      onMessage: (channel, message) =>
        channel === 'ucanpay_accounts' ? listening.accounts.forget(message) : forget(message),
      onLost: (error) => {
        forgetAll()
        log.error({ err: error }, 'the listening connection was lost')
      },
    }),
    draining: () => draining,
    drain: () => {
      draining = true
    },
  }
}

function signingKeysOf({ signingKeys }: GatewayDeps): PlatformKeys {
  assert(signingKeys, 'a role that signs has signing keys')
  return signingKeys
}

/** What a listener needs on the rights of its own role: limits, leak reports, error records. */
function buildAccess(config: Config, deps: GatewayDeps, role: 'api' | 'checkout' | 'dashboard') {
  const { pools, log } = deps
  const db: Database = pools[role]
  const { listening } = deps
  const { pepper } = listening
  const errors = recordErrors(db, log)
  const keyUse = createBatch<KeyUse>({
    everyMs: 5_000,
    most: 10_000,
    write: (uses) => writeKeyUse(db, uses),
    onError: (error) => log.error({ err: error }, 'the last use of keys was not written; it comes again'),
  })
  return {
    ...listening,
    db,
    errors,
    keyUse,
    rateLimits: createRateLimits({ db, limits: config.limits, pepper }),
    leaks: createLeakReports({ db, pepper }),
    stop: () => Promise.all([errors.stop(), keyUse.stop()]),
  }
}

function recordErrors(db: Database, log: Logger): Batch<ErrorRecord> {
  return createBatch<ErrorRecord>({
    everyMs: 200,
    most: 10_000,
    write: (records) => writeErrorRecords(db, records),
    onError: (error) => log.error({ err: error }, 'error records were not written; they come again'),
  })
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}

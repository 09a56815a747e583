import { combineSources } from '@ucanpay/vault/key-sources/combined-source'
import { openKeySource } from '@ucanpay/vault/key-sources/parse-key-source'
import type { KeyEncryption } from '@ucanpay/vault/key-encryption'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Acquirer } from './acquirers/acquirer.ts'
import { createSandboxAcquirer, type SandboxAcquirer } from './acquirers/sandbox/sandbox-acquirer.ts'
import type { Config } from './config.ts'
import { createBatch } from './database/batch.ts'
import { listen } from './database/listen.ts'
import { openPools, type Pools } from './database/pools.ts'
import type { Database } from './database/tx.ts'
import { writeKeyUse, type KeyUse } from './domain/api-keys/key-use.ts'
import { createLeakReports } from './domain/api-keys/revoke-api-key.ts'
import { createCardVault } from './domain/cards/card-vault.ts'
import type { Clock } from './domain/clock.ts'
import { writeErrorRecords, type ErrorRecord } from './domain/error-records/error-record.ts'
import { createNotificationSecrets } from './domain/notifications/notification-secrets.ts'
import type { Acquirers } from './domain/orders/ask-acquirer.ts'
import { createCheckoutLinks } from './domain/orders/checkout-links.ts'
import { createCustomerKeys } from './domain/sealing/customer-keys.ts'
import { createDataKeys } from './domain/sealing/data-keys.ts'
import { openInstallationKeys, type InstallationKeys } from './domain/sealing/installation-keys.ts'
import { parsePlatformKeys } from './domain/signatures/platform-keys.ts'
import { createPlainHttp } from './http/plain-http.ts'
import { createAccountCache } from './http/plugins/account-cache.ts'
import { createRateLimits } from './http/plugins/rate-limits.ts'
import { createOutbound } from './outbound/outbound.ts'
import { createRegistrationGuard } from './outbound/registration-guard.ts'
import { buildApi } from './roles/api.ts'
import { buildCheckout } from './roles/checkout.ts'
import { startWorker } from './roles/worker.ts'

/** A built gateway: its parts, and how to start and stop it. */
export interface Gateway {
  /** What the operator works with: the login's own rights, and the keys. */
  readonly deps: GatewayDeps
  /** Serves what the configuration's role asks for. @returns the origins that listen */
  start(): Promise<{ apiUrl?: string; checkoutUrl?: string }>
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
 * Opens the keys, builds every dependency from the configuration, once, and hands them down. Nothing listens and nothing
 * runs yet. The schema has to be up to date.
 *
 * @throws KeySourceError, InstallationKeyError where the keys cannot be used or are not the ones of this database
 */
export async function compose(config: Config, log: Logger, replacements: Replacements = {}): Promise<Gateway> {
  const pools = openPools(config, (error) => log.error({ err: error }, 'a database connection was lost'))
  try {
    const source = await openSources(config)
    const clock = replacements.clock ?? { now: () => new Date() }
    const installationKeys = await openInstallationKeys({ db: pools.vault, source }, clock.now())
    const deps = buildDeps(config, log, { ...replacements, clock, pools, source, installationKeys })
    return buildGateway(config, deps)
  } catch (error) {
    await pools.end()
    throw error
  }
}

/** Opens the key sources of a configuration. @throws KeySourceError */
export async function openSources({ keySources }: Pick<Config, 'keySources'>): Promise<KeyEncryption> {
  const { active, previous, reading } = keySources
  const open = (spec: string) => openKeySource(spec, reading)
  return combineSources(await open(active), await Promise.all(previous.map(open)))
}

function buildGateway(config: Config, deps: GatewayDeps): Gateway {
  const stops: (() => Promise<unknown>)[] = []
  const serves = (role: Config['role']): boolean => config.role === role || config.role === 'all'
  return {
    deps,
    async start() {
      const urls: { apiUrl?: string; checkoutUrl?: string } = {}
      if (serves('api')) {
        const parts = buildAccess(config, deps, 'api')
        const app = buildApi({ ...deps, ...parts })
        stops.push(() => app.close().then(parts.stop))
        urls.apiUrl = await app.listen({ host: config.host, port: config.apiPort })
        if (config.httpPort !== undefined) {
          const plain = createPlainHttp({ ...deps, ...parts })
          stops.push(() => new Promise((resolve) => plain.close(resolve)))
          await listenOn(plain, config.host, config.httpPort)
        }
      }
      if (serves('checkout')) {
        const parts = buildAccess(config, deps, 'checkout')
        const app = buildCheckout({ ...deps, ...parts })
        stops.push(() => app.close().then(parts.stop))
        urls.checkoutUrl = await app.listen({ host: config.host, port: config.checkoutPort })
      }
      if (serves('worker')) {
        const worker = startWorker({ ...deps, db: deps.pools.worker, vaultDb: deps.pools.vault })
        stops.push(() => worker.stop())
      }
      return urls
    },
    async stop() {
      deps.drain()
      await Promise.all(stops.map((stop) => stop()))
      await Promise.all([deps.listener.stop(), deps.outbound.close()])
      await deps.pools.end()
    },
  }
}

interface Opened extends Omit<Replacements, 'clock'> {
  readonly clock: Clock
  readonly pools: Pools
  readonly source: KeyEncryption
  readonly installationKeys: InstallationKeys
}

function buildDeps(config: Config, log: Logger, opened: Opened) {
  const { clock, pools, source, installationKeys, acquirer } = opened
  const { pepper } = installationKeys
  // The sandbox stands for another company: it commits on connections of its own.
  const sandbox = createSandboxAcquirer({ db: pools.sandbox, clock, sleep: (ms) => sleep(ms) })
  const testAcquirer = acquirer?.(sandbox) ?? sandbox
  const acquirers: Acquirers = (mode) => (mode === 'test' ? testAcquirer : undefined)
  const dataKeys = createDataKeys({ db: pools.vault, source })
  const accounts = createAccountCache({ db: pools.api, pepper })
  const forgetAll = (): void => {
    accounts.clear()
    dataKeys.forget()
  }
  let draining = false
  return {
    db: pools.operator,
    pools,
    source,
    log,
    clock,
    sandbox,
    acquirers,
    dataKeys,
    accounts,
    outbound: createOutbound({ extraCa: config.extraCa }),
    tls: { cert: config.tlsCert, key: config.tlsKey },
    pepper,
    trustedProxies: config.trustedProxies,
    limits: config.limits,
    links: createCheckoutLinks(installationKeys.checkoutLink, config.checkoutUrl),
    keys: parsePlatformKeys(config.signingKeys),
    cards: createCardVault(dataKeys),
    customerKeys: createCustomerKeys({ db: pools.keyStore, source }),
    indexKey: installationKeys.blindIndex,
    secrets: createNotificationSecrets({ db: pools.vault, dataKeys }),
    addresses: createRegistrationGuard(),
    checkoutFolder: config.checkoutFolder,
    listener: listen({
      databaseUrl: config.databaseUrl,
      applicationName: `ucanpay-${config.role}-listen`,
      role: config.role === 'all' ? 'ucanpay_api' : `ucanpay_${config.role}`,
      channels: ['ucanpay_accounts', 'ucanpay_data_keys'],
      onMessage: (channel, message) =>
        channel === 'ucanpay_accounts' ? accounts.forget(message) : dataKeys.forget(message),
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

/** What a listener needs on the rights of its own role: limits, leak reports, error records. */
function buildAccess(
  config: Config,
  { pools, pepper, log }: Pick<GatewayDeps, 'pools' | 'pepper' | 'log'>,
  role: 'api' | 'checkout',
) {
  const db: Database = pools[role]
  const errors = createBatch<ErrorRecord>({
    everyMs: 200,
    most: 10_000,
    write: (records) => writeErrorRecords(db, records),
    onError: (error) => log.error({ err: error }, 'error records were not written; they come again'),
  })
  const keyUse = createBatch<KeyUse>({
    everyMs: 5_000,
    most: 10_000,
    write: (uses) => writeKeyUse(db, uses),
    onError: (error) => log.error({ err: error }, 'the last use of keys was not written; it comes again'),
  })
  return {
    db,
    errors,
    keyUse,
    rateLimits: createRateLimits({ db, limits: config.limits, pepper }),
    leaks: createLeakReports({ db, pepper }),
    stop: () => Promise.all([errors.stop(), keyUse.stop()]),
  }
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}

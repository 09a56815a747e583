import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseKeyRing } from '@ucanpay/vault/key-ring'
import type { Logger } from 'pino'
import type { Acquirer } from './acquirers/acquirer.ts'
import { createSandboxAcquirer, type SandboxAcquirer } from './acquirers/sandbox/sandbox-acquirer.ts'
import type { Config } from './config.ts'
import { migrate } from './database/migrate.ts'
import { createBatch } from './database/batch.ts'
import { listen } from './database/listen.ts'
import { createPool } from './database/pool.ts'
import { createDatabase, type Database } from './database/tx.ts'
import { writeKeyUse, type KeyUse } from './domain/api-keys/key-use.ts'
import { createLeakReports } from './domain/api-keys/revoke-api-key.ts'
import { createCardVault } from './domain/cards/card-vault.ts'
import type { Clock } from './domain/clock.ts'
import { writeErrorRecords, type ErrorRecord } from './domain/error-records/error-record.ts'
import { createNotificationSecrets } from './domain/notifications/notification-secrets.ts'
import type { Acquirers } from './domain/orders/ask-acquirer.ts'
import { createCheckoutLinks } from './domain/orders/checkout-links.ts'
import { createDataKeys } from './domain/sealing/data-keys.ts'
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
  readonly deps: GatewayDeps
  /** Brings the schema up to date. */
  migrate(): Promise<{ applied: readonly string[] }>
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

const MIGRATIONS = new URL('../migrations/', import.meta.url)

/** Builds every dependency from the configuration, once, and hands them down. Nothing listens and nothing runs yet. */
export function compose(config: Config, log: Logger, replacements: Replacements = {}): Gateway {
  const deps = buildDeps(config, log, replacements)
  const stops: (() => Promise<unknown>)[] = []
  return {
    deps,
    migrate: () => migrate(deps.pool, MIGRATIONS.pathname),
    async start() {
      const serves = (role: Config['role']): boolean => config.role === role || config.role === 'all'
      const urls: { apiUrl?: string; checkoutUrl?: string } = {}
      if (serves('api')) {
        const app = buildApi(deps)
        stops.push(() => app.close())
        urls.apiUrl = await app.listen({ host: config.host, port: config.apiPort })
      }
      if (serves('api') && config.httpPort !== undefined) {
        const plain = createPlainHttp(deps)
        stops.push(() => new Promise((resolve) => plain.close(resolve)))
        await listenOn(plain, config.host, config.httpPort)
      }
      if (serves('checkout')) {
        const app = buildCheckout(deps)
        stops.push(() => app.close())
        urls.checkoutUrl = await app.listen({ host: config.host, port: config.checkoutPort })
      }
      if (serves('worker')) {
        const worker = startWorker(deps)
        stops.push(() => worker.stop())
      }
      return urls
    },
    async stop() {
      deps.drain()
      await Promise.all(stops.map((stop) => stop()))
      await Promise.all([deps.keyUse.stop(), deps.errors.stop(), deps.listener.stop()])
      await deps.outbound.close()
      await Promise.all([deps.pool.end(), deps.sandboxPool.end()])
    },
  }
}

function buildDeps(config: Config, log: Logger, { clock = { now: () => new Date() }, acquirer }: Replacements) {
  const onIdleError = (error: Error): void => log.error({ err: error }, 'a database connection was lost')
  const pool = createPool({
    databaseUrl: config.databaseUrl,
    max: config.databaseConnections,
    applicationName: `ucanpay-${config.role}`,
    onIdleError,
  })
  // The sandbox stands for another company: it commits on connections of its own.
  const sandboxPool = createPool({
    databaseUrl: config.databaseUrl,
    max: 4,
    applicationName: 'ucanpay-sandbox',
    onIdleError,
  })
  const db: Database = createDatabase(pool)
  const sandbox = createSandboxAcquirer({ db: createDatabase(sandboxPool), clock, sleep: (ms) => sleep(ms) })
  const testAcquirer = acquirer?.(sandbox) ?? sandbox
  const acquirers: Acquirers = (mode) => (mode === 'test' ? testAcquirer : undefined)
  const ring = parseKeyRing(config.keyRing)
  const dataKeys = createDataKeys({ db, ring })
  const outbound = createOutbound({ extraCa: config.extraCa })
  const pepper = ring.derive('api-key-pepper')
  let draining = false
  return {
    db,
    pool,
    sandboxPool,
    log,
    clock,
    sandbox,
    acquirers,
    outbound,
    tls: { cert: config.tlsCert, key: config.tlsKey },
    pepper,
    trustedProxies: config.trustedProxies,
    ...buildAccess(config, { db, log, pepper }),
    links: createCheckoutLinks(ring.derive('checkout-link'), config.checkoutUrl),
    keys: parsePlatformKeys(config.signingKeys),
    cards: createCardVault(dataKeys),
    secrets: createNotificationSecrets({ db, dataKeys }),
    addresses: createRegistrationGuard(),
    checkoutFolder: config.checkoutFolder,
    draining: () => draining,
    drain: () => {
      draining = true
    },
  }
}

/** What decides whether a key may do what it asks. */
function buildAccess(config: Config, { db, log, pepper }: { db: Database; log: Logger; pepper: Buffer }) {
  const accounts = createAccountCache({ db, pepper })
  return {
    limits: config.limits,
    accounts,
    listener: listen({
      databaseUrl: config.databaseUrl,
      applicationName: `ucanpay-${config.role}-listen`,
      channel: 'ucanpay_accounts',
      onMessage: (message) => accounts.forget(message),
      onLost: (error) => {
        accounts.clear()
        log.error({ err: error }, 'the listening connection was lost')
      },
    }),
    rateLimits: createRateLimits({ db, limits: config.limits, pepper }),
    leaks: createLeakReports({ db, pepper }),
    errors: createBatch<ErrorRecord>({
      everyMs: 200,
      most: 10_000,
      write: (records) => writeErrorRecords(db, records),
      onError: (error) => log.error({ err: error }, 'error records were not written; they come again'),
    }),
    keyUse: createBatch<KeyUse>({
      everyMs: 5_000,
      most: 10_000,
      write: (uses) => writeKeyUse(db, uses),
      onError: (error) => log.error({ err: error }, 'the last use of keys was not written; it comes again'),
    }),
  }
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}

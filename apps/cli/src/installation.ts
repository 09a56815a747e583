import { openSources } from '@ucanpay/gateway/compose'
import type { KeySources } from '@ucanpay/gateway/config'
import { openKeyStorePool } from '@ucanpay/gateway/database/key-store'
import { createPool } from '@ucanpay/gateway/database/pool'
import { createDatabase, type Database } from '@ucanpay/gateway/database/tx'
import type { Caller } from '@ucanpay/gateway/domain/caller'
import { parsePlatformKeys, type PlatformKeys } from '@ucanpay/gateway/domain/signatures/platform-keys'
import { openInstallationKeys, type InstallationKeys } from '@ucanpay/gateway/domain/sealing/installation-keys'
import type { KeyEncryption } from '@ucanpay/vault/key-encryption'
import type { Mode } from '@ucanpay/wire/api-key'
import type { Pool } from 'pg'
import { readInstallation, type InstallationPlace } from './config.ts'
import { UsageError } from './command.ts'

/** An installation that a command works on. Keys are read when they are asked for. */
export interface Installation {
  readonly db: Database
  readonly pool: Pool
  /** The keys of customers. */
  readonly keyStore: Database
  /** @throws UsageError where there are none, or they cannot be read */
  readonly place: InstallationPlace
  readonly keySources: KeySources
  readonly source: () => Promise<KeyEncryption>
  /** @throws InstallationKeyError where the key source is not the one of this database */
  readonly installationKeys: () => Promise<InstallationKeys>
  readonly platformKeys: () => PlatformKeys
  /** Whoever runs a command: the operator, on behalf of a merchant. */
  readonly operator: (merchantId: string, mode: Mode) => Caller
}

/** Runs a command on the installation that the environment names, or else on the sandbox of this folder. */
export async function withInstallation(work: (installation: Installation) => Promise<number>): Promise<number> {
  const place = readInstallation()
  const { databaseUrl, keySources, signingKeys } = place
  const pool = createPool({
    databaseUrl,
    max: 2,
    applicationName: 'ucanpay-cli',
    onIdleError: () => undefined, // The next query tells.
  })
  const db = createDatabase(pool)
  const keyStorePool = openKeyStorePool(place, () => undefined)
  const source = (): Promise<KeyEncryption> => openSources(keySources)
  try {
    return await work({
      db,
      pool,
      keyStore: createDatabase(keyStorePool),
      place,
      keySources,
      source,
      installationKeys: async () => openInstallationKeys({ db, source: await source() }, new Date()),
      platformKeys: () => reading('the signing keys', () => parsePlatformKeys(signingKeys())),
      operator: (merchantId, mode) => ({ merchantId, mode, actor: 'operator', requestId: null, now: new Date() }),
    })
  } finally {
    await Promise.all([pool.end(), keyStorePool.end()])
  }
}

function reading<Value>(what: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw new UsageError(`${what} cannot be used: ${(error as Error).message}`)
  }
}

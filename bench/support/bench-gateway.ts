import 'reflect-metadata' // Before the certificates' library, which expects it.
import assert from 'node:assert'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type Gateway, type Replacements } from '@ucanpay/gateway/compose'
import { readKeptFile, type Config } from '@ucanpay/gateway/config'
import { startEmbeddedDatabase } from '@ucanpay/gateway/database/embedded/start'
import { migrateDatabase } from '@ucanpay/gateway/database/pools'
import { createApiKey } from '@ucanpay/gateway/domain/api-keys/create-api-key'
import type { Caller } from '@ucanpay/gateway/domain/caller'
import { createMerchant, registerMerchantKey, setMonthlyQuota } from '@ucanpay/gateway/domain/merchants/create-merchant'
import { generatePlatformKeySet } from '@ucanpay/gateway/domain/signatures/platform-keys'
import { createLog } from '@ucanpay/gateway/observability/log'
import { generateKeyRing } from '@ucanpay/vault/key-ring'
import { ensureDevelopmentCertificates } from '../../apps/cli/src/sandbox/development-ca.ts'

/** As an installation comes, but for the limit of one address: all our keys are shown for the first time from one. */
const LIMITS: Config['limits'] = { perKeyPerS: 100, perIpPerS: 1_000, failuresInARow: 20 }

/** A gateway that is composed and not started, on an embedded PostgreSQL of its own with default durability. */
export interface BenchGateway {
  readonly gateway: Gateway
  readonly config: Config
  readonly caFile: string
  readonly merchantId: string
  /** Makes secret keys in test mode. */
  addKeys(count: number): Promise<string[]>
  stop(): Promise<void>
}

/** Sets up a gateway with one merchant in a temporary folder, which `stop` removes. @param settings other than usual */
export async function openBenchGateway(
  settings: Partial<Config> = {},
  replacements: Replacements = {},
): Promise<BenchGateway> {
  const home = await mkdtemp(join(tmpdir(), 'ucanpay-bench-'))
  await chmod(home, 0o711) // Where we are root, PostgreSQL's own account has to get in.
  const database = await startEmbeddedDatabase({ folder: join(home, 'postgresql') })
  const certificates = await ensureDevelopmentCertificates(join(home, 'tls'))
  const keyRing = generateKeyRing()
  const config: Config = {
    role: 'all',
    host: '127.0.0.1',
    apiPort: 0,
    checkoutPort: 0,
    httpPort: undefined,
    trustedProxies: [],
    limits: LIMITS,
    checkoutUrl: 'https://localhost',
    databaseUrl: database.databaseUrl,
    databaseConnections: 10,
    keyStoreUrl: undefined,
    tlsCert: readFileSync(certificates.certFile, 'utf8'),
    tlsKey: readFileSync(certificates.keyFile, 'utf8'),
    keySources: {
      active: 'env:KEY_RING',
      previous: [],
      reading: { readFile: readKeptFile, readEnvironment: () => keyRing },
    },
    vault: undefined,
    vaultPort: 0,
    vaultClientCa: undefined,
    signingKeys: generatePlatformKeySet(new Date()),
    extraCa: [readFileSync(certificates.caFile, 'utf8')],
    securityText: undefined,
    logFile: undefined,
    checkoutFolder: home,
    dashboardFolder: home,
    dashboardPort: 0,
    dashboardUrl: 'https://localhost',
    mail: undefined,
    ...settings,
  }
  await migrateDatabase(config)
  const gateway = await compose(config, createLog({ write: () => undefined }), replacements)
  const merchantId = '1000000001'
  await addMerchant(gateway, merchantId)
  return {
    gateway,
    config,
    caFile: certificates.caFile,
    merchantId,
    addKeys: (count) => addKeys(gateway, merchantId, count),
    async stop() {
      await gateway.stop()
      await database.stop()
      await rm(home, { recursive: true })
    },
  }
}

function callerOf(merchantId: string): Caller {
  return { merchantId, mode: 'test', actor: 'operator', requestId: null, now: new Date() }
}

async function addMerchant({ deps: { db } }: Gateway, merchantId: string): Promise<void> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await db.transaction(async (tx) => {
    await createMerchant(tx, callerOf(merchantId), { name: 'Corner Coffee', feeBasisPoints: 290 })
    await setMonthlyQuota(tx, callerOf(merchantId), 999_999_999)
    await registerMerchantKey(tx, callerOf(merchantId), {
      mode: 'test',
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    })
  })
}

async function addKeys({ deps }: Gateway, merchantId: string, count: number): Promise<string[]> {
  const { listening, db } = deps
  assert(listening, 'every role is composed')
  const { pepper } = listening
  const keys: string[] = []
  for (let n = 0; n < count; n++) {
    const wanted = { kind: 'sk', mode: 'test', name: `bench ${n}`, scopes: [], pepper } as const
    keys.push((await db.transaction((tx) => createApiKey(tx, callerOf(merchantId), wanted))).key)
  }
  return keys
}

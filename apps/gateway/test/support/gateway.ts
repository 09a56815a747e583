import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { createServer } from 'node:net'
import { generateKeyRing } from '@ucanpay/vault/key-ring'
import type { Mode } from '@ucanpay/wire/api-key'
import { Agent } from 'undici'
import { inject, onTestFinished } from 'vitest'
import { issueCertificate, type CertificateAuthority } from '../../../cli/src/certificates/authority.ts'
import { newAuthority } from './authority.ts'
import type { Acquirer } from '../../src/acquirers/acquirer.ts'
import type { SandboxAcquirer } from '../../src/acquirers/sandbox/sandbox-acquirer.ts'
import { compose, type Gateway } from '../../src/compose.ts'
import { readKeptFile, type Config } from '../../src/config.ts'
import { createApiKey, type NewApiKey } from '../../src/domain/api-keys/create-api-key.ts'
import type { Caller } from '../../src/domain/caller.ts'
import { createNotificationSecret } from '../../src/domain/notifications/notification-secrets.ts'
import { createMerchant, registerMerchantKey } from '../../src/domain/merchants/create-merchant.ts'
import {
  generatePlatformKeySet,
  parsePlatformKeys,
  type PlatformKeys,
} from '../../src/domain/signatures/platform-keys.ts'
import { createLog } from '../../src/observability/log.ts'
import { createClient, type Client } from './client.ts'
import { cloneDatabase, type TestDatabase } from './database-server.ts'
import { startReceiver, type Receiver } from './receiver.ts'

/** Keys and certificates cost time to make and nothing to share: one set for all gateways of a test process. */
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const keyRing: string = generateKeyRing()
const signingKeys = generatePlatformKeySet(new Date())
const ca = await newAuthority()
const leaf = await issueCertificate(ca, {
  names: ['localhost'],
  addresses: ['127.0.0.1'],
  notBefore: new Date(Date.now() - 86_400_000),
  notAfter: new Date(Date.now() + 86_400_000),
})
/** What test servers serve with, and the authority to trust, PEM. */
export const testCertificates: { ca: string; authority: CertificateAuthority; cert: string; key: string } = {
  ca: ca.certificate.toString('pem'),
  authority: ca,
  ...leaf,
}

const CHECKOUT_FOLDER = new URL('./checkout-page/', import.meta.url).pathname

/** A merchant of a test gateway, with a secret key of its own in test mode. */
export interface TestMerchant {
  readonly merchantId: string
  readonly secretKey: string
  readonly apiKeyId: string
  /** Signs its notifications: `whsec_…`. */
  readonly webhookSecret: string
  /** Signs its requests, in test and in live mode. */
  readonly privateKey: KeyObject
}

export interface GatewayOptions {
  readonly acquirer?: (sandbox: SandboxAcquirer) => Acquirer
  readonly feeBasisPoints?: number
  /** `api` where the worker must not move anything by itself. */
  readonly role?: Config['role']
  /** Far away where absent, so that a test meets only the limits that it is about. */
  readonly limits?: Partial<Config['limits']>
  /** Other settings of the gateway. */
  readonly config?: Partial<Config>
  /** Another gateway, whose database, merchant, receiver and clock this one uses as well. */
  readonly beside?: TestGateway
  /** Gets how to take it down; where absent, it stops when the test ends. For a gateway that several tests share. */
  readonly onEnd?: (takeDown: () => Promise<void>) => void
}

/** A running gateway, a client of its first merchant's, and the ways in behind its back that tests need. */
export interface TestGateway extends Client {
  readonly gateway: Gateway
  readonly agent: Agent
  readonly receiver: Receiver
  readonly merchant: TestMerchant
  readonly apiUrl: string
  readonly checkoutUrl: string
  readonly database: TestDatabase
  readonly config: Config
  /** What signs answers; every role of a test but the vault and the checkout has it. */
  readonly keys: PlatformKeys
  /** The log so far, a line an entry. */
  readonly log: string[]
  readonly clock: TestClock
  /** Moves the gateway's clock; the machine's stays. */
  moveClock(ms: number): void
  addMerchant(): Promise<TestMerchant>
  addKey(wanted: WantedKey, merchantId?: string): Promise<{ key: string; apiKeyId: string }>
  rows<Row = Record<string, unknown>>(table: string): Promise<Row[]>
  /** Runs SQL on the gateway's own connections, as its own role. */
  sql<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Stops it now; it stops by itself when the test ends. */
  stop(): Promise<void>
}

/** The machine's clock, moved. */
export interface TestClock {
  movedMs: number
  now(): Date
}

export type WantedKey = Omit<NewApiKey, 'pepper' | 'name'>

/** A whole gateway on its own empty database, with one merchant; it stops when the test ends. */
export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const { beside, onEnd = onTestFinished } = options
  const database = beside?.database ?? (await cloneDatabase(inject('adminUrl'), inject('templateName')))
  const config = { ...(await configOf(database, options)), ...options.config }
  const log: string[] = []
  const clock: TestClock = beside?.clock ?? { movedMs: 0, now: () => new Date(Date.now() + clock.movedMs) }
  const gateway = await compose(config, createLog({ write: (line: string) => void log.push(line) }), {
    clock,
    ...(options.acquirer ? { acquirer: options.acquirer } : {}),
  })
  await gateway.start()
  const agent = new Agent({ connect: { ca: testCertificates.ca }, connections: 64 })
  const receiver = beside?.receiver ?? (await startReceiver(testCertificates))
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= gateway.stop())
  onEnd(async () => {
    await agent.close()
    await stop()
    if (beside) return
    await receiver.close()
    await database.drop()
  })
  const merchant = beside?.merchant ?? (await addMerchant(gateway, options.feeBasisPoints ?? 0))
  const parts = { agent, receiver, merchant, apiUrl: `https://localhost:${config.apiPort}` }
  return {
    ...parts,
    ...createClient(parts),
    gateway,
    checkoutUrl: config.checkoutUrl,
    database,
    config,
    keys: parsePlatformKeys(signingKeys),
    log,
    clock,
    moveClock: (ms) => void (clock.movedMs += ms),
    addMerchant: () => addMerchant(gateway, 0),
    addKey: (wanted, merchantId = merchant.merchantId) => addKey(gateway, merchantId, wanted),
    rows: (table) => gateway.deps.db.query(`select * from ${table}`),
    sql: (text, values) => gateway.deps.db.query(text, values),
    stop,
  }
}

async function configOf(database: TestDatabase, { role = 'all', limits }: GatewayOptions): Promise<Config> {
  const [apiPort, checkoutPort, vaultPort, dashboardPort] = await freePorts()
  return {
    role,
    host: '127.0.0.1',
    apiPort,
    checkoutPort,
    dashboardPort,
    httpPort: undefined,
    trustedProxies: [],
    limits: { perKeyPerS: 1_000_000, perIpPerS: 1_000_000, failuresInARow: 1_000_000, ...limits },
    checkoutUrl: `https://localhost:${checkoutPort}`,
    dashboardUrl: `https://localhost:${dashboardPort}`,
    mail: undefined,
    databaseUrl: database.databaseUrl,
    databaseConnections: 10,
    keyStoreUrl: undefined,
    tlsCert: leaf.cert,
    tlsKey: leaf.key,
    keySources: {
      active: 'env:KEY_RING',
      previous: [],
      reading: { readFile: readKeptFile, readEnvironment: () => keyRing },
    },
    vault: undefined,
    vaultPort,
    vaultClientCa: undefined,
    signingKeys,
    extraCa: [testCertificates.ca],
    securityText: undefined,
    logFile: undefined,
    checkoutFolder: CHECKOUT_FOLDER,
    dashboardFolder: CHECKOUT_FOLDER,
  }
}

let merchantCount = 0

async function addMerchant(gateway: Gateway, feeBasisPoints: number): Promise<TestMerchant> {
  const merchantId = `M${++merchantCount}x${randomBytes(4).toString('hex')}`
  const caller = operator(merchantId, 'test')
  const publicKey = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  await gateway.deps.db.transaction(async (tx) => {
    await createMerchant(tx, caller, { name: 'Corner Coffee', feeBasisPoints })
    await registerMerchantKey(tx, caller, { mode: 'test', publicKey })
    await registerMerchantKey(tx, caller, { mode: 'live', publicKey })
  })
  const webhookSecret = await gateway.deps.db.transaction((tx) =>
    createNotificationSecret({ tx, secrets: gateway.deps.secrets }, caller, 0),
  )
  const { key, apiKeyId } = await addKey(gateway, merchantId, { kind: 'sk', mode: 'test', scopes: [] })
  return { merchantId, secretKey: key, apiKeyId, webhookSecret, privateKey: rsa.privateKey }
}

function addKey(gateway: Gateway, merchantId: string, wanted: WantedKey): Promise<{ key: string; apiKeyId: string }> {
  const { db, listening } = gateway.deps
  const { pepper } = listening
  return db.transaction((tx) =>
    createApiKey(tx, operator(merchantId, wanted.mode), { name: 'test key', pepper, ...wanted }),
  )
}

/** Whoever sets things up behind the API's back. */
export function operator(merchantId: string, mode: Mode): Caller {
  return { merchantId, mode, actor: 'operator', requestId: null, now: new Date() }
}

async function freePorts(): Promise<[number, number, number, number]> {
  const servers = await Promise.all([listen(), listen(), listen(), listen()])
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return [ports[0] ?? 0, ports[1] ?? 0, ports[2] ?? 0, ports[3] ?? 0]
}

function listen(): Promise<ReturnType<typeof createServer>> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer } from 'node:net'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { generateKeyRing } from '@ucanpay/vault/key-ring'
import type { Mode } from '@ucanpay/wire/api-key'
import { Agent, request } from 'undici'
import { inject, onTestFinished } from 'vitest'
import { createAuthority, issueCertificate } from '../../../cli/src/sandbox/development-ca.ts'
import type { Acquirer } from '../../src/acquirers/acquirer.ts'
import type { SandboxAcquirer } from '../../src/acquirers/sandbox/sandbox-acquirer.ts'
import { compose, type Gateway } from '../../src/compose.ts'
import type { Config } from '../../src/config.ts'
import { createApiKey, type NewApiKey } from '../../src/domain/api-keys/create-api-key.ts'
import type { Caller } from '../../src/domain/caller.ts'
import { createMerchant, registerMerchantKey } from '../../src/domain/merchants/create-merchant.ts'
import { generatePlatformKeySet } from '../../src/domain/signatures/platform-keys.ts'
import { createLog } from '../../src/observability/log.ts'
import { cloneDatabase } from './database-server.ts'
import { startReceiver, type Receiver } from './receiver.ts'

/** Keys and certificates cost time to make and nothing to share: one set for all gateways of a test process. */
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const keyRing = generateKeyRing()
const signingKeys = generatePlatformKeySet()
const ca = await createAuthority(new Date())
const leaf = await issueCertificate(ca, {
  names: ['localhost'],
  addresses: ['127.0.0.1'],
  notBefore: new Date(Date.now() - 86_400_000),
  notAfter: new Date(Date.now() + 86_400_000),
})
export const testCertificates = { ca: ca.certificate.toString('pem'), authority: ca, ...leaf }

export const CHECKOUT_FOLDER = new URL('./checkout-page/', import.meta.url).pathname

/** An answer of the gateway. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The parsed body; an empty object where it is not JSON. */
  readonly body: Record<string, unknown>
  readonly msg: unknown
  readonly data: Record<string, unknown>
}

/** A merchant of a test gateway, with a secret key of its own in test mode. */
export interface TestMerchant {
  readonly merchantId: string
  readonly secretKey: string
  readonly apiKeyId: string
}

export interface GatewayOptions {
  readonly acquirer?: (sandbox: SandboxAcquirer) => Acquirer
  readonly feeBasisPoints?: number
  /** `api` where the worker must not move anything by itself. */
  readonly role?: Config['role']
}

/** A running test gateway, and everything that a test does to it. */
export interface TestGateway extends ClientParts, TestClient {
  readonly checkoutUrl: string
  readonly config: Config
  /** Every line that was logged. */
  readonly log: readonly string[]
  readonly keyPair: typeof rsa
  /** Moves the gateway's clock; the machine's stays. */
  moveClock(ms: number): void
  addMerchant(): Promise<TestMerchant>
  addKey(wanted: Omit<NewApiKey, 'pepper' | 'name'>): Promise<{ key: string; apiKeyId: string }>
  rows<Row = Record<string, unknown>>(table: string): Promise<Row[]>
}

type TestClient = ReturnType<typeof client>

/** A whole gateway on its own empty database, with one merchant; it stops when the test ends. */
export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const database = await cloneDatabase(inject('adminUrl'), inject('templateName'))
  const [apiPort, checkoutPort] = await freePorts()
  const lines: string[] = []
  const log = createLog({ write: (line: string) => void lines.push(line) })
  let movedMs = 0
  const clock = { now: () => new Date(Date.now() + movedMs) }
  const config: Config = {
    role: options.role ?? 'all',
    host: '127.0.0.1',
    apiPort,
    checkoutPort,
    checkoutUrl: `https://localhost:${checkoutPort}`,
    databaseUrl: database.databaseUrl,
    databaseConnections: 10,
    tlsCert: leaf.cert,
    tlsKey: leaf.key,
    keyRing,
    signingKeys,
    extraCa: [testCertificates.ca],
    logFile: undefined,
    checkoutFolder: CHECKOUT_FOLDER,
  }
  const gateway = compose(config, log, { clock, ...(options.acquirer ? { acquirer: options.acquirer } : {}) })
  await gateway.migrate()
  await gateway.start()
  const agent = new Agent({ connect: { ca: testCertificates.ca }, connections: 64 })
  const receiver = await startReceiver(testCertificates)
  onTestFinished(async () => {
    await agent.close()
    await gateway.stop()
    await receiver.close()
    await database.drop()
  })
  const merchant = await addMerchant(gateway, options.feeBasisPoints ?? 0)
  const parts = { gateway, agent, receiver, merchant, apiUrl: `https://localhost:${apiPort}` }
  return {
    ...parts,
    ...client(parts),
    checkoutUrl: config.checkoutUrl,
    config,
    log: lines,
    keyPair: rsa,
    moveClock: (ms) => {
      movedMs += ms
    },
    addMerchant: () => addMerchant(gateway, 0),
    addKey: (wanted) => addKey(gateway, merchant.merchantId, wanted),
    rows: <Row = Record<string, unknown>>(table: string) => gateway.deps.db.query<Row>(`select * from ${table}`),
  }
}

interface ClientParts {
  readonly gateway: Gateway
  readonly agent: Agent
  readonly receiver: Receiver
  readonly merchant: TestMerchant
  readonly apiUrl: string
}

export interface CallOptions {
  readonly key?: string | null
  readonly headers?: Record<string, string>
}

function client(parts: ClientParts) {
  const { agent, apiUrl, merchant, receiver } = parts
  const send = async (
    method: 'GET' | 'POST',
    url: string,
    init: CallOptions & { body?: string | Buffer },
  ): Promise<Answer> => {
    const key = init.key === undefined ? merchant.secretKey : init.key
    const reply = await request(url.startsWith('/') ? apiUrl + url : url, {
      method,
      dispatcher: agent,
      headers: {
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...init.headers,
      },
      body: init.body ?? null,
    })
    const text = await reply.body.text()
    let body: Record<string, unknown> = {}
    if (String(reply.headers['content-type']).includes('json')) body = JSON.parse(text) as Record<string, unknown>
    const data = (body['data'] ?? {}) as Record<string, unknown>
    return { status: reply.statusCode, headers: reply.headers, text, body, msg: body['msg'], data }
  }
  const post = (path: string, body: object, options: CallOptions = {}): Promise<Answer> =>
    send('POST', path, { ...options, body: JSON.stringify(body) })
  const order = (values: object = {}): Record<string, unknown> => ({
    subject: 'Coffee',
    body: 'One coffee with milk',
    totalAmt: 450,
    currency: 'CAD',
    sceneType: 'MWEB',
    notifyUrl: receiver.url,
    ...values,
  })
  const place = (values: object = {}, options: CallOptions = {}): Promise<Answer> =>
    post('/payment/unifiedorder', order(values), options)
  const tokenOf = (payUrl: unknown): string => String(payUrl).split('/').at(-1) ?? ''
  const checkout = (payUrl: unknown, action: string, body: object): Promise<Answer> =>
    post(`${new URL(String(payUrl)).origin}/checkout-api/orders/${tokenOf(payUrl)}/${action}`, body, { key: null })
  const pay = (payUrl: unknown, card: object = {}): Promise<Answer> => checkout(payUrl, 'pay', { ...CARD, ...card })
  return {
    send,
    post,
    order,
    place,
    pay,
    checkout,
    tokenOf,
    get: (path: string, options: CallOptions = {}) => send('GET', path, options),
    /** The same body, with the members that a signed one has. */
    signed: (path: string, body: object) => signBody(path, { merchantId: merchant.merchantId, ...body }),
    /** Places an order and pays it. */
    async paidOrder(values: object = {}) {
      const placed = await place(values)
      await pay(placed.data['payUrl'])
      return placed.data as { outTradeNo: string; ucpOrderNo: string; totalAmt: number; payUrl: string }
    },
  }
}

export const CARD = {
  number: '4242424242424242',
  expiryMonth: 12,
  expiryYear: new Date().getUTCFullYear() + 2,
  securityCode: '737',
  holderName: 'Ada Lovelace',
}

/** Signs a body as a merchant would, with plain `node:crypto`. */
export function signBody(path: string, body: object): Record<string, unknown> {
  const members = {
    nonceStr: randomBytes(16).toString('hex'),
    signType: 'RSA',
    timestamp: new Date().toISOString(),
    ...body,
  }
  const text = stringToSign(members, path)
  return { ...members, sign: sign('sha256', Buffer.from(text), rsa.privateKey).toString('base64') }
}

let merchantCount = 0

async function addMerchant(gateway: Gateway, feeBasisPoints: number): Promise<TestMerchant> {
  const merchantId = `M${++merchantCount}x${randomBytes(4).toString('hex')}`
  const caller = operator(merchantId, 'test')
  const publicKey = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  await gateway.deps.db.transaction(async (tx) => {
    await createMerchant(tx, caller, { name: 'Corner Coffee', feeBasisPoints })
    await registerMerchantKey(tx, caller, { mode: 'test', publicKey })
  })
  await gateway.deps.db.transaction((tx) => gateway.deps.secrets.create(tx, caller, 0))
  const { key, apiKeyId } = await addKey(gateway, merchantId, { kind: 'sk', mode: 'test', scopes: [] })
  return { merchantId, secretKey: key, apiKeyId }
}

function addKey(gateway: Gateway, merchantId: string, wanted: Omit<NewApiKey, 'pepper' | 'name'>) {
  const { db, pepper } = gateway.deps
  return db.transaction((tx) =>
    createApiKey(tx, operator(merchantId, wanted.mode), { name: 'test key', pepper, ...wanted }),
  )
}

export function operator(merchantId: string, mode: Mode): Caller {
  return { merchantId, mode, actor: 'operator', requestId: null, now: new Date() }
}

async function freePorts(): Promise<[number, number]> {
  const servers = await Promise.all([listen(), listen()])
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return [ports[0] ?? 0, ports[1] ?? 0]
}

function listen(): Promise<ReturnType<typeof createServer>> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

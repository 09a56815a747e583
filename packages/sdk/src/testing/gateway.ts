import { createHmac, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { publicKeyOf, type Account } from './account.ts'
import type { Speaker } from './answer-request.ts'
import { issueTestCertificates, type TestCertificates } from './certificates.ts'
import type { Sending } from './deliver.ts'
import { Faults } from './faults.ts'
import type { OrderState, TestClientOptions, TestGatewayOptions } from './options.ts'
import { createRandom, type Order, type State } from './state.ts'

/** A request as it came, without any key. */
export interface TestRequest {
  readonly method: string
  readonly path: string
  /** What follows the question mark. */
  readonly query: string
  /** Without `authorization`. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as it was read; undefined where there was none, or none in JSON. */
  readonly body: Readonly<Record<string, unknown>> | undefined
  /** The answer's HTTP status; undefined where none was given. */
  readonly status: number | undefined
}

/** The parts of a test gateway. */
export interface BuiltGateway {
  readonly state: State
  readonly account: Account
  readonly sending: Sending
  readonly faults: Faults
  readonly requests: TestRequest[]
  readonly certificates: TestCertificates
  readonly client: Omit<TestClientOptions, 'apiKey' | 'baseUrl'>
  readonly platformKey: string
  /** @param baseUrl where it listens */
  speaker(baseUrl: string): Speaker
  show(order: Order): OrderState
  moveClock(ms: number): void
}

/** Making RSA keys takes longer than everything else, and one process has no use for several. */
let keys: Promise<Readonly<Record<'merchant' | 'RSA' | 'ED25519', KeyObject>>> | undefined

async function makeKeys() {
  const generate = promisify(generateKeyPair)
  const [merchant, rsa, ed25519] = await Promise.all([
    generate('rsa', { modulusLength: 2048 }),
    generate('rsa', { modulusLength: 2048 }),
    generate('ed25519'),
  ])
  return { merchant: merchant.privateKey, RSA: rsa.privateKey, ED25519: ed25519.privateKey }
}

function emptyState(parts: Pick<State, 'merchantId' | 'clock' | 'random'>): State {
  return {
    ...parts,
    orders: new Map(),
    refunds: new Map(),
    notifications: [],
    nonces: new Map(),
    done: new Map(),
    balances: new Map(),
  }
}

/** Makes the parts of a test gateway; nothing listens yet. */
export async function buildGateway(options: TestGatewayOptions): Promise<BuiltGateway> {
  const { merchantId = 'TESTMERCHANT', signatureScheme: scheme = 'guide-2024', replySignature = 'RSA' } = options
  keys ??= makeKeys()
  const { merchant, ...platform } = await keys
  let movedMs = 0
  const base = options.clock ?? (() => new Date())
  const random = createRandom(options.seed)
  const state = emptyState({ merchantId, clock: { now: () => new Date(base().getTime() + movedMs) }, random })
  const account: Account = {
    state,
    keys: new Map(),
    publicKey: publicKeyOf(merchant),
    scheme,
    signatures: options.signatures ?? 'required',
    maxFailuresInARow: options.maxFailuresInARow ?? 20,
  }
  const certificates = issueTestCertificates()
  const signer = { algorithm: replySignature, privateKey: platform[replySignature], random }
  const links = linksOf(merchantId, random(32))
  return {
    state,
    account,
    sending: {
      signer,
      scheme,
      webhookSecret: `whsec_${random(32).toString('base64')}`,
      ca: [certificates.ca, ...[options.notificationCa ?? []].flat()],
    },
    faults: new Faults(),
    requests: [],
    certificates,
    client: {
      merchantId,
      privateKey: merchant.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ca: certificates.ca,
      signatureScheme: scheme,
    },
    platformKey: createPublicKey(signer.privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    speaker: (baseUrl) => ({
      account,
      signer,
      published: { keys: [jwkOf(platform.RSA, 'rsa-test', 'RS256'), jwkOf(platform.ED25519, 'ed25519-test', 'EdDSA')] },
      answering: { merchantId, payUrl: ({ ucpOrderNo }) => links(baseUrl, ucpOrderNo) },
    }),
    show: (order) => show(state, order),
    moveClock: (ms) => {
      movedMs += ms
    },
  }
}

/** Addresses that look like those of the hosted checkout, each with a MAC. */
function linksOf(merchantId: string, key: Buffer) {
  return (baseUrl: string, ucpOrderNo: string): string => {
    const identity = `t${merchantId}-${ucpOrderNo}`
    const mac = createHmac('sha256', key).update(identity).digest().subarray(0, 16)
    return `${baseUrl}/pay/${identity}-${mac.toString('base64url')}`
  }
}

function jwkOf(key: KeyObject, kid: string, alg: string): object {
  return { ...createPublicKey(key).export({ format: 'jwk' }), kid, use: 'sig', alg }
}

function show(state: State, order: Order): OrderState {
  const { ucpOrderNo, outTradeNo, tradeStatus, totalAmt, capturedAmt, currency } = order
  const refunds = [...state.refunds.values()].filter((refund) => refund.ucpOrderNo === ucpOrderNo)
  return {
    ucpOrderNo,
    outTradeNo,
    tradeStatus,
    totalAmt,
    capturedAmt,
    totalRefundAmt: order.refundAmt,
    currency,
    declineReason: order.attempts.at(-1)?.reason,
    refunds: refunds.map(({ outRefundNo, refundAmt, refundStatus }) => ({ outRefundNo, refundAmt, refundStatus })),
  }
}

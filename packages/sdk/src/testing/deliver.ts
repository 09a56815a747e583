import { createHmac } from 'node:crypto'
import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { SignatureScheme } from '@ucanpay/wire/string-to-sign'
import { isThisMachine } from './addresses.ts'
import { signData, type Signer } from './sign.ts'
import type { TestNotification } from './state.ts'

/** A notification as it goes over the wire, for tests that hand it to their code themselves. */
export interface SignedNotification {
  readonly notificationId: string
  readonly kind: 'payment' | 'refund'
  readonly notifyUrl: string
  readonly rawBody: string
  readonly headers: Readonly<Record<string, string>>
  readonly data: Readonly<Record<string, unknown>>
  /** Attempts to deliver it so far. */
  readonly attempts: number
  readonly status: 'pending' | 'delivered' | 'failed'
}

/** What one attempt came to. */
export interface Delivery {
  readonly notificationId: string
  readonly outTradeNo: string
  readonly notifyUrl: string
  readonly delivered: boolean
  /** The receiver's HTTP status; undefined where none came. */
  readonly httpStatus: number | undefined
  /** Why not, where it was not delivered. */
  readonly reason: string | undefined
}

/** What notifications are signed with and sent by. */
export interface Sending {
  readonly signer: Signer
  readonly scheme: SignatureScheme
  readonly webhookSecret: string
  /** PEM of authorities to trust beside the usual ones. */
  readonly ca: readonly string[]
}

/** The first attempt and ten more (contract §6). */
const MOST_ATTEMPTS = 11
const TIMEOUT_MS = 10_000
const ANSWER_LIMIT_BYTES = 64 * 1024

/**
 * Signs a notification anew, as each attempt does. Its times are the machine's, which a receiver compares them with, even
 * where the gateway's clock was moved.
 */
export function signNotification(
  { signer, scheme, webhookSecret }: Sending,
  told: TestNotification,
): SignedNotification {
  const { notificationId, kind, notifyUrl, attempts, status } = told
  const now = new Date()
  const data = signData(signer, told.data, { scheme, path: new URL(notifyUrl).pathname })
  const rawBody = JSON.stringify({ code: 0, msg: 'SUCCESS', data, timestamp: now.toISOString() })
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const key = Buffer.from(webhookSecret.replace(/^whsec_/, ''), 'base64')
  const mac = createHmac('sha256', key).update(`${notificationId}.${timestamp}.${rawBody}`).digest('base64')
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'UCanPay-Notifications/1.0',
    'webhook-id': notificationId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac}`,
  }
  return { notificationId, kind, notifyUrl, rawBody, headers, data, attempts, status }
}

/**
 * Makes one attempt to deliver a notification. Only this machine is dialled: a test that names a real address must not
 * reach it.
 */
export async function deliver(sending: Sending, told: TestNotification): Promise<Delivery> {
  const { notificationId, outTradeNo, notifyUrl } = told
  const { httpStatus, reason } = await attempt(sending, told)
  told.attempts += 1
  if (reason === undefined) told.status = 'delivered'
  else if (told.attempts >= MOST_ATTEMPTS) told.status = 'failed'
  return { notificationId, outTradeNo, notifyUrl, delivered: reason === undefined, httpStatus, reason }
}

interface Outcome {
  readonly httpStatus: number | undefined
  readonly reason: string | undefined
}

async function attempt(sending: Sending, told: TestNotification): Promise<Outcome> {
  if (!isThisMachine(new URL(told.notifyUrl))) {
    return { httpStatus: undefined, reason: 'notifyUrl is not on this machine, and a test gateway calls nobody else' }
  }
  try {
    const { status, text } = await post(sending, signNotification(sending, told))
    if (status < 200 || status > 299) return { httpStatus: status, reason: `the receiver answered with ${status}` }
    if (isTaken(text)) return { httpStatus: status, reason: undefined }
    return { httpStatus: status, reason: 'the receiver did not answer {"return_code":"SUCCESS"}' }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return { httpStatus: undefined, reason: `the receiver cannot be reached: ${code}` }
  }
}

function post(
  { ca }: Sending,
  { notifyUrl, headers, rawBody }: SignedNotification,
): Promise<{ status: number; text: string }> {
  const length = { 'content-length': String(Buffer.byteLength(rawBody)) }
  const options = {
    method: 'POST',
    headers: { ...headers, ...length },
    agent: false,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }
  return new Promise((resolve, reject) => {
    const read = (incoming: IncomingMessage): void => {
      const parts: Buffer[] = []
      let size = 0
      incoming.on('data', (part: Buffer) => {
        size += part.length
        if (size > ANSWER_LIMIT_BYTES) incoming.destroy(new Error('the answer is too long'))
        else parts.push(part)
      })
      incoming.once('error', reject)
      incoming.once('end', () =>
        resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
      )
    }
    const isPlain = notifyUrl.startsWith('http:')
    const outgoing = isPlain
      ? requestHttp(notifyUrl, options, read)
      : requestHttps(notifyUrl, { ...options, ca: [...rootCertificates, ...ca], rejectUnauthorized: true }, read)
    outgoing.once('error', reject)
    outgoing.end(rawBody)
  })
}

function isTaken(text: string): boolean {
  try {
    return (JSON.parse(text) as { return_code?: unknown } | null)?.return_code === 'SUCCESS'
  } catch {
    return false
  }
}

import { createHmac, createPublicKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import type { PaymentNotificationData, RefundNotificationData } from '@ucanpay/wire/payment-replies'
import { UCanPaySignatureError } from '../errors.ts'
import { verifyMembers } from '../signing.ts'

/** A verified notification. `refundStatus` is there where it tells of a refund. */
export interface UCanPayNotification {
  /** The same for every attempt to deliver it: keep it, and a notification that comes twice is seen. */
  readonly id: string
  readonly kind: 'payment' | 'refund'
  readonly data: PaymentNotificationData & Partial<Omit<RefundNotificationData, keyof PaymentNotificationData>>
}

/** Header names in any case, as every framework has them. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** What a notification is verified with. */
export interface WebhookVerification {
  /** `whsec_…`; several while one replaces the other. */
  readonly secret: string | readonly string[]
  /** The gateway's public keys, PEM: the signature inside `data` is then verified as well, over `path`. */
  readonly platformKeys?: string | readonly string[]
  /** The path of your notification address. */
  readonly path?: string
}

/** What is answered to the gateway once a notification is taken. */
export const NOTIFICATION_TAKEN = '{"return_code":"SUCCESS"}'

const CLOCK_SKEW_S = 300

/**
 * Verifies a notification by its Standard Webhooks signature, and by the one inside it where `platformKeys` are given.
 *
 * @param rawBody the very bytes that came; a body that was parsed and written again does not verify
 * @throws UCanPaySignatureError for anything that is not the gateway's, or is older than 5 minutes
 */
export function verifyWebhook(
  rawBody: string | Uint8Array,
  headers: WebhookHeaders,
  verification: WebhookVerification,
): UCanPayNotification {
  const body = Buffer.from(rawBody).toString('utf8')
  const id = header(headers, 'webhook-id')
  const timestamp = header(headers, 'webhook-timestamp')
  const signatures = header(headers, 'webhook-signature')
  if (!/^[0-9]{1,12}$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > CLOCK_SKEW_S) {
    throw new UCanPaySignatureError('The notification is not of these minutes.')
  }
  const secrets = [verification.secret].flat()
  const signed = `${id}.${timestamp}.${body}`
  if (!secrets.some((secret) => isSignedWith(secret, { signed, signatures }))) {
    throw new UCanPaySignatureError('The notification is not signed with a secret of yours.')
  }
  const data = readData(body)
  const keys = [verification.platformKeys ?? []].flat().map((pem) => createPublicKey(pem))
  if (keys.length > 0) requireGatewaySignature(keys, data, verification.path)
  return { id, kind: 'refundStatus' in data ? 'refund' : 'payment', data: data as UCanPayNotification['data'] }
}

function header(headers: WebhookHeaders, name: string): string {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  if (typeof found !== 'string' || found === '') throw new UCanPaySignatureError(`The header ${name} is missing.`)
  return found
}

function isSignedWith(secret: string, { signed, signatures }: { signed: string; signatures: string }): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  if (key.length < 16) throw new UCanPaySignatureError('The webhook secret is not one of the gateway.')
  const expected = createHmac('sha256', key).update(signed).digest()
  return signatures.split(' ').some((entry) => {
    const [version, text = ''] = entry.split(',', 2)
    const given = Buffer.from(text, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
}

function readData(body: string): Record<string, unknown> {
  let data: unknown
  try {
    data = (JSON.parse(body) as { data?: unknown }).data
  } catch {
    data = undefined // What is not JSON has no data either.
  }
  if (typeof data !== 'object' || data === null) throw new UCanPaySignatureError('The notification holds no data.')
  return data as Record<string, unknown>
}

function requireGatewaySignature(
  keys: readonly KeyObject[],
  data: Record<string, unknown>,
  path: string | undefined,
): void {
  if (path === undefined) throw new UCanPaySignatureError('Give the path of your notification address.')
  const fits = (['guide-2024', 'reference-v1'] as const).some((scheme) => verifyMembers(keys, data, { scheme, path }))
  if (!fits) throw new UCanPaySignatureError("The notification's data is not signed by the gateway.")
}

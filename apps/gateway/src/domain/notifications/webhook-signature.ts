import { createHmac } from 'node:crypto'

/** The headers of the Standard Webhooks scheme. */
export interface WebhookHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

/**
 * Signs a body by the Standard Webhooks scheme, once for each secret that is valid, so that a receiver with either the
 * old or the new one accepts it while they change.
 *
 * @param secrets `whsec_` and base64
 * @param message.at the moment of this attempt; a receiver refuses one that is minutes old
 */
export function webhookHeaders(
  secrets: readonly string[],
  message: { id: string; at: Date; body: string },
): WebhookHeaders {
  const timestamp = String(Math.floor(message.at.getTime() / 1000))
  const signed = `${message.id}.${timestamp}.${message.body}`
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  })
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

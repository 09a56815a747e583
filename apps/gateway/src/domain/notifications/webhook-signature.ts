import { createHmac } from 'node:crypto'

/** What the signature covers. */
interface Message {
  readonly id: string
  readonly at: Date
  readonly body: string
}

/** The headers of the Standard Webhooks scheme. */
export interface WebhookHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

/** The headers of a message. @param signatures one of each secret that is valid, so that a receiver with any accepts it */
export function webhookHeaders(message: Message, signatures: readonly string[]): WebhookHeaders {
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestampOf(message),
    'webhook-signature': signatures.join(' '),
  }
}

/** Signs a message by the Standard Webhooks scheme. @param secret `whsec_` and base64 */
export function signWebhook(secret: string, message: Message): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signed = `${message.id}.${timestampOf(message)}.${message.body}`
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}

function timestampOf({ at }: Message): string {
  return String(Math.floor(at.getTime() / 1000))
}

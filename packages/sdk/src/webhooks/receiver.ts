import { scrubLog } from '@ucanpay/redaction/scrub-log'
import { UCanPayConfigError, UCanPaySignatureError } from '../errors.ts'
import { keysNow, type KeySource } from '../key-source.ts'
import { seenInMemory, type SeenNotifications } from './seen.ts'
import { NOTIFICATION_TAKEN, verifyWebhook, type UCanPayNotification, type WebhookHeaders } from './verify.ts'

/** How notifications are received. */
export interface WebhookOptions {
  /** `whsec_…`, several while one replaces the other, or a function that is asked at each notification. */
  readonly secret: KeySource
  /**
   * Called once for each notification that is verified. Where it throws, the gateway sends the notification again
   * (after 15 s, 15 s, 30 s, 3 min … 12 h, contract §6). It has 10 s: what takes longer belongs into a queue of yours.
   */
  readonly onNotification: (notification: UCanPayNotification) => Promise<void> | void
  /** What was taken before. In this process's memory where absent: with several processes, give `seenInPostgres`. */
  readonly seen?: SeenNotifications
  /**
   * Hears the whole story of what was refused or failed; whoever sent it hears none of it. Where absent it is a warning,
   * without card numbers, keys and addresses. One that throws changes no answer.
   */
  readonly onFailure?: (failure: WebhookFailure) => unknown
  /** The gateway's public keys, PEM: the signature inside `data` is then verified as well, over `path`. */
  readonly platformKeys?: KeySource
  /** The path of your notification address, which the signature inside `data` covers. */
  readonly path?: string
}

/** What became of a notification that was not taken. */
export interface WebhookFailure {
  /** `refused`: it was not the gateway's. `failed`: your own code threw. */
  readonly kind: 'refused' | 'failed'
  /** The notification's id, where it was verified. */
  readonly id: string | undefined
  readonly error: Error
}

/** What is answered. It says nothing of why. */
export interface WebhookAnswer {
  readonly status: 200 | 400 | 401 | 405 | 409 | 413 | 500
  readonly body: string
}

/** More than any notification holds. */
export const LARGEST_NOTIFICATION_BYTES = 256 * 1024

const NOT_TAKEN = '{"return_code":"FAIL"}'

/** Takes notifications, each once, whatever the framework. */
export class NotificationReceiver {
  readonly #options: WebhookOptions
  readonly #seen: SeenNotifications

  /** @throws UCanPayConfigError where platform keys are given and no path */
  constructor(options: WebhookOptions) {
    if (options.platformKeys !== undefined && options.path === undefined) {
      throw new UCanPayConfigError('Give the path of your notification address: the signature covers it.')
    }
    this.#options = options
    this.#seen = options.seen ?? seenInMemory()
  }

  /** Verifies what came, does it once, and says what to answer. Never throws. */
  async receive(rawBody: string | Uint8Array, headers: WebhookHeaders): Promise<WebhookAnswer> {
    let notification: UCanPayNotification
    try {
      notification = await this.#verified(rawBody, headers)
    } catch (error) {
      const isTheirs = error instanceof UCanPaySignatureError
      this.#tell({ kind: isTheirs ? 'refused' : 'failed', id: undefined, error: errorOf(error) })
      return refusal(isTheirs ? 401 : 500)
    }
    return this.#take(notification)
  }

  /** Says what to answer where the body did not come whole: whoever sent it has broken off. */
  brokenOff(error: unknown): WebhookAnswer {
    this.#tell({ kind: 'refused', id: undefined, error: errorOf(error) })
    return refusal(400)
  }

  async #verified(rawBody: string | Uint8Array, headers: WebhookHeaders): Promise<UCanPayNotification> {
    const { secret, platformKeys, path } = this.#options
    return verifyWebhook(rawBody, headers, {
      secret: await keysNow(secret, 'webhook secret'),
      ...(platformKeys === undefined
        ? {}
        : { platformKeys: await keysNow(platformKeys, "public key of the gateway's") }),
      ...(path === undefined ? {} : { path }),
    })
  }

  async #take(notification: UCanPayNotification): Promise<WebhookAnswer> {
    const { id } = notification
    let begun = false
    try {
      const taking = await this.#seen.begin(id)
      if (taking === 'taken') return { status: 200, body: NOTIFICATION_TAKEN }
      // The gateway asks again in some seconds, when it is known how it ended.
      if (taking === 'busy') return refusal(409)
      begun = true
      await this.#options.onNotification(notification)
      await this.#seen.finish(id)
      return { status: 200, body: NOTIFICATION_TAKEN }
    } catch (error) {
      this.#tell({ kind: 'failed', id, error: errorOf(error) })
      if (begun) await this.#giveUp(id)
      return refusal(500)
    }
  }

  async #giveUp(id: string): Promise<void> {
    try {
      await this.#seen.giveUp(id)
    } catch (error) {
      this.#tell({ kind: 'failed', id, error: errorOf(error) })
    }
  }

  #tell(failure: WebhookFailure): void {
    const { onFailure = warn } = this.#options
    try {
      const told = onFailure(failure)
      if (told instanceof Promise) told.catch(() => undefined)
    } catch {
      return // Whoever sent the notification gets the same answer, and the process goes on.
    }
  }
}

/** An answer that says nothing of why. */
export function refusal(status: Exclude<WebhookAnswer['status'], 200>): WebhookAnswer {
  return { status, body: NOT_TAKEN }
}

function warn({ kind, error }: WebhookFailure): void {
  process.emitWarning(`A notification was ${kind}: ${scrubLog(error.message)}`, 'UCanPayWebhook')
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error('something other than an error was thrown', { cause: error })
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { UCanPayError } from './errors.ts'
import { UCanPayConnectionError, UCanPaySignatureError } from './errors.ts'

const BASE_MS = 250
const LONGEST_MS = 8_000

/** A failure after which the same request may well succeed, and with `Retry-After` where the gateway gave one. */
export interface Failed {
  readonly error: UCanPayError
  readonly retryAfter?: string | undefined
}

/**
 * True where asking again does no harm and may help: nothing was answered, the gateway is busy or broken. All requests
 * of this client carry a number of their own, so the gateway does each of them once.
 */
export function isWorthRetrying(error: UCanPayError): boolean {
  if (error instanceof UCanPaySignatureError) return false
  if (error instanceof UCanPayConnectionError) return true
  return error.status === 429 || (error.status ?? 0) >= 500 || error.msg === 'BIZERR_NEED_RETRY'
}

/** Waits before the next try: what the gateway asked for, else twice as long each time, at random below that. */
export async function pause(attempt: number, retryAfter: string | undefined): Promise<void> {
  const asked = Number(retryAfter)
  const waitMs = Number.isFinite(asked) && asked > 0 ? asked * 1000 : Math.random() * BASE_MS * 2 ** attempt
  await sleep(Math.min(waitMs, LONGEST_MS))
}

import type { KeyObject } from 'node:crypto'
import type { ApiKeyKind } from '@ucanpay/wire/api-key'
import type { Receiver } from '../../apps/gateway/test/support/receiver.ts'

/** Something that speaks the contract, and what a test needs behind its API. */
export interface Target {
  readonly baseUrl: string
  /** PEM. */
  readonly ca: string
  readonly merchantId: string
  /** A secret key in test mode, of an account for which signatures are optional. */
  readonly apiKey: string
  /** RSA. */
  readonly privateKey: KeyObject
  readonly webhookSecret: string
  /** A merchant's server; its address is allowed for notifications. */
  readonly receiver: Receiver
  /** A buyer pays an order with a test card. */
  pay(order: { readonly outTradeNo: string; readonly payUrl: string }, card: string): Promise<void>
  /** Everything that is due is done: refunds, look-ups, expiries. */
  work(): Promise<void>
  /** Makes an attempt at every notification that waits. */
  deliver(): Promise<void>
  moveClock(ms: number): void
  addKey(kind: ApiKeyKind, scopes: readonly string[]): Promise<string>
  /** @param amount minor units, at most what the merchant is owed */
  payOut(currency: string, amount: number): Promise<void>
  stop(): Promise<void>
}

/** What a target is to be like. */
export interface TargetWish {
  /** Far away where absent. */
  readonly maxFailuresInARow?: number
}

export type StartTarget = (wish?: TargetWish) => Promise<Target>

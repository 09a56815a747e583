import { createHmac } from 'node:crypto'
import type { Caller } from '../caller.ts'

/** Members that differ at every try of one and the same request. */
const OF_THE_SIGNATURE = new Set(['merchantId', 'nonceStr', 'signType', 'sign', 'timestamp'])

/** A request, as far as it has to be the same for its answer to be. */
export interface RepeatableRequest {
  readonly method: string
  /** With the numbers in it. */
  readonly path: string
  readonly members: Readonly<Record<string, unknown>>
}

/**
 * What tells whether a request is the same as an earlier one. Keyed, because a body can hold words about somebody, and
 * bound to the merchant.
 *
 * @param key 32 bytes
 */
export function requestHash(key: Buffer, caller: Caller, { method, path, members }: RepeatableRequest): Buffer {
  const names = Object.keys(members).filter((name) => !OF_THE_SIGNATURE.has(name))
  const values = names.sort().map((name) => [name, members[name]])
  return createHmac('sha256', key)
    .update(JSON.stringify(['idempotent request', caller.merchantId, caller.mode, method, path, values]))
    .digest()
}

import { Refusal } from './refusal.ts'
import type { State } from './state.ts'

const REMEMBERED_FOR_MS = 24 * 3_600_000
/** Members that differ at every try of one and the same request. */
const OF_THE_SIGNATURE = new Set(['merchantId', 'nonceStr', 'signType', 'sign', 'timestamp'])

/** A write, and what it is done once under. */
export interface Claim {
  /** As it came in the header `Idempotency-Key`; undefined where there was none. */
  readonly key: string | string[] | undefined
  readonly path: string
  readonly members: Readonly<Record<string, unknown>>
}

/** A write that can be done once. */
export interface Task {
  /** The business number that it is done under. @param claimed whether a repeat would find it again */
  numberOf(claimed: boolean): string
  perform(number: string): object
}

/**
 * Performs a write once for each Idempotency-Key; a repeat within 24 hours gives the first answer. Refusals are not kept.
 *
 * @throws Refusal PARAM_ERROR for a key that is none; OUT_TRADE_NO_USED where it came with other values before
 * @see contract §4
 */
export function doOnce(state: State, { key, path, members }: Claim, task: Task): { data: object; repeated: boolean } {
  if (key === undefined) return { data: task.perform(task.numberOf(false)), repeated: false }
  if (typeof key !== 'string' || !/^[!-~]{1,255}$/.test(key)) {
    throw new Refusal('PARAM_ERROR', { failures: [{ pointer: '/headers/idempotency-key', rule: 'pattern' }] })
  }
  const now = state.clock.now().getTime()
  const offered = task.numberOf(true)
  const found = state.done.get(key)
  const earlier = found && found.expiresAt > now ? found : undefined
  const hash = hashOf(path, members)
  if (earlier && earlier.hash !== hash) throw new Refusal('OUT_TRADE_NO_USED')
  if (earlier?.answer !== undefined) return { data: earlier.answer as object, repeated: true }
  const number = earlier?.number ?? offered
  const claim = { hash, number, expiresAt: now + REMEMBERED_FOR_MS, answer: undefined as unknown }
  try {
    claim.answer = task.perform(number)
    state.done.set(key, claim)
    return { data: claim.answer as object, repeated: false }
  } catch (error) {
    // Whoever is to come again finds the number; any other refusal has done nothing.
    if (error instanceof Refusal && error.msg === 'BIZERR_NEED_RETRY') state.done.set(key, claim)
    else state.done.delete(key)
    throw error
  }
}

function hashOf(path: string, members: Claim['members']): string {
  const names = Object.keys(members).filter((name) => !OF_THE_SIGNATURE.has(name))
  return JSON.stringify([path, names.sort().map((name) => [name, members[name]])])
}

/** What can go wrong between a merchant and the gateway. */
export type FaultKind =
  /** The connection is cut before the gateway has read anything: nothing was done. */
  | 'connection-refused'
  /** The gateway acts, and the connection is cut before its answer. */
  | 'lost-answer'
  /** Nothing is done, and no answer ever comes. */
  | 'timeout'
  /** The gateway acts, and its answer carries a signature that is not its own. */
  | 'bad-signature'
  /** The gateway acts, and something in between answers with a page of its own. */
  | 'garbage'
  /** `SYSTEMERROR`, and nothing is done. */
  | 500
  | 503
  /** `FREQUENCY_LIMITED` with `Retry-After: 1`, and nothing is done. */
  | 429

/** A fault to order. */
export interface Fault {
  readonly with: FaultKind
  /** Of requests to this path alone; of any but those for the public keys where it is absent. */
  readonly path?: string
}

/** Faults that are still to come, in the order in which they were asked for. */
export class Faults {
  readonly #waiting: (Fault & { timesLeft: number })[] = []

  add(fault: Fault, times: number): void {
    if (times > 0) this.#waiting.push({ ...fault, timesLeft: times })
  }

  /** The fault that this request meets, used up. */
  take(path: string): FaultKind | undefined {
    const isFor = (fault: Fault): boolean =>
      fault.path === undefined ? !path.startsWith('/.well-known/') : fault.path === path
    const at = this.#waiting.findIndex(isFor)
    const fault = this.#waiting[at]
    if (!fault) return undefined
    fault.timesLeft -= 1
    if (fault.timesLeft === 0) this.#waiting.splice(at, 1)
    return fault.with
  }
}

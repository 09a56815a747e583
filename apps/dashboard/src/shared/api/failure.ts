import type { FailureMsg } from '@ucanpay/wire/failures'

/** What a refused call still needs: the header `x-needs` of a 403. */
export type Needs = 'reauthentication' | 'second-factor'

/** A call that failed: the gateway's own failure, or `OFFLINE` where no answer came at all. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly msg: FailureMsg | 'OFFLINE'
  /** The HTTP status; 0 where no answer came. */
  readonly status: number
  /** To be quoted to the operator; absent where no answer came. */
  readonly requestId: string | undefined
  readonly needs: Needs | undefined

  constructor(facts: { msg: FailureMsg | 'OFFLINE'; status: number; requestId?: string; needs?: Needs }) {
    super(facts.msg)
    this.msg = facts.msg
    this.status = facts.status
    this.requestId = facts.requestId
    this.needs = facts.needs
  }
}

/** Whatever was thrown, as a failure that a page can show. A fault of the page's own counts as SYSTEMERROR. */
export function asFailure(thrown: unknown): ApiFailure {
  return thrown instanceof ApiFailure ? thrown : new ApiFailure({ msg: 'SYSTEMERROR', status: 500 })
}

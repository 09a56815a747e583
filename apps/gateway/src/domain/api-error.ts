import type { FailureDetail, FailureMsg } from '@ucanpay/wire/failures'

/** What an `ApiError` may carry beside its name. */
export interface ApiErrorOptions extends ErrorOptions {
  /** One of the statuses of the `msg`, where not the usual one. */
  readonly status?: number
  /** Names and rules for test mode; never values. */
  readonly failures?: readonly FailureDetail[]
}

/** A failure that the contract foresees. `detail` is for our own record; it never reaches the caller. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly msg: FailureMsg
  readonly status: number | undefined
  readonly failures: readonly FailureDetail[] | undefined
  constructor(msg: FailureMsg, detail: string, options?: ApiErrorOptions) {
    super(detail, options)
    this.msg = msg
    this.status = options?.status
    this.failures = options?.failures
  }
}

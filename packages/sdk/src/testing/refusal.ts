import type { FailureDetail, FailureMsg } from '@ucanpay/wire/failures'

/** A failure that the contract foresees, on its way to the answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly msg: FailureMsg
  /** Where it is not the usual one of the `msg`. */
  readonly status: number | undefined
  readonly failures: readonly FailureDetail[] | undefined
  constructor(msg: FailureMsg, { status, failures }: { status?: number; failures?: readonly FailureDetail[] } = {}) {
    super(msg)
    this.msg = msg
    this.status = status
    this.failures = failures
  }
}

import type { FailureBody, FailureDetail, FailureMsg } from '@ucanpay/wire/failures'

/** The gateway refused, or something kept it from answering. Every error of this package is one. */
export class UCanPayError extends Error {
  override readonly name: string = 'UCanPayError'
  /** The gateway's name for the failure, e.g. `ORDERNOTEXIST`; undefined where no answer came. */
  readonly msg: FailureMsg | undefined
  /** The HTTP status; undefined where no answer came. */
  readonly status: number | undefined
  /** Quote it to the gateway's operator: the whole story is on record under it. */
  readonly requestId: string | undefined
  /** Test mode alone: which member broke which rule. */
  readonly detail: readonly FailureDetail[]
  constructor(message: string, failure?: Partial<FailureBody>, options?: ErrorOptions) {
    super(message, options)
    this.msg = failure?.msg
    this.status = failure?.status
    this.requestId = failure?.requestId
    this.detail = failure?.detail ?? []
  }
}

/** The client was set up in a way that cannot work or is not safe. */
export class UCanPayConfigError extends UCanPayError {
  override readonly name = 'UCanPayConfigError'
}

/** No answer came: no connection, a broken one, or a certificate that does not verify. */
export class UCanPayConnectionError extends UCanPayError {
  override readonly name: string = 'UCanPayConnectionError'
}

/** No answer came in time. The gateway may have acted; the same order or refund number asks it again safely. */
export class UCanPayTimeoutError extends UCanPayConnectionError {
  override readonly name = 'UCanPayTimeoutError'
}

/** An answer or a notification is not signed by the gateway. Nothing of it may be believed. */
export class UCanPaySignatureError extends UCanPayError {
  override readonly name = 'UCanPaySignatureError'
}

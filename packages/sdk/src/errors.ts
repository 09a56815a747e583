import { FAILURES, type FailureBody, type FailureDetail, type FailureMsg } from '@ucanpay/wire/failures'

/** A `msg` that this version knows, or the one of a newer gateway. */
export type AnyFailureMsg = FailureMsg | (string & Record<never, never>)

/** The gateway refused, or something kept it from answering. Every error of this package is one. */
export class UCanPayError extends Error {
  override readonly name: string = 'UCanPayError'
  /** The gateway's name for the failure, e.g. `ORDERNOTEXIST`; undefined where no answer came. */
  readonly msg: AnyFailureMsg | undefined
  /** The HTTP status; undefined where no answer came. */
  readonly status: number | undefined
  /** Quote it to the gateway's operator: the whole story is on record under it. */
  readonly requestId: string | undefined
  /** Test mode alone: which member broke which rule. */
  readonly detail: readonly FailureDetail[]
  /** How many times the request was sent, or tried to be; 0 where none was. */
  readonly tries: number = 0
  /** How long the gateway asked to wait, in milliseconds; undefined where it said nothing. */
  readonly retryAfterMs: number | undefined = undefined
  constructor(message: string, failure?: Partial<Omit<FailureBody, 'msg'>> & { msg?: string }, options?: ErrorOptions) {
    super(message, options)
    this.msg = failure?.msg
    this.status = failure?.status
    this.requestId = failure?.requestId
    this.detail = failure?.detail ?? []
  }
}

/** The gateway answered that it will not do it. `Refused` has a class for each `msg`. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- It narrows `msg` of what `Refused` has.
export class UCanPayRefusedError<Msg extends AnyFailureMsg = AnyFailureMsg> extends UCanPayError {
  override readonly name: string = 'UCanPayRefusedError'
  declare readonly msg: Msg
  declare readonly status: number
}

/** The class of one `msg`; what it builds narrows to that `msg`. */
export type RefusedClass<Msg extends FailureMsg> = new (
  message: string,
  failure?: Partial<FailureBody>,
  options?: ErrorOptions,
) => UCanPayRefusedError<Msg>

/**
 * A class for each `msg` of the gateway: `error instanceof Refused.ORDERNOTEXIST`. A `msg` that is newer than this
 * package is a `UCanPayRefusedError` with that `msg`.
 */
export const Refused: { readonly [Msg in FailureMsg]: RefusedClass<Msg> } = Object.fromEntries(
  Object.keys(FAILURES).map((msg) => [
    msg,
    class extends UCanPayRefusedError {
      override readonly name = `Refused.${msg}`
    },
  ]),
) as unknown as { readonly [Msg in FailureMsg]: RefusedClass<Msg> }

/**
 * The error of an answer that refuses.
 *
 * @param answer the body; what is not one of the contract's (a proxy's page, say) gives a plain `UCanPayError`
 */
export function refusalOf(status: number, answer: Readonly<Record<string, unknown>>): UCanPayError {
  const { msg, message, requestId, detail } = answer
  if (typeof msg !== 'string' || typeof message !== 'string') {
    return new UCanPayError(`The gateway answered with status ${status}.`, { status })
  }
  const failure = {
    status,
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(Array.isArray(detail) ? { detail: detail as FailureDetail[] } : {}),
  }
  const text = `${msg}: ${message} (${failure.requestId ?? 'no request id'})`
  if (isKnown(msg)) return new Refused[msg](text, { ...failure, msg })
  return new UCanPayRefusedError(text, { ...failure, msg })
}

function isKnown(msg: string): msg is FailureMsg {
  return Object.hasOwn(Refused, msg)
}

/** The client was set up or called in a way that cannot work or is not safe. Nothing was sent. */
export class UCanPayConfigError extends UCanPayError {
  override readonly name = 'UCanPayConfigError'
}

/** No answer came: no connection, or a broken one. */
export class UCanPayConnectionError extends UCanPayError {
  override readonly name: string = 'UCanPayConnectionError'
}

/** Whoever answered is not the gateway by its certificate, or by the pins. Nothing was sent to it. */
export class UCanPayCertificateError extends UCanPayConnectionError {
  override readonly name = 'UCanPayCertificateError'
}

/** No answer came in time. The gateway may have acted; the same order or refund number asks it again safely. */
export class UCanPayTimeoutError extends UCanPayConnectionError {
  override readonly name = 'UCanPayTimeoutError'
}

/** The call's `signal` ended it; `cause` is the signal's reason. The gateway may have acted, as after a time-out. */
export class UCanPayAbortedError extends UCanPayError {
  override readonly name = 'UCanPayAbortedError'
}

/** An answer or a notification is not signed by the gateway. Nothing of it may be believed. */
export class UCanPaySignatureError extends UCanPayError {
  override readonly name = 'UCanPaySignatureError'
}

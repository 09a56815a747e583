/**
 * Every failure that a caller can meet: the HTTP statuses it comes with (the first is the usual one) and its one
 * fixed sentence. Source: contract §5.
 */
export const FAILURES = {
  LACK_PARAMS: { statuses: [400], message: 'A required parameter is missing.' },
  PARAM_ERROR: { statuses: [400, 413, 415], message: 'A parameter is not valid.' },
  POST_DATA_EMPTY: { statuses: [400], message: 'The request has no body.' },
  NOT_UTF8: { statuses: [400], message: 'The request is not encoded in UTF-8.' },
  NOAUTH: { statuses: [401, 403], message: 'Authentication credentials were missing or incorrect.' },
  SIGNERROR: { statuses: [401], message: 'The request signature is missing or does not verify.' },
  ORDERNOTEXIST: { statuses: [404], message: 'The order does not exist.' },
  REFUNDNOTEXIST: { statuses: [404], message: 'The refund does not exist.' },
  NOT_FOUND: { statuses: [404], message: 'There is nothing at this address.' },
  REQUIRE_POST_METHOD: { statuses: [405], message: 'This endpoint does not answer this method.' },
  ORDERPAID: { statuses: [409], message: 'The order has been paid already.' },
  ORDERCLOSED: { statuses: [409], message: 'The order is closed.' },
  OUT_TRADE_NO_USED: { statuses: [409], message: 'The order number was used with other values.' },
  ORDER_NOT_READY: { statuses: [409], message: 'The order is not in a state that allows this.' },
  REFUND_FEE_MISMATCH: { statuses: [409], message: 'The amounts do not match the order or the earlier refund.' },
  BIZERR_NEED_RETRY: { statuses: [409], message: 'The order is busy. Retry with the same values.' },
  INVALID_REQUEST: { statuses: [422], message: 'The request is not allowed by the rules of this order.' },
  NOTENOUGH: { statuses: [422], message: 'The balance does not cover this.' },
  TRADE_OVERDUE: { statuses: [422], message: 'The time limit for this has passed.' },
  USER_ACCOUNT_ABNORMAL: { statuses: [422], message: 'The account does not allow this.' },
  ERROR: { statuses: [422], message: 'The request could not be carried out.' },
  FREQUENCY_LIMITED: { statuses: [429], message: 'Too many requests. Wait and retry.' },
  INVALID_REQ_TOO_MUCH: { statuses: [429], message: 'Too many failed requests. Wait and retry.' },
  SYSTEMERROR: { statuses: [500, 503], message: 'Something went wrong on our side. Retry with the same values.' },
} as const

/** The `msg` member of a failed reply. */
export type FailureMsg = keyof typeof FAILURES

/** Names of the HTTP statuses in use, for the `error` member of a failed reply (RFC 9110 §15). */
const STATUS_NAMES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** A place in the request and the rule that it broke: names only, never a value. Test mode alone (contract §5). */
export interface FailureDetail {
  readonly pointer: string
  readonly rule: string
}

/** The one body of every failure (contract §5). */
export interface FailureBody {
  readonly code: number
  readonly msg: FailureMsg
  readonly status: number
  readonly error: string
  readonly message: string
  readonly requestId: string
  readonly timestamp: string
  readonly detail?: readonly FailureDetail[]
}

/** What varies between two failures of the same `msg`. */
export interface FailureOccasion {
  /** One of the statuses that `FAILURES` lists for the `msg`; the first where absent. */
  readonly status?: number | undefined
  readonly requestId: string
  /** RFC 3339, UTC. */
  readonly timestamp: string
  readonly detail?: readonly FailureDetail[] | undefined
}

/** Builds the body of a failure. A status that the contract does not give this `msg` falls back to its usual one. */
export function failureBody(msg: FailureMsg, occasion: FailureOccasion): FailureBody {
  const statuses: readonly number[] = FAILURES[msg].statuses
  const status =
    occasion.status !== undefined && statuses.includes(occasion.status) ? occasion.status : (statuses[0] ?? 500)
  return {
    code: status,
    msg,
    status,
    error: STATUS_NAMES[status] ?? 'Error',
    message: FAILURES[msg].message,
    requestId: occasion.requestId,
    timestamp: occasion.timestamp,
    ...(occasion.detail ? { detail: occasion.detail } : {}),
  }
}

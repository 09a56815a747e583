import { UCanPayConfigError } from '../errors.ts'

/** What a log may have of a line. */
export interface FieldOptions {
  /** Names of fields of yours that may be logged, beside those of the list; at any depth. */
  readonly fields?: readonly string[]
  /**
   * Names that stand for secrets or for personal data and are refused in `fields`. Their values are still scrubbed of
   * card numbers, keys and e-mail addresses.
   */
  readonly dangerouslyLogFields?: readonly string[]
}

/** Names that hold no person's data and no secret in any shop; values are scrubbed all the same. */
const FIELDS = [
  ...[
    'level',
    'time',
    'timestamp',
    'msg',
    'message',
    'service',
    'pid',
    'hostname',
    'version',
    'exception',
    'rejection',
    'left_out',
  ],
  ...[
    'requestId',
    'reqId',
    'traceId',
    'spanId',
    'req',
    'res',
    'method',
    'route',
    'url',
    'path',
    'status',
    'statusCode',
  ],
  ...[
    'durationMs',
    'responseTime',
    'err',
    'error',
    'cause',
    'stack',
    'code',
    'event',
    'job',
    'attempt',
    'tries',
    'count',
  ],
  ...['type', 'errors', 'syscall', 'constraint', 'table', 'column', 'schema'], // Of a described error.
  ...['merchantId', 'mode', 'outTradeNo', 'ucpOrderNo', 'outRefundNo', 'ucpRefundNo', 'tradeStatus', 'refundStatus'],
  ...['totalAmt', 'refundAmt', 'currency', 'orderId', 'userId'],
]

/** Words that no name of a field has. */
const REFUSED_WORDS = new Set([
  ...[
    'password',
    'passwd',
    'passphrase',
    'passcode',
    'pwd',
    'pass',
    'pw',
    'secret',
    'secrets',
    'token',
    'tokens',
    'jwt',
  ],
  ...[
    'otp',
    'pin',
    'totp',
    'credential',
    'credentials',
    'auth',
    'authorization',
    'cookie',
    'cookies',
    'session',
    'csrf',
  ],
  ...[
    'cvc',
    'cvc2',
    'cvv',
    'cvv2',
    'csc',
    'pan',
    'track',
    'track1',
    'track2',
    'iban',
    'expiry',
    'holder',
    'cardholder',
  ],
  ...[
    'email',
    'emails',
    'mail',
    'phone',
    'phones',
    'tel',
    'telephone',
    'mobile',
    'fax',
    'address',
    'addresses',
    'street',
  ],
  ...[
    'postcode',
    'zip',
    'birth',
    'birthday',
    'birthdate',
    'dob',
    'ssn',
    'sin',
    'nino',
    'passport',
    'licence',
    'license',
  ],
  ...['firstname', 'lastname', 'fullname', 'surname', 'username', 'customername', 'gender', 'ip', 'key', 'keys'],
  ...['body', 'rawbody', 'headers', 'header', 'query', 'params', 'parameters', 'payload', 'form', 'detail', 'where'],
  ...['proto', 'prototype', 'constructor'],
])
/** And wherever they stand within a name, however that is written. */
const REFUSED_PARTS =
  /password|passphrase|secret|authori[sz]ation|cookie|apikey|privatekey|accesskey|cardnumber|cardno|creditcard|securitycode|firstname|lastname|fullname|birthda|email|accesstoken|refreshtoken/

/**
 * The names that a log may have.
 *
 * @throws UCanPayConfigError for a name that stands for a secret or for personal data
 */
export function allowedFields({ fields = [], dangerouslyLogFields = [] }: FieldOptions): ReadonlySet<string> {
  const refused = fields.filter(standsForSecrets)
  if (refused.length > 0) {
    throw new UCanPayConfigError(
      `A log may not have ${refused.join(', ')}: log an id instead, or name it in dangerouslyLogFields.`,
    )
  }
  return new Set([...FIELDS, ...fields, ...dangerouslyLogFields])
}

/** Whether a name says that a secret or a person's data is behind it. */
function standsForSecrets(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return words.some((word) => REFUSED_WORDS.has(word)) || REFUSED_PARTS.test(name.toLowerCase().replace(/[-_ .]/g, ''))
}

import { createPublicKey, type KeyObject } from 'node:crypto'
import { stringToSign, type SignedMembers } from '@ucanpay/wire/string-to-sign'
import { ApiError } from '../api-error.ts'
import type { Account, SignatureAlgorithm } from '../merchants/account.ts'
import { verifyText } from './signature.ts'

/** What a good signature claims: a nonce that may not come again before `keepUntil`. */
export interface NonceClaim {
  readonly nonceStr: string
  readonly keepUntil: Date
}

const CLOCK_SKEW_MS = 300_000
const UNTIMED_WINDOW_MS = 24 * 3_600_000
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/** A body to check, and what it was sent to. */
export interface RequestToVerify {
  readonly members: SignedMembers
  /** Every member that the endpoint knows. */
  readonly names: readonly string[]
  readonly path: string
  readonly now: Date
}

/**
 * Checks the signature of a request body.
 *
 * @returns the nonce to claim; undefined where the body is unsigned and the account allows that
 * @throws ApiError SIGNERROR where it is missing but required, does not verify, is too old, is of a kind that does
 *   not authenticate, or is over a text that another body has, too; LACK_PARAMS, PARAM_ERROR where it comes without a good nonce
 * @see contract §3
 */
export function verifyRequest(
  account: Account,
  { members, names, path, now }: RequestToVerify,
): NonceClaim | undefined {
  const { sign, signType, nonceStr, timestamp } = members
  // MD5 and anything else is refused even without a signature: asking for it is a mistake that must not go unseen.
  if (signType !== undefined && signType !== 'RSA' && signType !== 'ED25519') {
    throw new ApiError('SIGNERROR', 'the signType is not one of ours')
  }
  if (sign === undefined) {
    if (account.signatures === 'required') throw new ApiError('SIGNERROR', 'the account requires signatures')
    return undefined
  }
  if (typeof sign !== 'string' || sign === '' || sign.length > 1024)
    throw new ApiError('SIGNERROR', 'sign is not a signature')
  if (nonceStr === undefined) {
    throw new ApiError('LACK_PARAMS', 'a signature without a nonce', {
      failures: [{ pointer: '/nonceStr', rule: 'required' }],
    })
  }
  if (typeof nonceStr !== 'string' || nonceStr.length < 1 || nonceStr.length > 32) {
    throw new ApiError('PARAM_ERROR', 'the nonce is not a text of 1 to 32 characters', {
      failures: [{ pointer: '/nonceStr', rule: 'maxLength' }],
    })
  }
  refuseTwoReadings(members, names)
  verifyWithAny(account, { sign, algorithm: signType ?? 'RSA', members, path })
  return { nonceStr, keepUntil: keepUntil(timestamp, now) }
}

/**
 * Values are not encoded in the signed text, so `nonceStr: "n&signType=RSA"` and `nonceStr: "n", signType: "RSA"` have
 * one text and one signature: whoever overhears the one could send the other, with a nonce that is new. A value is
 * refused where it names a member that could stand right after its own.
 */
function refuseTwoReadings(members: SignedMembers, names: readonly string[]): void {
  const present = Object.keys(members)
    .filter((name) => name !== 'sign' && members[name] !== null && members[name] !== '')
    .sort()
  for (const [at, name] of present.entries()) {
    const value = members[name]
    const next = present[at + 1]
    if (typeof value !== 'string' || !value.includes('&')) continue
    const ambiguous = names.some(
      (other) => other > name && (next === undefined || other < next) && value.includes(`&${other}=`),
    )
    if (ambiguous) throw new ApiError('SIGNERROR', `${name} can be read as two members`)
  }
}

function verifyWithAny(
  account: Account,
  signed: { sign: string; algorithm: SignatureAlgorithm; members: SignedMembers; path: string },
): void {
  const { algorithm } = signed
  const text = stringToSign(signed.members, signed.path, account.signatureScheme)
  const fits = account.keys.some(
    (key) =>
      key.algorithm === algorithm &&
      verifyText(publicKeyOf(key.publicKey), signed.sign, { text, scheme: account.signatureScheme, algorithm }),
  )
  if (!fits) throw new ApiError('SIGNERROR', 'the signature does not verify with any key of the account')
}

function keepUntil(timestamp: unknown, now: Date): Date {
  if (timestamp === undefined || timestamp === null || timestamp === '')
    return new Date(now.getTime() + UNTIMED_WINDOW_MS)
  const at = typeof timestamp === 'string' && RFC_3339.test(timestamp) ? Date.parse(timestamp) : Number.NaN
  if (!(Math.abs(now.getTime() - at) <= CLOCK_SKEW_MS))
    throw new ApiError('SIGNERROR', 'the timestamp is not within 300 s')
  return new Date(at + 2 * CLOCK_SKEW_MS) // Nothing with this timestamp passes after that, even by a clock that is behind.
}

/** Parsing a PEM costs more than verifying with it; an account has a handful, so what is kept stays small. */
const parsed = new Map<string, KeyObject>()
const KEPT_KEYS = 10_000

function publicKeyOf(pem: string): KeyObject {
  let key = parsed.get(pem)
  if (!key) {
    if (parsed.size >= KEPT_KEYS) parsed.clear()
    key = createPublicKey(pem)
    parsed.set(pem, key)
  }
  return key
}

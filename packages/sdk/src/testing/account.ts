import { createPublicKey, type KeyObject } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { formatApiKey, parseApiKey, type ApiKeyKind } from '@ucanpay/wire/api-key'
import type { SignatureScheme, SignedMembers } from '@ucanpay/wire/string-to-sign'
import { Refusal } from './refusal.ts'
import { isSignedBy } from './sign.ts'
import type { State } from './state.ts'

/** A key of the test gateway's merchant. */
export interface TestApiKey {
  readonly kind: ApiKeyKind
  readonly scopes: readonly string[]
  revoked: boolean
  failures: number
  /** Refused until then after too many failures in a row, ms. */
  blockedUntil: number
}

/** The merchant, and what its requests are held against. */
export interface Account {
  readonly state: State
  readonly keys: Map<string, TestApiKey>
  readonly publicKey: KeyObject
  readonly scheme: SignatureScheme
  readonly signatures: 'required' | 'optional'
  readonly maxFailuresInARow: number
}

const SECRET_KEYS = /ucp_(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{38}/g
const BLOCK_MS = 60_000
const CLOCK_SKEW_MS = 300_000
const UNTIMED_WINDOW_MS = 24 * 3_600_000
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/** Makes a key of test mode. @param scopes of an `rk` */
export function addApiKey({ state, keys }: Account, kind: ApiKeyKind, scopes: readonly string[]): string {
  const text = formatApiKey({ kind, mode: 'test' }, state.random(64))
  keys.set(text, { kind, scopes, revoked: false, failures: 0, blockedUntil: 0 })
  return text
}

/** @throws Refusal NOAUTH where a secret key stands in the text, and takes it out of use */
export function refuseLeakedKeys({ keys }: Account, text: string): void {
  const found = (text.match(SECRET_KEYS) ?? []).filter((key) => parseApiKey(key))
  for (const key of found) {
    const known = keys.get(key)
    if (known) known.revoked = true
  }
  if (found.length > 0) throw new Refusal('NOAUTH')
}

/** A text without the secret keys in it. */
export function withoutKeys(text: string): string {
  return text.replace(SECRET_KEYS, '[key]')
}

/**
 * Finds the key that a request brings. It may still lack the scope.
 *
 * @param rawBody what is searched for a key where there is none in its place
 * @throws Refusal NOAUTH
 */
export function authenticate(account: Account, headers: IncomingHttpHeaders, rawBody: string): TestApiKey {
  const text = /^Bearer ([!-~]{1,128})$/.exec(headers.authorization ?? '')?.[1]
  if (text === undefined) refuseLeakedKeys(account, rawBody)
  const key = text === undefined ? undefined : account.keys.get(text)
  if (!key || key.revoked) throw new Refusal('NOAUTH')
  const isBrowser = headers.origin !== undefined || headers['sec-fetch-mode'] !== undefined
  if (isBrowser && key.kind !== 'pk') throw new Refusal('NOAUTH', { status: 403 })
  return key
}

/** @throws Refusal INVALID_REQ_TOO_MUCH, NOAUTH */
export function authorise({ state }: Account, key: TestApiKey, scope: string): void {
  if (key.blockedUntil > state.clock.now().getTime()) throw new Refusal('INVALID_REQ_TOO_MUCH')
  const granted = key.kind === 'sk' || (key.kind === 'rk' && key.scopes.includes(scope))
  if (!granted) throw new Refusal('NOAUTH', { status: 403 })
}

/** Counts failed requests in a row (contract §5). */
export function countAnswer({ state, maxFailuresInARow }: Account, key: TestApiKey, status: number): void {
  if (status === 429 || status >= 500) return
  key.failures = status >= 400 ? key.failures + 1 : 0
  if (key.failures < maxFailuresInARow) return
  key.failures = 0
  key.blockedUntil = state.clock.now().getTime() + BLOCK_MS
}

/**
 * Checks the signature of a body, and claims its nonce.
 *
 * The time in it is held against the machine's clock, not the gateway's: whoever moves the gateway's clock still has a
 * client that signs with the machine's.
 *
 * @param path the endpoint's
 * @param names every member that the endpoint knows
 * @throws Refusal SIGNERROR, LACK_PARAMS, PARAM_ERROR, NOAUTH
 */
export function checkSignature(
  account: Account,
  members: SignedMembers,
  { path, names }: { path: string; names: readonly string[] },
): void {
  const { sign, signType, nonceStr, merchantId } = members
  if (signType !== undefined && signType !== 'RSA' && signType !== 'ED25519') throw new Refusal('SIGNERROR')
  if (sign === undefined && account.signatures === 'required') throw new Refusal('SIGNERROR')
  let keepUntil: number | undefined
  if (sign !== undefined) {
    if (typeof sign !== 'string' || sign === '' || sign.length > 1024) throw new Refusal('SIGNERROR')
    requireNonce(nonceStr)
    refuseTwoReadings(members, names)
    const algorithm = signType ?? 'RSA'
    if (!isSignedBy(account.publicKey, { members, path, sign, algorithm, scheme: account.scheme }))
      throw new Refusal('SIGNERROR')
    keepUntil = endOfWindow(members['timestamp'])
  }
  if (typeof merchantId === 'string' && merchantId !== account.state.merchantId) {
    throw new Refusal('NOAUTH', { status: 403 })
  }
  if (keepUntil === undefined || typeof nonceStr !== 'string') return
  const { nonces } = account.state
  if ((nonces.get(nonceStr) ?? 0) > Date.now()) throw new Refusal('SIGNERROR')
  nonces.set(nonceStr, keepUntil)
}

function requireNonce(nonceStr: unknown): void {
  const pointer = '/nonceStr'
  if (nonceStr === undefined) throw new Refusal('LACK_PARAMS', { failures: [{ pointer, rule: 'required' }] })
  if (typeof nonceStr === 'string' && nonceStr.length >= 1 && nonceStr.length <= 32) return
  throw new Refusal('PARAM_ERROR', { failures: [{ pointer, rule: 'maxLength' }] })
}

/** Values are not encoded in the signed text: one that names a member that could stand after its own has two readings. */
function refuseTwoReadings(members: SignedMembers, names: readonly string[]): void {
  const present = Object.keys(members)
    .filter((name) => name !== 'sign' && members[name] !== null && members[name] !== '')
    .sort()
  for (const [at, name] of present.entries()) {
    const value = members[name]
    const next = present[at + 1]
    if (typeof value !== 'string' || !value.includes('&')) continue
    const isAmbiguous = names.some(
      (other) => other > name && (next === undefined || other < next) && value.includes(`&${other}=`),
    )
    if (isAmbiguous) throw new Refusal('SIGNERROR')
  }
}

function endOfWindow(timestamp: unknown): number {
  const now = Date.now()
  if (timestamp === undefined || timestamp === null || timestamp === '') return now + UNTIMED_WINDOW_MS
  const at = typeof timestamp === 'string' && RFC_3339.test(timestamp) ? Date.parse(timestamp) : Number.NaN
  if (!(Math.abs(now - at) <= CLOCK_SKEW_MS)) throw new Refusal('SIGNERROR')
  return at + 2 * CLOCK_SKEW_MS
}

/** A merchant's public key as requests are verified with it. */
export function publicKeyOf(privateKey: KeyObject): KeyObject {
  return createPublicKey(privateKey)
}

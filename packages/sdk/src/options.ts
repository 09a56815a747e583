import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { SignatureScheme } from '@ucanpay/wire/string-to-sign'
import { UCanPayConfigError } from './errors.ts'
import type { Hooks } from './hooks.ts'
import type { KeySource } from './key-source.ts'

/** For one call; the last argument of every method. */
export interface CallOptions {
  /** For each try, in milliseconds, 1 to 600,000; the client's where absent. */
  readonly timeoutMs?: number | undefined
  /** For the whole call with all its tries and pauses, in milliseconds, 1 to 3,600,000; the client's where absent. */
  readonly deadlineMs?: number | undefined
  /** After the first try, 0 to 10; the client's where absent. */
  readonly maxRetries?: number | undefined
  /** Ends the request, the pause and the waiting at once, with a UCanPayAbortedError. */
  readonly signal?: AbortSignal | undefined
  /** Sent on, so that the gateway's part of a trace hangs on yours (W3C Trace Context). */
  readonly traceparent?: string | undefined
}

/** What is asked for once: a repeat under the same key within 24 hours gives the first answer. */
export interface OnceOptions extends CallOptions {
  /** 1 to 255 visible characters; made where it is absent, and then the same for all tries of one call. */
  readonly idempotencyKey?: string | undefined
}

/** How to reach a gateway, and as whom. An option that is not one of these is refused. */
export interface UCanPayOptions {
  /**
   * A secret key, several of which the first counts, or a function that gives one: it is asked at each request, so a
   * rolled key is picked up. See `keyFromFile` and `keyFromEnvironment`.
   */
  readonly apiKey: KeySource
  /** The gateway's origin, https. */
  readonly baseUrl: string
  readonly merchantId?: string
  /** PEM of an RSA or Ed25519 private key: requests are then signed. */
  readonly privateKey?: string | KeyObject
  /** The gateway's public keys, PEM, and no others. Where absent they are fetched from /.well-known/jwks.json. */
  readonly platformKeys?: string | readonly string[]
  /** PEM certificates to trust beside the usual roots. */
  readonly ca?: string | readonly string[]
  /**
   * `sha256/…` of the keys (SubjectPublicKeyInfo) of which the gateway's chain has to have one, beside the usual
   * verification. Give the next one along with the present one before the gateway changes its key.
   */
  readonly pins?: readonly string[]
  /** As agreed for the account; `guide-2024` where absent. */
  readonly signatureScheme?: SignatureScheme
  /** For each try, in milliseconds; 10,000 where absent. */
  readonly timeoutMs?: number
  /** For a whole call with its tries and pauses, in milliseconds; 60,000 where absent. */
  readonly deadlineMs?: number
  /** After the first try, 0 to 10; 2 where absent. */
  readonly maxRetries?: number
  /** Told of each try. */
  readonly hooks?: Hooks
  /** Asked at each call for the `traceparent` to send on. */
  readonly traceparent?: () => string | undefined
}

const CLIENT_OPTIONS = [
  ...['apiKey', 'baseUrl', 'merchantId', 'privateKey', 'platformKeys', 'ca', 'pins', 'signatureScheme'],
  ...['timeoutMs', 'deadlineMs', 'maxRetries', 'hooks', 'traceparent'],
]
const CALL_OPTIONS = ['timeoutMs', 'deadlineMs', 'maxRetries', 'signal', 'traceparent']
const LOOSENS = /reject|unauthorized|agent|check|verify|strict|insecure|dispatcher|secureContext/i
export const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

/** @throws UCanPayConfigError that names each member which is no option */
export function requireClientOptions(options: UCanPayOptions): void {
  refuseUnknown(options, CLIENT_OPTIONS, 'new UCanPay')
  requireLimits(options)
}

/**
 * @param once the endpoint takes an Idempotency-Key
 * @throws UCanPayConfigError
 */
export function requireCallOptions(options: OnceOptions, once: boolean): void {
  refuseUnknown(options, once ? [...CALL_OPTIONS, 'idempotencyKey'] : CALL_OPTIONS, 'this method')
  requireLimits(options)
  const { idempotencyKey, signal, traceparent } = options
  if (idempotencyKey !== undefined && !/^[!-~]{1,255}$/.test(idempotencyKey)) {
    throw new UCanPayConfigError('idempotencyKey is not 1 to 255 visible characters of ASCII.')
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new UCanPayConfigError('signal is no AbortSignal.')
  }
  if (traceparent !== undefined && !TRACEPARENT.test(traceparent)) {
    throw new UCanPayConfigError('traceparent is not one of W3C Trace Context.')
  }
}

function refuseUnknown(options: object, known: readonly string[], what: string): void {
  const unknown = Reflect.ownKeys(options)
    .map(String)
    .filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  const names = unknown.map((name) => name.slice(0, 64)).join(', ')
  const tls = unknown.some((name) => LOOSENS.test(name))
  const why = tls ? ' Certificates are always verified; `ca` and `pins` say which to trust.' : ''
  throw new UCanPayConfigError(`Not an option of ${what}: ${names}.${why}`)
}

type Limits = Pick<CallOptions, 'timeoutMs' | 'deadlineMs' | 'maxRetries'>

function requireLimits(limits: Limits): void {
  const bounds = { timeoutMs: [1, 600_000], deadlineMs: [1, 3_600_000], maxRetries: [0, 10] } as const
  for (const name of ['timeoutMs', 'deadlineMs', 'maxRetries'] as const) {
    const value = limits[name]
    const [least, most] = bounds[name]
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least && value <= most)) {
      throw new UCanPayConfigError(`${name} is not a whole number from ${least} to ${most}.`)
    }
  }
}

/** @throws UCanPayConfigError where it is not https, or holds credentials */
export function readOrigin(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url?.protocol === 'http:') throw new UCanPayConfigError('baseUrl is http: keys and payments go over https only.')
  if (url?.protocol !== 'https:') throw new UCanPayConfigError('baseUrl is not an https address.')
  if (url.username || url.password) throw new UCanPayConfigError('baseUrl holds credentials; use apiKey.')
  return url.origin
}

/** @throws UCanPayConfigError where it is none */
export function readPrivateKey(key: string | KeyObject | undefined): KeyObject | undefined {
  if (key === undefined || typeof key === 'object') return key
  try {
    return createPrivateKey(key)
  } catch {
    throw new UCanPayConfigError('privateKey is not a private key in PEM.') // The reason could quote the key.
  }
}

/** @throws UCanPayConfigError where one is none */
export function readPublicKeys(pem: string | readonly string[]): KeyObject[] {
  try {
    return [pem].flat().map((each) => createPublicKey(each))
  } catch {
    throw new UCanPayConfigError('platformKeys are not public keys in PEM.')
  }
}

import { EnvelopeError } from '../envelope-error.ts'
import { KeySourceError, type WrappedKey } from '../key-encryption.ts'
import type { KeyContext } from '../key-ring.ts'
import { keptAnswer } from './kept-answer.ts'
import { contextBytes, requireDataKey, unwrappedDataKey, type KeySource } from './key-source.ts'
import { transitClient, type TransitAnswer, type TransitServer } from './transit-client.ts'

/** A key of a Transit secrets engine, and how its server is reached. */
export interface TransitOptions extends TransitServer {
  /** `transit` where it is not given. */
  readonly mount?: string
  /** The key's name: of an AEAD type (`aes256-gcm96` is the default of Transit) and not `derived`. */
  readonly key: string
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

type Operation = 'encrypt' | 'decrypt' | 'keys'

const NAME_KEPT_MS = 2_000
const WRAPPED_BYTES = 1_024

/**
 * A key of HashiCorp Vault Transit or OpenBao; it never leaves the server. The token needs `update` on `encrypt/<key>`
 * and `decrypt/<key>` and `read` on `keys/<key>`, and should not have `create`, with which a misspelt key is made anew.
 *
 * A server that is too old to know `associated_data` ignores it silently: Vault before 1.13 does not bind the context.
 *
 * @throws KeySourceError where the options cannot be used; the server is first asked when a key is
 * @see https://developer.hashicorp.com/vault/api-docs/secret/transit
 */
export function transitSource(options: TransitOptions): KeySource {
  const { mount = 'transit', key, now = () => performance.now() } = options
  const prefix = readPrefix(mount, key)
  const call = transitClient(options)
  const ask = async (operation: Operation, body?: Record<string, string>): Promise<unknown> => {
    const path = `${mount}/${operation}/${key}`
    const answer = await call(path, body)
    if (answer.status !== 200) throw refusal({ operation, path, key, answer })
    return (answer.body as { data?: unknown } | null | undefined)?.data
  }
  const activeName = keptAnswer({ keptMs: NAME_KEPT_MS, now }, async () => {
    const { latest_version: version } = ((await ask('keys')) ?? {}) as { latest_version?: unknown }
    if (!Number.isSafeInteger(version)) throw unknownForm('keys')
    return `${prefix}v${version as number}`
  })
  return Object.freeze({
    prefix,
    activeName,
    async wrap(dataKey: Buffer, context: KeyContext) {
      requireDataKey(dataKey)
      const associated = contextBytes(context).toString('base64')
      const data = await ask('encrypt', { plaintext: dataKey.toString('base64'), associated_data: associated })
      const { ciphertext } = (data ?? {}) as { ciphertext?: unknown }
      const version = typeof ciphertext === 'string' ? versionOf(ciphertext) : undefined
      if (version === undefined) throw unknownForm('encrypt')
      return { wrapped: Buffer.from(ciphertext as string, 'latin1'), wrappedBy: `${prefix}v${version}` }
    },
    async unwrap({ wrapped, wrappedBy }: WrappedKey, context: KeyContext) {
      const ciphertext = wrapped.toString('latin1')
      const version = versionOf(ciphertext)
      if (version === undefined || wrappedBy !== `${prefix}v${version}`) throw new EnvelopeError()
      const associated = contextBytes(context).toString('base64')
      const { plaintext } = ((await ask('decrypt', { ciphertext, associated_data: associated })) ?? {}) as {
        plaintext?: unknown
      }
      if (typeof plaintext !== 'string') throw unknownForm('decrypt')
      return unwrappedDataKey(Buffer.from(plaintext, 'base64'))
    },
  })
}

function readPrefix(mount: string, key: string): string {
  // Transit's own form of a name. It keeps `..`, `?` and `%` out of the path.
  const name = /^\w(?:[\w.-]*\w)?$/
  if (![...mount.split('/'), key].every((part) => name.test(part)) || mount.length + key.length > 200) {
    throw new KeySourceError('the Transit mount or key has an unknown form, e.g. mount transit, key ucanpay')
  }
  return `transit/${mount}/${key}/`
}

/** The version in `vault:v3:<base64>`, or undefined for any other text, also for another spelling of the same bytes. */
function versionOf(ciphertext: string): string | undefined {
  if (ciphertext.length > WRAPPED_BYTES) return undefined
  const [, version, base64] = /^vault:v([1-9]\d{0,8}):([A-Za-z0-9+/=]+)$/.exec(ciphertext) ?? []
  // Transit reads base64 leniently: without this a changed last character could open.
  return base64 && Buffer.from(base64, 'base64').toString('base64') === base64 ? version : undefined
}

function unknownForm(operation: Operation): KeySourceError {
  return new KeySourceError(`the answer to ${operation} is not one of Transit's: check the address and the mount`)
}

interface Refused {
  readonly operation: Operation
  readonly path: string
  readonly key: string
  readonly answer: TransitAnswer
}

function refusal({ operation, path, key, answer: { status, body } }: Refused): Error {
  // Transit says 400, not 404, to whoever encrypts or decrypts with a key that is not there.
  const isMissing = status === 404 || (status === 400 && saysMissing(body))
  if (status === 400 && operation === 'decrypt' && !isMissing) return new EnvelopeError()
  const told = `Transit answered ${status} to ${path}`
  if (isMissing) return new KeySourceError(`${told}: the key ${key} is missing, or nothing is mounted there`)
  if (status === 403) {
    const right = operation === 'keys' ? 'read' : 'update'
    return new KeySourceError(`${told}: the token is no longer valid, or lacks ${right} on ${path}`)
  }
  if (status === 400) {
    return new KeySourceError(`${told}: the key ${key} must be of an AEAD type such as aes256-gcm96, and not derived`)
  }
  if (status >= 300 && status < 400) {
    return new KeySourceError(`${told}, a redirect, which is not followed: give the address of the active node`)
  }
  if (status === 429) return new KeySourceError(`${told}: too many requests, or a standby node; raise its quota`)
  if (status === 503) return new KeySourceError(`${told}: the server is sealed or in maintenance; unseal it`)
  return new KeySourceError(`${told}: the server's own log says why`)
}

function saysMissing(body: unknown): boolean {
  const { errors } = (body ?? {}) as { errors?: unknown }
  return Array.isArray(errors) && errors.some((error) => String(error).includes('encryption key not found'))
}

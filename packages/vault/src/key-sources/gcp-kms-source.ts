import { EnvelopeError } from '../envelope-error.ts'
import { KeySourceError, type WrappedKey } from '../key-encryption.ts'
import type { KeyContext } from '../key-ring.ts'
import { crc32c } from './crc32c.ts'
import { errorCode } from './error-code.ts'
import { keptAnswer } from './kept-answer.ts'
import { contextBytes, requireDataKey, unwrappedDataKey, type KeySource } from './key-source.ts'
import { loadPackage } from './load-package.ts'

interface Checksum {
  /** A number, its digits, or a Long: what 64 bits are depends on the transport. */
  readonly value?: unknown
}

type Bytes = Uint8Array | string | null
type Answer<T> = Promise<readonly [T, ...unknown[]]>

/** How long the client itself tries, with its repeats. */
interface CallOptions {
  readonly timeout: number
}

interface Associated {
  readonly name: string
  readonly additionalAuthenticatedData: Buffer
  readonly additionalAuthenticatedDataCrc32c: { readonly value: number }
}

interface EncryptRequest extends Associated {
  readonly plaintext: Buffer
  readonly plaintextCrc32c: { readonly value: number }
}

interface EncryptAnswer {
  readonly name?: string | null
  readonly ciphertext?: Bytes
  readonly ciphertextCrc32c?: Checksum | null
  readonly verifiedPlaintextCrc32c?: boolean | null
  readonly verifiedAdditionalAuthenticatedDataCrc32c?: boolean | null
}

interface DecryptRequest extends Associated {
  readonly ciphertext: Buffer
  readonly ciphertextCrc32c: { readonly value: number }
}

interface DecryptAnswer {
  readonly plaintext?: Bytes
  readonly plaintextCrc32c?: Checksum | null
}

/** What is used of `KeyManagementServiceClient`, whose own types are over a megabyte. */
export interface GcpKmsClient {
  encrypt(request: EncryptRequest, options: CallOptions): Answer<EncryptAnswer>
  decrypt(request: DecryptRequest, options: CallOptions): Answer<DecryptAnswer>
  getCryptoKey(
    request: { readonly name: string },
    options: CallOptions,
  ): Answer<{ readonly primary?: { readonly name?: string | null } | null }>
}

/** A symmetric key of Google Cloud KMS. */
export interface GcpKmsOptions {
  /** `projects/…/locations/…/keyRings/…/cryptoKeys/…`, without a version. */
  readonly keyName: string
  /** The official client with its own usual credentials, where it is not given. */
  readonly createClient?: () => GcpKmsClient
  /** For a whole call with its repeats; 5000 where it is not given. */
  readonly timeoutMs?: number
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

const TIMEOUT_MS = 5_000
const NAME_KEPT_MS = 60_000
const INVALID_ARGUMENT = 3
const KEY_NAME = /^projects\/[a-z0-9.:-]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]{1,63}\/cryptoKeys\/[\w-]{1,63}$/

/** gRPC's status codes: its name of each, and what to do. */
const STATUS: Readonly<Record<number, string>> = {
  4: 'DEADLINE_EXCEEDED: check the network',
  5: 'NOT_FOUND: check the name of the key',
  7: 'PERMISSION_DENIED: grant roles/cloudkms.cryptoKeyEncrypterDecrypter and roles/cloudkms.viewer on the key',
  8: 'RESOURCE_EXHAUSTED: raise the quota',
  9: "FAILED_PRECONDITION: enable the key's version, or cancel its destruction",
  14: 'UNAVAILABLE: check the network',
  16: 'UNAUTHENTICATED: check the credentials',
}

/**
 * A key of Google Cloud KMS, by the package `@google-cloud/kms`; it never leaves KMS.
 *
 * @throws KeySourceError where the package is missing or the name cannot be used; KMS is first asked when a key is
 * @see https://cloud.google.com/kms/docs/data-integrity-guidelines
 */
export async function gcpKmsSource(options: GcpKmsOptions): Promise<KeySource> {
  const { keyName, timeoutMs = TIMEOUT_MS, now = () => performance.now() } = options
  // A name may have 256 characters, and the version's number needs some of them.
  if (!KEY_NAME.test(keyName) || keyName.length > 215) {
    throw new KeySourceError(
      'the Google Cloud KMS key is not of the form projects/…/locations/…/keyRings/…/cryptoKeys/…',
    )
  }
  const prefix = `gcp-kms/${keyName}/cryptoKeyVersions/`
  const create = options.createClient ?? (await officialClient())
  let created: GcpKmsClient | undefined
  // The official client looks for credentials over the network as soon as it is made, so it is made when it is used.
  const client = (): GcpKmsClient => (created ??= create())
  const call = callWithin(timeoutMs)
  const named = (version: string | null | undefined): string => {
    const name = `gcp-kms/${version ?? ''}`
    if (!name.startsWith(prefix)) {
      throw new KeySourceError(`Google Cloud KMS has no enabled primary version of ${keyName}: create one`)
    }
    return name
  }
  return Object.freeze({
    prefix,
    activeName: keptAnswer({ keptMs: NAME_KEPT_MS, now }, async () => {
      const key = await call('getCryptoKey', (within) => client().getCryptoKey({ name: keyName }, within))
      return named(key.primary?.name)
    }),
    async wrap(dataKey: Buffer, context: KeyContext) {
      requireDataKey(dataKey)
      const request = { ...associated(keyName, context), plaintext: dataKey, plaintextCrc32c: checksum(dataKey) }
      const answer = await call('encrypt', (within) => client().encrypt(request, within))
      const arrived = answer.verifiedPlaintextCrc32c && answer.verifiedAdditionalAuthenticatedDataCrc32c
      if (!arrived) throw damaged('encrypt')
      const wrapped = undamaged('encrypt', answer.ciphertext, answer.ciphertextCrc32c)
      return { wrapped, wrappedBy: named(answer.name) }
    },
    async unwrap({ wrapped, wrappedBy }: WrappedKey, context: KeyContext) {
      if (!wrappedBy.startsWith(prefix)) throw new EnvelopeError()
      const request = { ...associated(keyName, context), ciphertext: wrapped, ciphertextCrc32c: checksum(wrapped) }
      const answer = await call('decrypt', (within) => client().decrypt(request, within))
      return unwrappedDataKey(undamaged('decrypt', answer.plaintext, answer.plaintextCrc32c))
    },
  })
}

async function officialClient(): Promise<() => GcpKmsClient> {
  const { KeyManagementServiceClient } = await loadPackage('@google-cloud/kms', () => import('@google-cloud/kms'))
  return () => new KeyManagementServiceClient()
}

function associated(name: string, context: KeyContext): Associated {
  const bytes = contextBytes(context)
  return { name, additionalAuthenticatedData: bytes, additionalAuthenticatedDataCrc32c: checksum(bytes) }
}

function checksum(bytes: Uint8Array): { readonly value: number } {
  return { value: crc32c(bytes) }
}

type Operation = 'encrypt' | 'decrypt' | 'getCryptoKey'

function undamaged(operation: Operation, bytes: Bytes | undefined, sum: Checksum | null | undefined): Buffer {
  if (!(bytes instanceof Uint8Array) || Number(sum?.value) !== crc32c(bytes)) throw damaged(operation)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function damaged(operation: Operation): KeySourceError {
  return new KeySourceError(`Google Cloud KMS: the checksum of ${operation} is wrong, damaged on the way: try again`)
}

type Call = <T>(operation: Operation, send: (within: CallOptions) => Answer<T>) => Promise<T>

function callWithin(timeoutMs: number): Call {
  return async (operation, send) => {
    const late = Promise.withResolvers<never>()
    // The client's own limit does not hold while it looks for credentials.
    const timer = setTimeout(() => late.reject(Object.assign(new Error('late'), { code: 4 })), timeoutMs)
    try {
      const [answer] = await Promise.race([send({ timeout: timeoutMs }), late.promise])
      return answer
    } catch (error) {
      throw refusal(operation, error)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Of the client's error, the code and nothing of its words, which may quote the request. */
function refusal(operation: Operation, error: unknown): Error {
  const { code } = (error ?? {}) as { code?: unknown }
  if (code === INVALID_ARGUMENT && operation === 'decrypt') return new EnvelopeError()
  const told =
    typeof code === 'number' ? (STATUS[code] ?? `code ${code}`) : `${errorCode(error)}: check the credentials`
  return new KeySourceError(`Google Cloud KMS did not ${operation}: ${told}`)
}

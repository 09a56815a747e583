import type { KMSClientConfig } from '@aws-sdk/client-kms'
import { EnvelopeError } from '../envelope-error.ts'
import { KeySourceError, type WrappedKey } from '../key-encryption.ts'
import type { KeyContext } from '../key-ring.ts'
import { errorCode } from './error-code.ts'
import { keptAnswer } from './kept-answer.ts'
import { contextBytes, requireDataKey, unwrappedDataKey, type KeySource } from './key-source.ts'
import { loadPackage } from './load-package.ts'
import { isLoopback } from './loopback.ts'

/** A symmetric key of AWS KMS. What is not given, the official client finds in its own usual places. */
export interface AwsKmsOptions {
  /** The ARN of a key or of an alias. Not a bare id, which would mean another key in another account. */
  readonly keyId: string
  /** The ARN's own where it is not given. */
  readonly region?: string
  /** `https://…`, or `http://` to 127.0.0.1 or localhost. */
  readonly endpoint?: string
  readonly credentials?: NonNullable<KMSClientConfig['credentials']>
  /** For a whole call with its repeats; 5000 where it is not given. */
  readonly timeoutMs?: number
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

const TIMEOUT_MS = 5_000
/** An alias can be pointed at another key while this process runs; a key's ARN is its own for ever. */
const ALIAS_KEPT_MS = 60_000
/** KMS takes no longer ciphertext. */
const CIPHERTEXT_BYTES = 6_144
const KEY_ARN = /^(arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:)(?:key\/[\w-]+|(alias)\/[\w/-]+)$/

const ADVICE: Readonly<Record<string, string>> = {
  AccessDeniedException: 'allow kms:Encrypt, kms:Decrypt and kms:DescribeKey on the key',
  CredentialsProviderError: 'no credentials were found; give this process a role',
  DisabledException: 'enable the key',
  ExpiredTokenException: 'renew the credentials',
  KMSInvalidStateException: 'enable the key, or cancel its deletion',
  NotFoundException: 'check the ARN and the region',
  TimeoutError: 'check the network and the endpoint',
  UnrecognizedClientException: 'check the credentials',
}

/**
 * A key of AWS KMS, by the package `@aws-sdk/client-kms`; it never leaves KMS. A key that KMS rotates by itself keeps
 * its ARN, and so its name here.
 *
 * @throws KeySourceError where the package is missing or the options cannot be used; KMS is first asked when a key is
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
 */
export async function awsKmsSource(options: AwsKmsOptions): Promise<KeySource> {
  const { keyId, timeoutMs = TIMEOUT_MS, now = () => performance.now() } = options
  const { prefix, region, isAlias } = readKeyArn(keyId)
  requireSafeEndpoint(options.endpoint)
  const kms = await loadPackage('@aws-sdk/client-kms', () => import('@aws-sdk/client-kms'))
  const client = new kms.KMSClient({
    region: options.region ?? region,
    ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
    ...(options.credentials && { credentials: options.credentials }),
  })
  const call = callWithin(timeoutMs)
  const named = (arn: string | undefined): string => {
    const name = `aws-kms/${arn ?? ''}`
    if (!name.startsWith(prefix)) throw new KeySourceError(`AWS KMS used another key than the configured ${keyId}`)
    return name
  }
  const keptMs = isAlias ? ALIAS_KEPT_MS : Number.POSITIVE_INFINITY
  return Object.freeze({
    prefix,
    activeName: keptAnswer({ keptMs, now }, async () => {
      const answer = await call('DescribeKey', (http) =>
        client.send(new kms.DescribeKeyCommand({ KeyId: keyId }), http),
      )
      return named(answer.KeyMetadata?.Arn)
    }),
    async wrap(dataKey: Buffer, context: KeyContext) {
      requireDataKey(dataKey)
      const command = new kms.EncryptCommand({
        KeyId: keyId,
        Plaintext: dataKey,
        EncryptionContext: encryptionContext(context),
      })
      const { CiphertextBlob: blob, KeyId: arn } = await call('Encrypt', (http) => client.send(command, http))
      if (!blob) throw new KeySourceError('AWS KMS answered Encrypt without a ciphertext')
      return { wrapped: Buffer.from(blob), wrappedBy: named(arn) }
    },
    async unwrap({ wrapped, wrappedBy }: WrappedKey, context: KeyContext) {
      if (!wrappedBy.startsWith(prefix) || wrapped.length === 0 || wrapped.length > CIPHERTEXT_BYTES) {
        throw new EnvelopeError()
      }
      // The stored name may choose among the keys of this account, for an alias that was moved, and among no others:
      // whoever can write to the database must not have a key of theirs used.
      const arn = wrappedBy.slice('aws-kms/'.length)
      const command = new kms.DecryptCommand({
        KeyId: arn,
        CiphertextBlob: wrapped,
        EncryptionContext: encryptionContext(context),
      })
      const { Plaintext: bytes, KeyId: usedArn } = await call('Decrypt', (http) => client.send(command, http))
      if (!bytes || usedArn !== arn) throw new EnvelopeError()
      return unwrappedDataKey(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    },
  })
}

function readKeyArn(keyId: string): { prefix: string; region: string; isAlias: boolean } {
  const [, account, region, alias] = KEY_ARN.exec(keyId) ?? []
  if (account === undefined || region === undefined || keyId.length > 240) {
    throw new KeySourceError('the AWS KMS key is not an ARN such as arn:aws:kms:eu-central-1:111122223333:key/<id>')
  }
  // An alias never appears in an answer, and stands for keys of its own account and region alone.
  return alias
    ? { prefix: `aws-kms/${account}key/`, region, isAlias: true }
    : { prefix: `aws-kms/${keyId}`, region, isAlias: false }
}

function requireSafeEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))) return
  throw new KeySourceError('the AWS KMS endpoint is not https://: data keys would cross the network openly')
}

function encryptionContext(context: KeyContext): Record<string, string> {
  contextBytes(context) // Refuses half a surrogate pair, which JSON would carry in more than one way.
  const { purpose, merchantId, keyId } = context
  return { purpose, merchantId, keyId, application: 'ucanpay' }
}

type Call = <T>(operation: string, send: (http: { abortSignal: AbortSignal }) => Promise<T>) => Promise<T>

function callWithin(timeoutMs: number): Call {
  return async (operation, send) => {
    const abortSignal = AbortSignal.timeout(timeoutMs)
    try {
      return await send({ abortSignal })
    } catch (error) {
      throw refusal(operation, abortSignal.aborted ? 'TimeoutError' : nameOf(error))
    }
  }
}

function refusal(operation: string, name: string): Error {
  if (name === 'InvalidCiphertextException' || name === 'IncorrectKeyException') return new EnvelopeError()
  const advice = ADVICE[name] ?? 'check the network and the state of AWS KMS'
  return new KeySourceError(`AWS KMS did not ${operation} (${name}): ${advice}`)
}

/** The exception's name, and nothing of its words, which may quote the request. */
function nameOf(error: unknown): string {
  const { name } = (error ?? {}) as { name?: unknown }
  return typeof name === 'string' && /^\w{1,64}$/.test(name) && name !== 'Error' ? name : errorCode(error)
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { crc32c } from '../crc32c.ts'
import type { GcpKmsClient } from '../gcp-kms-source.ts'

/** What the fake does beside encrypting: changed by a test while it runs. */
interface FakeGcpKms {
  readonly client: GcpKmsClient
  /** Every call fails with this, where it is set. */
  failure: Error | undefined
  isSilent: boolean
  /** Put over every answer, as damage on the way would be. */
  damage: object
  readonly calls: readonly string[]
  rotate(): void
}

/** The client of one key that truly encrypts, and refuses what arrives with a wrong checksum. */
export function fakeGcpKms(keyName: string): FakeGcpKms {
  const keys = [randomBytes(32)]
  const calls: string[] = []
  const answering = async <T extends object>(operation: string, answer: () => T): Promise<[T]> => {
    calls.push(operation)
    if (fake.isSilent) await new Promise<never>(() => undefined)
    if (fake.failure) throw fake.failure
    return [{ ...answer(), ...fake.damage }]
  }
  const versionName = (): string => `${keyName}/cryptoKeyVersions/${keys.length}`
  const client: GcpKmsClient = {
    encrypt: (asked) =>
      answering('encrypt', () => {
        const nonce = randomBytes(12)
        const cipher = createCipheriv('aes-256-gcm', keys.at(-1) ?? '', nonce).setAAD(asked.additionalAuthenticatedData)
        const sealed = [cipher.update(asked.plaintext), cipher.final(), cipher.getAuthTag()]
        const ciphertext = Buffer.concat([Buffer.from([keys.length]), nonce, ...sealed])
        return {
          name: versionName(),
          ciphertext,
          ciphertextCrc32c: { value: String(crc32c(ciphertext)) },
          verifiedPlaintextCrc32c: asked.plaintextCrc32c.value === crc32c(asked.plaintext),
          verifiedAdditionalAuthenticatedDataCrc32c:
            asked.additionalAuthenticatedDataCrc32c.value === crc32c(asked.additionalAuthenticatedData),
        }
      }),
    decrypt: (asked) =>
      answering('decrypt', () => {
        const { ciphertext, additionalAuthenticatedData: associated } = asked
        const sums = [asked.ciphertextCrc32c.value, asked.additionalAuthenticatedDataCrc32c.value]
        if (sums[0] !== crc32c(ciphertext) || sums[1] !== crc32c(associated)) throw grpcError(3, 'checksum')
        const plaintext = open(keys[(ciphertext[0] ?? 0) - 1], ciphertext, associated)
        return { plaintext, plaintextCrc32c: { value: crc32c(plaintext) } }
      }),
    getCryptoKey: () => answering('getCryptoKey', () => ({ primary: { name: versionName() } })),
  }
  const fake: FakeGcpKms = {
    client,
    failure: undefined,
    isSilent: false,
    damage: {},
    calls,
    rotate: () => void keys.push(randomBytes(32)),
  }
  return fake
}

/** An error as the official client throws it. */
export function grpcError(code: number | string, words: string): Error {
  return Object.assign(new Error(words), { code })
}

function open(key: Buffer | undefined, ciphertext: Buffer, associated: Buffer): Buffer {
  if (!key || ciphertext.length < 29) throw grpcError(3, 'Decryption failed')
  const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(1, 13)).setAAD(associated)
  decipher.setAuthTag(ciphertext.subarray(-16))
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(13, -16)), decipher.final()])
  } catch {
    throw grpcError(3, 'Decryption failed')
  }
}

import { createDecipheriv, createECDH, createHash, createHmac, type ECDH } from 'node:crypto'
import { concatKdfInput, ENCRYPTED_CARD_PATTERN, type CardKey } from '@ucanpay/wire/encrypted-card'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { CardToCharge } from '../../acquirers/acquirer.ts'

/** A card that nobody but the vault can read, and the order's token that it was typed for. */
export interface EncryptedCard {
  /** A JWE, compact. */
  readonly jwe: string
  readonly token: string
}

/** The key that cards are encrypted to on the page. */
export interface CardEntryKey {
  readonly publicKey: CardKey
  /** @returns undefined for what was not encrypted to this key for this token, or is no card */
  decrypt(card: EncryptedCard): Required<CardToCharge> | undefined
}

/** A card as it is sent; a holder's name that is a card number would be kept and shown. */
const Entry = Type.Object(
  {
    number: Type.String({ pattern: '^[0-9]{12,19}$' }),
    expiryMonth: Type.Integer({ minimum: 1, maximum: 12 }),
    expiryYear: Type.Integer({ minimum: 2000, maximum: 2099 }),
    securityCode: Type.String({ pattern: '^[0-9]{3,4}$' }),
    holderName: Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }),
  },
  { additionalProperties: false },
)
const Header = Type.Object(
  {
    alg: Type.Literal('ECDH-ES'),
    enc: Type.Literal('A256GCM'),
    kid: Type.String(),
    apv: Type.String(),
    epk: Type.Object(
      { kty: Type.Literal('EC'), crv: Type.Literal('P-256'), x: Type.String(), y: Type.String() },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
const isEntry = Compile(Entry)
const isHeader = Compile(Header)
const JWE = new RegExp(ENCRYPTED_CARD_PATTERN)

/** The order of P-256's group (NIST SP 800-186 §3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/**
 * Derives the pair from an installation key, so that every process of the vault has the same one and nothing more is
 * kept. The scalar has 128 bits to spare before it is reduced, so its bias is below 2^-64 (FIPS 186-5 A.2.1).
 *
 * @param key 32 bytes
 */
export function createCardEntryKey(key: Buffer): CardEntryKey {
  const wide = createHmac('sha384', key).update('ucanpay/card-entry/v1').digest('hex')
  const scalar = (BigInt(`0x${wide}`) % (ORDER - 1n)) + 1n
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex'))
  const point = pair.getPublicKey()
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  const kid = createHash('sha256').update(point).digest('base64url').slice(0, 16)
  return {
    publicKey: Object.freeze({ kty: 'EC', crv: 'P-256', kid, x, y }),
    decrypt({ jwe, token }) {
      const header = headerOf(jwe)
      if (header?.kid !== kid || header.apv !== Buffer.from(token).toString('base64url')) return undefined
      const text = decryptWith(pair, { jwe, epk: header.epk, token })
      return text === undefined ? undefined : readEntry(text)
    },
  }
}

function headerOf(jwe: string): Static<typeof Header> | undefined {
  if (!JWE.test(jwe)) return undefined
  const header = parse(Buffer.from(jwe.slice(0, jwe.indexOf('.')), 'base64url').toString('utf8'))
  return isHeader.Check(header) ? header : undefined
}

interface Ciphertext {
  readonly jwe: string
  readonly epk: { readonly x: string; readonly y: string }
  readonly token: string
}

function decryptWith(pair: ECDH, { jwe, epk, token }: Ciphertext): string | undefined {
  const [protectedHeader = '', , nonce = '', ciphertext = '', tag = ''] = jwe.split('.')
  try {
    const coordinates = [epk.x, epk.y].map((value) => Buffer.from(value, 'base64url'))
    // OpenSSL refuses a point that is not on the curve, which is how private keys are stolen otherwise.
    const shared = pair.computeSecret(Buffer.concat([Buffer.from([4]), ...coordinates]))
    const key = createHash('sha256')
      .update(concatKdfInput({ shared, algorithm: 'A256GCM', context: token }))
      .digest()
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(protectedHeader))
    decipher.setAuthTag(Buffer.from(tag, 'base64url'))
    return decipher.update(Buffer.from(ciphertext, 'base64url'), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}

function readEntry(text: string): Required<CardToCharge> | undefined {
  const entry = parse(text)
  return isEntry.Check(entry) ? entry : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

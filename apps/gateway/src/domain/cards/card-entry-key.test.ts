import {
  createCipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto'
import { concatKdfInput, encryptCard, type CardKey } from '@ucanpay/wire/encrypted-card'
import { describe, expect, test } from 'vitest'
import { createCardEntryKey } from './card-entry-key.ts'

const CARD = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2030, securityCode: '737', holderName: 'Ada Ł' }
const entryKey = createCardEntryKey(randomBytes(32))
const token = 't1-1-token'

function changed(jwe: string, part: number, change: (text: string) => string): string {
  const parts = jwe.split('.')
  parts[part] = change(parts[part] ?? '')
  return parts.join('.')
}

function withHeader(jwe: string, change: object): string {
  return changed(jwe, 0, (text) => {
    const header = JSON.parse(Buffer.from(text, 'base64url').toString()) as object
    return Buffer.from(JSON.stringify({ ...header, ...change })).toString('base64url')
  })
}

test('a card opens with the vault’s key, for the order that it was typed for', async () => {
  const jwe = await encryptCard(CARD, { key: entryKey.publicKey, context: token })
  expect(entryKey.decrypt({ jwe, token })).toEqual(CARD)
  expect(jwe).not.toContain(Buffer.from(CARD.number).toString('base64url').slice(2, 12))
})

test('the same card looks different each time', async () => {
  const make = () => encryptCard(CARD, { key: entryKey.publicKey, context: token })
  const [one, two] = [await make(), await make()]
  expect(one.split('.').map((part, at) => part !== '' && part === two.split('.')[at])).not.toContain(true)
})

test('the pair is the same in every process of the vault, and another for every installation', () => {
  const seed = randomBytes(32)
  expect(createCardEntryKey(seed).publicKey).toEqual(createCardEntryKey(seed).publicKey)
  expect(createCardEntryKey(randomBytes(32)).publicKey.x).not.toBe(createCardEntryKey(seed).publicKey.x)
})

test('the key derivation is the one of RFC 7518, Appendix C', () => {
  const shared = Buffer.from('9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4', 'hex')
  const input = concatKdfInput({ shared, algorithm: 'A128GCM', sender: 'Alice', context: 'Bob' })
  const key = createHash('sha256').update(input).digest().subarray(0, 16)
  expect(key.toString('base64url')).toBe('VqqN6vgjbSBcIijNcacQGg')
})

describe('what does not open', () => {
  test('another order, another key, any part changed', async () => {
    const jwe = await encryptCard(CARD, { key: entryKey.publicKey, context: token })
    const flip = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
    const others = [
      { jwe, token: 't1-2-token' },
      ...[0, 2, 3, 4].map((part) => ({ jwe: changed(jwe, part, flip), token })),
      { jwe: changed(jwe, 3, (text) => text.slice(0, -4)), token },
      { jwe: changed(jwe, 1, () => 'AAAA'), token },
      { jwe: withHeader(jwe, { apv: Buffer.from('t1-2-token').toString('base64url') }), token: 't1-2-token' },
      { jwe: withHeader(jwe, { alg: 'dir' }), token },
      { jwe: withHeader(jwe, { enc: 'A128GCM' }), token },
      { jwe: withHeader(jwe, { zip: 'DEF' }), token },
      { jwe: withHeader(jwe, { kid: 'other' }), token },
      { jwe: '....', token },
      { jwe: '', token },
    ]
    for (const other of others) expect(entryKey.decrypt(other), JSON.stringify(other)).toBeUndefined()
    expect(createCardEntryKey(randomBytes(32)).decrypt({ jwe, token })).toBeUndefined()
    expect(entryKey.decrypt({ jwe, token })).toEqual(CARD)
  })

  test('a point that is not on the curve', async () => {
    const jwe = await encryptCard(CARD, { key: entryKey.publicKey, context: token })
    const { x, y } = entryKey.publicKey
    for (const epk of [
      { kty: 'EC', crv: 'P-256', x, y: x },
      { kty: 'EC', crv: 'P-256', x: '', y },
      { kty: 'EC', crv: 'P-256', x: Buffer.alloc(32).toString('base64url'), y: Buffer.alloc(32).toString('base64url') },
      { kty: 'EC', crv: 'P-384', x, y },
    ]) {
      expect(entryKey.decrypt({ jwe: withHeader(jwe, { epk }), token })).toBeUndefined()
    }
  })

  test.each([
    ['no JSON', 'x'],
    ['no object', '"4242424242424242"'],
    ['a member too many', JSON.stringify({ ...CARD, cvv2: '1' })],
    ['a member too few', JSON.stringify({ ...CARD, securityCode: undefined })],
    ['a number as a number', JSON.stringify({ ...CARD, number: 4242424242424242 })],
    ['a name with a line break', JSON.stringify({ ...CARD, holderName: 'A\nB' })],
  ])('%s in a good envelope', (_what, plaintext) => {
    expect(entryKey.decrypt({ jwe: jweOf(plaintext, entryKey.publicKey), token })).toBeUndefined()
  })
})

/** Encrypts any text as the page would, written apart from it: with Node.js's own functions. */
function jweOf(plaintext: string, { x, y, kid }: CardKey): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x: ownX, y: ownY } = publicKey.export({ format: 'jwk' })
  const header = {
    alg: 'ECDH-ES',
    enc: 'A256GCM',
    kid,
    apv: base64url(token),
    epk: { kty: 'EC', crv: 'P-256', x: ownX, y: ownY },
  }
  const theirs = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  const shared = diffieHellman({ privateKey, publicKey: theirs })
  const key = createHash('sha256')
    .update(concatKdfInput({ shared, algorithm: 'A256GCM', context: token }))
    .digest()
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(base64url(JSON.stringify(header))))
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return [base64url(JSON.stringify(header)), '', ...[nonce, ciphertext, cipher.getAuthTag()].map(base64url)].join('.')
}

function base64url(value: string | Buffer): string {
  return Buffer.from(value as string).toString('base64url')
}

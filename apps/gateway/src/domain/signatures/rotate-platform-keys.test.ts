import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { generatePlatformKeySet, parsePlatformKeys } from './platform-keys.ts'
import { addPlatformKeys, listPlatformKeys, retirePlatformKey, switchPlatformKeys } from './rotate-platform-keys.ts'
import { signText, verifyText } from './signature.ts'

const now = new Date('2026-11-24T12:00:00Z')

function namesOf(text: string): unknown[] {
  return parsePlatformKeys(text).published.keys.map(({ kid }) => kid)
}

test('a key that is to sign is published first, and one that has signed stays published', () => {
  const first = generatePlatformKeySet(now)
  expect(namesOf(first)).toEqual(['rsa-2026-11-24', 'ed25519-2026-11-24'])
  const { text: added, kids } = addPlatformKeys(first, now)
  expect(kids).toEqual(['rsa-2026-11-24-2', 'ed25519-2026-11-24-2'])
  expect(parsePlatformKeys(added).active.RSA.kid).toBe('rsa-2026-11-24')
  expect(namesOf(added)).toHaveLength(4)
  const switched = switchPlatformKeys(added, kids)
  expect(parsePlatformKeys(switched).active.RSA.kid).toBe('rsa-2026-11-24-2')
  expect(parsePlatformKeys(switched).active.ED25519.kid).toBe('ed25519-2026-11-24-2')
  expect(namesOf(switched)).toHaveLength(4)
  expect(switchPlatformKeys(switched, kids)).toBe(switched)
  expect(() => switchPlatformKeys(switched, ['none'])).toThrow('no key of this name')
})

test('a retired key signs nothing and is not published, and what it signed can still be verified', async () => {
  const first = generatePlatformKeySet(now)
  const old = parsePlatformKeys(first).active.RSA
  expect(() => retirePlatformKey(first, old.kid)).toThrow('this key signs')
  const { text: added, kids } = addPlatformKeys(first, now)
  const retired = retirePlatformKey(switchPlatformKeys(added, kids), old.kid)
  expect(retired).not.toContain(String(old.privateKey.export({ format: 'jwk' }).d))
  expect(namesOf(retired)).toHaveLength(3)
  expect(namesOf(retired)).not.toContain(old.kid)
  expect(listPlatformKeys(retired)).toContainEqual({ kid: old.kid, algorithm: 'RSA', use: 'retired' })
  expect(() => retirePlatformKey(retired, old.kid)).toThrow('retired already')
  expect(() => switchPlatformKeys(retired, [old.kid])).toThrow('signs no more')

  const signed = { text: 'a checkpoint', scheme: 'guide-2024', algorithm: 'RSA' } as const
  const signature = await signText(old.privateKey, signed)
  const { keys } = parsePlatformKeys(retired).everyPublic
  const [key] = keys.filter(({ kid }) => kid === old.kid)
  expect(verifyText(createPublicKey({ key: key ?? {}, format: 'jwk' }), signature, signed)).toBe(true)
  expect(keys.some((jwk) => 'd' in jwk)).toBe(false)
})

test('a set without a private key for each algorithm, or with one name twice, does not sign', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const ed25519 = { ...privateKey.export({ format: 'jwk' }), kid: 'a' }
  expect(() => parsePlatformKeys(JSON.stringify({ keys: [ed25519, ed25519] }))).toThrow('one kid')
  const publicOnly = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: 'b' }
  expect(() => parsePlatformKeys(JSON.stringify({ keys: [publicOnly] }))).toThrow('one RSA and one Ed25519')
  expect(() => parsePlatformKeys('{"keys":[null]}')).toThrow('no kid')
})

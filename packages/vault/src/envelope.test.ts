import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDataKey, openDataKey } from './data-key.ts'
import { open, seal, type Place } from './envelope.ts'
import { EnvelopeError } from './envelope-error.ts'
import { addRingVersion, generateKeyRing, parseKeyRing, removeRingVersion } from './key-ring.ts'
import type { Sealed } from './sealed.ts'

const ring = parseKeyRing(generateKeyRing())
const context = { merchantId: 'M1', purpose: 'cards', keyId: 'dk_1' }
const { dataKey, wrapped } = createDataKey(ring, context)
const place: Place = { table: 'cards', column: 'sealed_card', merchantId: 'M1', row: 'card_1' }

describe('an envelope', () => {
  test('opens to what was sealed, also with the key unwrapped again', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed()),
        (text) => {
          const again = openDataKey(ring, wrapped, context)
          expect(open(again, seal(dataKey, text, place), place)).toBe(text)
        },
      ),
    )
  })

  test('refuses any flipped bit and any truncation', () => {
    const envelope = seal(dataKey, '4242424242424242', place)
    for (let bit = 0; bit < envelope.length * 8; bit++) {
      const flipped = Buffer.from(envelope)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => open(dataKey, flipped, place)).toThrow(EnvelopeError)
    }
    for (let length = 0; length < envelope.length; length++) {
      expect(() => open(dataKey, envelope.subarray(0, length), place)).toThrow(EnvelopeError)
    }
  })

  test.each(['table', 'column', 'merchantId', 'row'] as const)('refuses another %s', (part) => {
    const envelope = seal(dataKey, 'secret', place)
    expect(() => open(dataKey, envelope, { ...place, [part]: `${place[part]}x` })).toThrow(EnvelopeError)
  })

  test('keeps the parts of its place apart', () => {
    const envelope = seal(dataKey, 'secret', { ...place, table: 'ab', column: 'c' })
    expect(() => open(dataKey, envelope, { ...place, table: 'a', column: 'bc' })).toThrow(EnvelopeError)
  })

  test('refuses another key', () => {
    const other = createDataKey(ring, context).dataKey
    expect(() => open(other, seal(dataKey, 'secret', place), place)).toThrow(EnvelopeError)
  })

  test('never repeats itself and never shows its content', () => {
    const one = seal(dataKey, '4242424242424242', place)
    const two = seal(dataKey, '4242424242424242', place)
    expect(one.equals(two)).toBe(false)
    expect(one.includes('4242424242424242')).toBe(false)
    expect(inspect(dataKey, { depth: 9, showHidden: true })).not.toMatch(/[0-9a-f]{32}/)
  })

  test('cannot be mistaken for a plaintext by the compiler', () => {
    // @ts-expect-error a text is not sealed
    const refused: Sealed = 'plaintext'
    // @ts-expect-error nor are bytes that nobody sealed
    const alsoRefused: Sealed = Buffer.from('plaintext')
    expect([refused, alsoRefused]).toHaveLength(2)
  })
})

describe('a key ring', () => {
  test('unwraps with every version and wraps with the active one', () => {
    const one = JSON.parse(generateKeyRing()) as { keys: { version: number; key: string }[] }
    const [next] = (JSON.parse(generateKeyRing()) as { keys: { key: string }[] }).keys
    const first = parseKeyRing(JSON.stringify({ active: 1, keys: one.keys }))
    const second = parseKeyRing(JSON.stringify({ active: 2, keys: [...one.keys, { version: 2, key: next?.key }] }))
    const { wrapped: old } = createDataKey(first, context)
    expect(second.unwrap(old, context)).toHaveLength(32)
    expect(second.needsRewrap(old)).toBe(true)
    expect(second.needsRewrap(createDataKey(second, context).wrapped)).toBe(false)
  })

  test.each(['merchantId', 'purpose', 'keyId'] as const)('does not unwrap under another %s', (part) => {
    expect(() => ring.unwrap(wrapped, { ...context, [part]: 'other' })).toThrow(EnvelopeError)
  })

  test('does not unwrap what another ring wrapped', () => {
    expect(() => parseKeyRing(generateKeyRing()).unwrap(wrapped, context)).toThrow(EnvelopeError)
  })

  test('gains a version and loses one, and opens what the versions it has have wrapped', () => {
    const one = generateKeyRing()
    const { text: two, version } = addRingVersion(one)
    expect(version).toBe(2)
    const { wrapped: old } = createDataKey(parseKeyRing(one), context)
    expect(parseKeyRing(two).unwrap(old, context)).toHaveLength(32)
    expect(parseKeyRing(two).activeVersion).toBe(2)
    const three = removeRingVersion(two, 1)
    expect(() => parseKeyRing(three).unwrap(old, context)).toThrow(EnvelopeError)
    expect(() => removeRingVersion(two, 2)).toThrow('active')
    expect(() => removeRingVersion(two, 7)).toThrow('no such version')
  })

  const key = Buffer.alloc(32, 7).toString('base64')
  const random = (JSON.parse(generateKeyRing()) as { keys: { key: string }[] }).keys[0]?.key ?? ''
  test.each([
    ['not JSON', `{"active":1,"keys":[{"version":1,"key":"${random}"`],
    ['a key that is not random', JSON.stringify({ active: 1, keys: [{ version: 1, key }] })],
    ['a short key', JSON.stringify({ active: 1, keys: [{ version: 1, key: random.slice(4) }] })],
    [
      'a version twice',
      JSON.stringify({
        active: 1,
        keys: [
          { version: 1, key: random },
          { version: 1, key: random },
        ],
      }),
    ],
    ['an active version that is missing', JSON.stringify({ active: 3, keys: [{ version: 1, key: random }] })],
    [
      'a passphrase',
      JSON.stringify({
        active: 1,
        keys: [{ version: 1, key: Buffer.from('correct horse battery staple 123').toString('base64') }],
      }),
    ],
    [
      'counted bytes',
      JSON.stringify({
        active: 1,
        keys: [{ version: 1, key: Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('base64') }],
      }),
    ],
    [
      'one key twice',
      JSON.stringify({
        active: 1,
        keys: [
          { version: 1, key: random },
          { version: 2, key: random },
        ],
      }),
    ],
    ['an unknown member in a key', JSON.stringify({ active: 1, keys: [{ version: 1, key: random, note: 'x' }] })],
    ['an unknown member', JSON.stringify({ active: 1, keys: [{ version: 1, key: random }], extra: 1 })],
  ])('refuses %s, and its message holds no key', (_what, text) => {
    let message = ''
    try {
      parseKeyRing(text)
    } catch (error) {
      message = String((error as Error).stack)
    }
    expect(message).toContain('key ring')
    expect(message).not.toContain(random.slice(4, 20))
  })
})

import { expect, test } from 'vitest'
import { EnvelopeError } from '../envelope-error.ts'
import { KeySourceError } from '../key-encryption.ts'
import { generateKeyRing } from '../key-ring.ts'
import { ringSource } from './ring-source.ts'

interface Entry {
  readonly version: number
  readonly key: string
}

const context = { merchantId: 'M1', purpose: 'cards', keyId: 'dk_1' }
const dataKey = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37) % 251))

function randomKey(): string {
  return (JSON.parse(generateKeyRing()) as { keys: [Entry] }).keys[0].key
}

/** A ring's text that can be rotated, behind a clock that stands still until it is moved. */
function rotatingRing() {
  const keys: Entry[] = [{ version: 1, key: randomKey() }]
  const state = { text: '', nowMs: 0, reads: 0, keys }
  const write = (): void => {
    state.text = JSON.stringify({ active: keys.length, keys })
  }
  write()
  return {
    state,
    rotate: () => {
      keys.push({ version: keys.length + 1, key: randomKey() })
      write()
    },
    open: () =>
      ringSource(
        () => {
          state.reads += 1
          return state.text
        },
        () => state.nowMs,
      ),
  }
}

test('a data key comes back, and is named after the version that wrapped it', async () => {
  const source = rotatingRing().open()
  const key = await source.wrap(dataKey, context)
  expect(key.wrappedBy).toBe('ring/1')
  expect(await source.activeName()).toBe('ring/1')
  expect(await source.unwrap(key, context)).toEqual(dataKey)
})

test.each(['merchantId', 'purpose', 'keyId'] as const)('another %s does not open it', async (part) => {
  const source = rotatingRing().open()
  const key = await source.wrap(dataKey, context)
  await expect(source.unwrap(key, { ...context, [part]: 'other' })).rejects.toThrow(EnvelopeError)
})

test('no flipped bit, no truncation and no other name opens', async () => {
  const { open, rotate } = rotatingRing()
  rotate()
  const source = open()
  const { wrapped, wrappedBy } = await source.wrap(dataKey, context)
  for (let bit = 0; bit < wrapped.length * 8; bit++) {
    const flipped = Buffer.from(wrapped)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    await expect(source.unwrap({ wrapped: flipped, wrappedBy }, context)).rejects.toThrow(EnvelopeError)
  }
  for (let length = 0; length < wrapped.length; length++) {
    const short = { wrapped: wrapped.subarray(0, length), wrappedBy }
    await expect(source.unwrap(short, context)).rejects.toThrow(EnvelopeError)
  }
  for (const other of ['ring/1', 'ring/02', 'transit/transit/ucanpay/v2', '']) {
    await expect(source.unwrap({ wrapped, wrappedBy: other }, context)).rejects.toThrow(EnvelopeError)
  }
})

test('a new version is active within 2 s, and the text is not read more often', async () => {
  const { state, rotate, open } = rotatingRing()
  const source = open()
  rotate()
  state.nowMs = 1_999
  expect(await source.activeName()).toBe('ring/1')
  expect(state.reads).toBe(1)
  state.nowMs = 2_000
  expect(await source.activeName()).toBe('ring/2')
  for (let calls = 0; calls < 10; calls++) await source.activeName()
  expect(state.reads).toBe(2)
  expect((await source.wrap(dataKey, context)).wrappedBy).toBe('ring/2')
})

test("a data key of a version that another process added opens at once, and the first version's still does", async () => {
  const { rotate, open } = rotatingRing()
  const early = open()
  const old = await early.wrap(dataKey, context)
  rotate()
  const key = await open().wrap(dataKey, context)
  expect(key.wrappedBy).toBe('ring/2')
  expect(await early.unwrap(key, context)).toEqual(dataKey)
  expect(await early.unwrap(old, context)).toEqual(dataKey)
})

test('a version that is nowhere is asked for by its name', async () => {
  const { state, rotate, open } = rotatingRing()
  const first = state.text
  rotate()
  const key = await open().wrap(dataKey, context)
  state.text = first
  await expect(open().unwrap(key, context)).rejects.toThrow(
    new KeySourceError(
      'a data key was wrapped by ring/2, which the key ring does not have: put that version back into it',
    ),
  )
})

test('a text that is half written or gone later leaves the keys in use', async () => {
  const { state, open } = rotatingRing()
  const source = open()
  const key = await source.wrap(dataKey, context)
  for (const text of [state.text.slice(0, 40), '', '{}']) {
    state.text = text
    state.nowMs += 5_000
    expect(await source.activeName()).toBe('ring/1')
  }
  expect(await source.unwrap(key, context)).toEqual(dataKey)
})

test('a first text that cannot be used is refused, and no message holds any of it', () => {
  const key = randomKey()
  const texts = [`{"active":1,"keys":[{"version":1,"key":"${key}"`, JSON.stringify({ active: 1, keys: [key] }), key]
  for (const text of texts) {
    const refusal = refusalOf(() => ringSource(() => text))
    expect(refusal).toBeInstanceOf(KeySourceError)
    expect(`${String(refusal.stack)}${String(refusal.cause)}`).not.toContain(key.slice(4, 20))
  }
  const unreadable = refusalOf(() =>
    ringSource(() => {
      throw Object.assign(new Error(`EACCES ${key}`), { code: 'EACCES' })
    }),
  )
  expect(unreadable).toEqual(new KeySourceError('the key ring cannot be read (EACCES)'))
})

function refusalOf(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  throw new Error('it was accepted')
}

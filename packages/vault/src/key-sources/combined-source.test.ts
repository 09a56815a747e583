import { expect, test } from 'vitest'
import { EnvelopeError } from '../envelope-error.ts'
import { KeySourceError } from '../key-encryption.ts'
import { generateKeyRing } from '../key-ring.ts'
import { combineSources } from './combined-source.ts'
import type { KeySource } from './key-source.ts'
import { ringSource } from './ring-source.ts'
import { context, dataKey, flipped, refusalOf } from './test/data-key.ts'
import { startFakeTransit } from './test/fake-transit.ts'
import { transitSource } from './transit-source.ts'

async function startTransit(): Promise<KeySource> {
  const { address, token } = await startFakeTransit()
  return transitSource({ address, key: 'ucanpay', token: () => token, allowLoopbackHttp: true })
}

function newRing(): KeySource {
  const text = generateKeyRing()
  return ringSource(() => text)
}

test('a gateway moves from a key ring to Transit, and every data key opens all the while', async () => {
  const ring = newRing()
  const transit = await startTransit()
  const old = await combineSources(ring, []).wrap(dataKey, context)

  const moving = combineSources(transit, [ring])
  expect(await moving.activeName()).toBe('transit/transit/ucanpay/v1')
  expect(old.wrappedBy).not.toBe(await moving.activeName())
  const rewrapped = await moving.wrap(await moving.unwrap(old, context), context)
  expect(rewrapped.wrappedBy).toBe(await moving.activeName())
  expect(await moving.unwrap(rewrapped, context)).toEqual(dataKey)

  const moved = combineSources(transit, [])
  expect(await moved.unwrap(rewrapped, context)).toEqual(dataKey)
  expect(await refusalOf(moved.unwrap(old, context))).toEqual(
    new KeySourceError(
      'a data key was wrapped by ring/1, and no configured source has it: add it to UCANPAY_PREVIOUS_KEY_SOURCES',
    ),
  )
})

test('what one source wrapped does not open under the name of another, nor changed, nor for another owner', async () => {
  const ring = newRing()
  const transit = await startTransit()
  const both = combineSources(transit, [ring])
  for (const source of [ring, transit]) {
    const { wrapped, wrappedBy } = await source.wrap(dataKey, context)
    const misnamed = { wrapped, wrappedBy: source === ring ? 'transit/transit/ucanpay/v1' : 'ring/1' }
    const changed = { wrapped: flipped(wrapped, wrapped.length * 8 - 1), wrappedBy }
    expect(await refusalOf(both.unwrap(misnamed, context))).toBeInstanceOf(EnvelopeError)
    expect(await refusalOf(both.unwrap(changed, context))).toBeInstanceOf(EnvelopeError)
    const stranger = { ...context, merchantId: 'M2' }
    expect(await refusalOf(both.unwrap({ wrapped, wrappedBy }, stranger))).toBeInstanceOf(EnvelopeError)
  }
})

test('of two sources whose names fit, the one that fits more closely is asked', async () => {
  const ring = newRing()
  const asked: string[] = []
  const named = (prefix: string): KeySource => ({
    ...ring,
    prefix,
    unwrap: () => {
      asked.push(prefix)
      return Promise.resolve(dataKey)
    },
  })
  const both = combineSources(named('aws-kms/a:key/'), [named('aws-kms/a:key/1234')])
  for (const wrappedBy of ['aws-kms/a:key/1234', 'aws-kms/a:key/5678']) {
    await both.unwrap({ wrapped: Buffer.alloc(1), wrappedBy }, context)
  }
  expect(asked).toEqual(['aws-kms/a:key/1234', 'aws-kms/a:key/'])
})

test('two key rings are not combined, because a key of the one would pass for a key of the other', () => {
  expect(() => combineSources(newRing(), [newRing()])).toThrow(KeySourceError)
})

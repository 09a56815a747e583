import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { blindIndex } from './blind-index.ts'

const key = randomBytes(32)
const place = { table: 'customers', column: 'email', merchantId: 'M1' }

test('one value has one index, and another value, place or key has another', () => {
  const index = blindIndex(key, 'ada@example.com', place)
  expect(index).toHaveLength(32)
  expect(blindIndex(key, 'ada@example.com', { ...place }).equals(index)).toBe(true)
  const others = [
    blindIndex(key, 'Ada@example.com', place),
    blindIndex(randomBytes(32), 'ada@example.com', place),
    ...(['table', 'column', 'merchantId'] as const).map((part) =>
      blindIndex(key, 'ada@example.com', { ...place, [part]: `${place[part]}x` }),
    ),
    blindIndex(key, 'ada@example.com', { table: 'customer', column: 'semail', merchantId: 'M1' }),
  ]
  for (const other of others) expect(other.equals(index)).toBe(false)
})

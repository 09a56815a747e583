import { expect, test } from 'vitest'
import { ageOf, endOf, parseAddresses } from './key-age.ts'

const NOW = Date.parse('2026-06-30T12:00:00Z')
const DAY = 86_400_000
const at = (days: number): string => new Date(NOW + days * DAY).toISOString()

test('a key is too old from the 91st day on', () => {
  expect(ageOf(at(-90), NOW)).toEqual({ days: 90, old: false })
  expect(ageOf(at(-91), NOW)).toEqual({ days: 91, old: true })
})

test('a key of this moment is 0 days old, also where the clock here is behind', () => {
  expect(ageOf(at(0.01), NOW)).toEqual({ days: 0, old: false })
})

test('a key that ends within 14 days ends soon', () => {
  expect(endOf(at(14), NOW)).toEqual({ days: 14, soon: false })
  expect(endOf(at(13), NOW)).toEqual({ days: 13, soon: true })
  expect(endOf(at(0.5), NOW)).toEqual({ days: 1, soon: true })
  expect(endOf(undefined, NOW)).toBeUndefined()
})

test('addresses and ranges are read one a line, with commas, or both', () => {
  expect(parseAddresses('203.0.113.7, 198.51.100.0/24\n2001:db8::/32')).toEqual([
    '203.0.113.7',
    '198.51.100.0/24',
    '2001:db8::/32',
  ])
  expect(parseAddresses('  ')).toEqual([])
})

test.each(['localhost', '203.0.113.256', '203.0.113', '203.0.113.7/33', '2001:db8::/129', '203.0.113.7\nx'])(
  '%j is no list of addresses',
  (typed) => {
    expect(parseAddresses(typed)).toBeUndefined()
  },
)

test('32 addresses are the most', () => {
  const many = Array.from({ length: 33 }, (_each, index) => `203.0.113.${index}`)
  expect(parseAddresses(many.slice(1).join('\n'))).toHaveLength(32)
  expect(parseAddresses(many.join('\n'))).toBeUndefined()
})

import { expect, test } from 'vitest'
import { Budget, MOST_REQUESTS } from './budget.ts'

test('no host is asked that was not named, and none once too often', () => {
  const budget = new Budget(['shop.example:443'])
  expect(() => budget.take('other.example:443')).toThrow('not asked')
  expect(() => budget.take('shop.example:80')).toThrow('not asked')
  for (let sent = 0; sent < MOST_REQUESTS; sent += 1) budget.take('shop.example:443')
  expect(budget.used).toBe(MOST_REQUESTS)
  expect(() => budget.take('shop.example:443')).toThrow('more than')
})

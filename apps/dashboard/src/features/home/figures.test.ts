import { expect, test } from 'vitest'
import { changeOf, currenciesOf, successRate, sumsOf, type HomeData, type Sums } from './figures.ts'

const CAD: Sums = {
  currency: 'CAD',
  placedCount: 12,
  paidCount: 9,
  failedCount: 3,
  paidAmt: 45_000,
  refundedAmt: 450,
  refundCount: 1,
}

test('the success rate counts what was decided, not what is still open', () => {
  expect(successRate(CAD)).toBe(0.75)
  expect(successRate({ ...CAD, placedCount: 1_000 })).toBe(0.75)
})

test('where nothing was decided there is no rate, rather than one of 0 % or 100 %', () => {
  expect(successRate({ ...CAD, paidCount: 0, failedCount: 0 })).toBeUndefined()
})

test('a change is told relative to before; from nothing there is none', () => {
  expect(changeOf(125, 100)).toBe(0.25)
  expect(changeOf(0, 100)).toBe(-1)
  expect(changeOf(100, 0)).toBeUndefined()
})

test('each currency comes once, the largest first, also one that only the balance knows', () => {
  const eur = { ...CAD, currency: 'EUR' }
  const data = { now: [eur, CAD], before: [CAD], balances: [{ currency: 'JPY', amount: 5 }] } as unknown as HomeData
  expect(currenciesOf(data)).toEqual(['EUR', 'CAD', 'JPY'])
})

test('a currency in which nothing happened has zeros', () => {
  expect(sumsOf([CAD], 'EUR')).toMatchObject({ currency: 'EUR', paidAmt: 0, paidCount: 0 })
  expect(sumsOf([CAD], 'CAD')).toBe(CAD)
})

import { expect, test } from 'vitest'
import { netOf, sumsByCurrency } from './sums.ts'

const nothing = { paidCount: 0, paidAmt: 0, refundCount: 0, refundedAmt: 0, feeAmt: 0 }

test('days are added up in each currency by itself', () => {
  const sums = sumsByCurrency([
    { ...nothing, day: '2026-11-23', currency: 'JPY', paidCount: 1, paidAmt: 450 },
    { ...nothing, day: '2026-11-23', currency: 'CAD', paidCount: 2, paidAmt: 900, feeAmt: 26 },
    { ...nothing, day: '2026-11-24', currency: 'CAD', refundCount: 1, refundedAmt: 1000 },
  ])
  expect(sums).toEqual([
    { currency: 'CAD', paidCount: 2, paidAmt: 900, refundCount: 1, refundedAmt: 1000, feeAmt: 26 },
    { ...nothing, currency: 'JPY', paidCount: 1, paidAmt: 450 },
  ])
  expect(sums.map(netOf)).toEqual([-126, 450])
})

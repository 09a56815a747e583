import { expect, test } from 'vitest'
import { formatMoney, majorUnits, parseAmount } from './money.ts'

test('an amount is shown with its currency’s own decimals, the largest one to the last digit', () => {
  expect(formatMoney(450, 'CAD', 'en')).toBe('CA$4.50')
  expect(formatMoney(450, 'JPY', 'en')).toBe('¥450')
  expect(formatMoney(450, 'KWD', 'en').replaceAll('\u00a0', ' ')).toBe('KWD 0.450')
  expect(formatMoney(9_007_199_254_740_991, 'USD', 'en')).toBe('$90,071,992,547,409.91')
})

test('what is typed in major units is read to the minor unit, by point and by comma', () => {
  expect(parseAmount('12.5', 'CAD')).toBe(1250)
  expect(parseAmount('1 234,05', 'CAD')).toBe(123_405)
  expect(parseAmount('450', 'JPY')).toBe(450)
  expect(parseAmount('0.450', 'KWD')).toBe(450)
})

test.each(['', '0', '0.00', '-1', '1.234', '1,234.00', '1e3', 'ten', '99999999999999'])(
  '%j is no amount of Canadian dollars',
  (typed) => {
    expect(parseAmount(typed, 'CAD')).toBeUndefined()
  },
)

test('what a field starts with is read back as the same amount', () => {
  for (const [amount, currency] of [
    [5, 'CAD'],
    [1250, 'CAD'],
    [450, 'JPY'],
    [7, 'KWD'],
  ] as const)
    expect(parseAmount(majorUnits(amount, currency), currency)).toBe(amount)
})

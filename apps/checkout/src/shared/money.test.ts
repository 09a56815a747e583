import { expect, test } from 'vitest'
import { formatMoney } from './money.ts'
import { languageOf } from './texts.ts'

test.each([
  [450, 'CAD', 'en-CA', '$4.50'],
  [450, 'CAD', 'en-US', 'CA$4.50'],
  [450, 'JPY', 'en-CA', 'JP¥450'],
  [1500, 'IQD', 'en-CA', 'IQD 1.500'],
  [999_999_999_999, 'CAD', 'en-CA', '$9,999,999,999.99'],
])('%d %s is shown to %s as %s', (...[amount, currency, locale, shown]) => {
  expect(formatMoney(amount, currency, locale).replace(/\u00a0/g, ' ')).toBe(shown)
})

test('speaks the first language of the buyer that it knows', () => {
  expect(languageOf(['de-DE', 'fr-FR', 'en'])).toBe('fr')
  expect(languageOf(['de-DE'])).toBe('en')
})

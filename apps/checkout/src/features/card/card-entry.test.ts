import { describe, expect, test } from 'vitest'
import { caretAfter, codeLength, findMistakes, formatExpiry, groupNumber, readExpiry, toEntry } from './card-entry.ts'

const GOOD = { number: '4242 4242 4242 4242', expiry: '12 / 30', securityCode: '737', holderName: ' Ada Lovelace ' }
const NOW = new Date('2026-11-24T12:00:00Z')

test.each([
  ['4242424242424242', '4242 4242 4242 4242'],
  ['4242-4242 4242.4242', '4242 4242 4242 4242'],
  ['378282246310005', '3782 822463 10005'],
  ['42424', '4242 4'],
  ['', ''],
])('groups the number %s as on the card', (typed, shown) => {
  expect(groupNumber(typed)).toBe(shown)
})

test('keeps the caret behind the same digit when the number is regrouped', () => {
  expect(caretAfter('4242 4242 42', 4)).toBe(4)
  expect(caretAfter('4242 4242 42', 5)).toBe(6)
  expect(caretAfter('4242', 9)).toBe(4)
})

test.each([
  ['4', '04'],
  ['12', '12'],
  ['123', '12 / 3'],
  ['1230', '12 / 30'],
  ['12/30', '12 / 30'],
  ['12/2030', '12 / 30'],
  ['122030', '12 / 30'],
  ['1/29', '01 / 29'],
])('puts the expiry date %s into form', (typed, shown) => {
  expect(formatExpiry(typed)).toBe(shown)
})

test('reads no month that the calendar lacks', () => {
  expect(readExpiry('12 / 30')).toEqual({ month: 12, year: 2030 })
  expect(readExpiry('13 / 30')).toBeUndefined()
  expect(readExpiry('00 / 30')).toBeUndefined()
})

test('knows that the security code of an Amex card has four digits', () => {
  expect([codeLength('378282246310005'), codeLength('4242424242424242')]).toEqual([4, 3])
})

describe('mistakes', () => {
  test('there are none in a good card, and it is sent as digits', () => {
    expect(findMistakes(GOOD, NOW)).toEqual({})
    expect(toEntry(GOOD)).toEqual({
      number: '4242424242424242',
      expiryMonth: 12,
      expiryYear: 2030,
      securityCode: '737',
      holderName: 'Ada Lovelace',
    })
  })

  test.each([
    ['number', '', 'numberMissing'],
    ['number', '4242 4242 4242 4241', 'numberWrong'],
    ['number', '4242 4242 4242', 'numberWrong'],
    ['expiry', '', 'expiryMissing'],
    ['expiry', '13 / 30', 'expiryWrong'],
    ['expiry', '10 / 26', 'expiryPast'],
    ['securityCode', '', 'codeMissing'],
    ['securityCode', '73', 'codeWrong'],
    ['holderName', '  ', 'nameMissing'],
    ['holderName', '4242 4242 4242 4242', 'nameWrong'],
  ] as const)('%s %j', (field, value, text) => {
    expect(findMistakes({ ...GOOD, [field]: value }, NOW)).toMatchObject({ [field]: { text } })
  })

  test('a card is good through the last day of its month', () => {
    const typed = { ...GOOD, expiry: '11 / 26' }
    expect(findMistakes(typed, new Date('2026-11-30T23:59:59Z'))).toEqual({})
    expect(findMistakes(typed, new Date('2026-12-02T00:00:00Z'))).toHaveProperty('expiry')
  })
})

import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { API_KEY_KINDS, MODES, formatApiKey, parseApiKey } from './api-key.ts'
import { brandOf, isBrandedNumber, isLuhnValid, lengthsOf } from './card-number.ts'
import { CURRENCIES, decimalsOf } from './currencies.ts'
import { FAILURES, failureBody, type FailureMsg } from './failures.ts'
import { StrictJsonError, parseStrictJson } from './strict-json.ts'
import { stringToSign } from './string-to-sign.ts'

describe('the string to sign', () => {
  test('is sorted, without what is empty, with the path behind it', () => {
    const members = { totalAmt: 450, sign: 'x', body: 'b', deviceNo: '', outTradeNo: null, a: true, Z: 1, nested: {} }
    expect(stringToSign(members, '/payment/unifiedorder')).toBe('Z=1&a=true&body=b&totalAmt=450/payment/unifiedorder')
    expect(stringToSign(members, '/payment/unifiedorder', 'reference-v1')).toBe('Z=1&a=true&body=b&totalAmt=450')
  })

  test('does not depend on the order of the members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (members) => {
        const reversed = Object.fromEntries(Object.entries(members).reverse())
        expect(stringToSign(reversed, '/p')).toBe(stringToSign(members, '/p'))
      }),
    )
  })
})

describe('an API key', () => {
  test.each(API_KEY_KINDS.flatMap((kind) => MODES.map((mode) => [kind, mode] as const)))(
    '%s %s is read back',
    (kind, mode) => {
      const key = formatApiKey({ kind, mode }, randomBytes(64))
      expect(key).toMatch(new RegExp(`^ucp_${kind}_${mode}_[0-9A-Za-z]{38}$`))
      expect(parseApiKey(key)).toEqual({ kind, mode })
    },
  )

  test('ends with the CRC-32 of all that precedes, in base62', () => {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const key = formatApiKey({ kind: 'sk', mode: 'test' }, randomBytes(64))
    const value = Array.from(key.slice(-6)).reduce((sum, char) => sum * 62 + alphabet.indexOf(char), 0)
    expect(value).toBe(crc32(key.slice(0, -6)))
  })

  test('is told from a mistyped one, whichever character it is', () => {
    const key = formatApiKey({ kind: 'sk', mode: 'live' }, randomBytes(64))
    for (let at = 12; at < key.length; at++) {
      const other = key.charAt(at) === 'A' ? 'B' : 'A'
      expect(parseApiKey(key.slice(0, at) + other + key.slice(at + 1))).toBeUndefined()
    }
    expect(() => formatApiKey({ kind: 'sk', mode: 'test' }, new Uint8Array(64).fill(255))).toThrow(RangeError)
  })
})

describe('strict JSON', () => {
  test('reads what JSON.parse reads, where nothing in it has two readings', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed() && !text.includes('\0')),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    )
    const name = fc
      .string()
      .filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text) && !text.includes('\0'))
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(leaf, fc.array(leaf))), (value) => {
        expect(parseStrictJson(JSON.stringify(value, null, 1))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test.each([
    ['{"a":1,"a":2}', 'duplicate-member'],
    ['{"a":1,"\\u0061":2}', 'duplicate-member'],
    ['[{"a":1},{"b":{"c":1,"c":1}}]', 'duplicate-member'],
    ['{"a":"\\"b\\":1","a" :2}', 'duplicate-member'],
    ['{"__proto__":1}', 'forbidden-member'],
    ['{"a":1.0}', 'number'],
    ['{"a":1e2}', 'number'],
    ['{"a":9007199254740992}', 'number'],
    ['[[[[[1]]]]]', 'depth'],
    ['{"a":"\\u0000"}', 'text'],
    ['{"a":"\\udc00"}', 'text'],
    ['{"a":', 'syntax'],
    ['', 'syntax'],
  ])('refuses %s: %s', (text, rule) => {
    expect(() => parseStrictJson(text)).toThrow(new StrictJsonError(rule as StrictJsonError['rule']))
  })
})

describe('failures', () => {
  test('each has a fixed sentence and a status that it may come with', () => {
    for (const msg of Object.keys(FAILURES) as FailureMsg[]) {
      const body = failureBody(msg, { requestId: 'r', timestamp: 't', status: 418 })
      expect(body.status).toBe(FAILURES[msg].statuses[0])
      expect(body).toMatchObject({ code: body.status, msg, message: FAILURES[msg].message, requestId: 'r' })
      expect(body.error).not.toBe('Error')
    }
    expect(failureBody('PARAM_ERROR', { requestId: 'r', timestamp: 't', status: 413 }).status).toBe(413)
  })
})

test('currencies know their decimals', () => {
  expect([decimalsOf('CAD'), decimalsOf('JPY'), decimalsOf('KWD')]).toEqual([2, 0, 3])
  expect(CURRENCIES.length).toBeGreaterThan(140)
  expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length)
  expect(() => decimalsOf('XXX')).toThrow(RangeError)
})

test.each([
  ['4242424242424242', 'visa', true],
  ['5555555555554444', 'mastercard', true],
  ['2223003122003222', 'mastercard', true],
  ['378282246310005', 'amex', true],
  ['6011111111111117', 'discover', true],
  ['3530111333300000', 'jcb', true],
  ['6200000000000005', 'unionpay', true],
  ['4242424242424241', 'visa', false],
  ['424242424242', 'visa', false],
  ['1234567890123452', 'other', false],
])('%s is a number of %s: %s', (number, brand, real) => {
  expect(brandOf(number)).toBe(brand)
  expect(isBrandedNumber(number)).toBe(real)
  expect(lengthsOf(number).length).toBeGreaterThan(0)
  expect(isLuhnValid(`${number}x`.slice(0, -1))).toBe(isLuhnValid(number))
})

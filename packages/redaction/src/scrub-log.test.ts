import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findCardNumbers } from './card-numbers.ts'
import { plainDigits } from './plain-digits.ts'
import { scrubLog } from './scrub-log.ts'

const CARD = '4242424242424242'

test.each([
  ['full-width digits', '４２４２４２４２４２４２４２４２'],
  ['Arabic digits', '٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢'],
  ['bold digits', '𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐'],
  ['circled digits', '④②④②④②④②④②④②④②④②'],
  ['what takes no room', '4242\u200b4242\u00ad4242\u20604242'],
  ['narrow spaces and long dashes', '4242\u202f4242\u20134242\u00a04242'],
  ['a group a line', '4242\n4242\r\n4242\t4242'],
  ['percent-encoding, twice', encodeURIComponent(encodeURIComponent(`n=${CARD.replace(/.{4}/g, '$& ')}`))],
  ['escapes of JSON', CARD.replace(/./g, (digit) => `\\u003${digit}`)],
  ['hex', Buffer.from(CARD).toString('hex')],
  ['hex within hex signs', `a${Buffer.from(`x${CARD}`).toString('hex')}`],
  ['base64', Buffer.from(CARD).toString('base64')],
  ['a key of another service', `see ghp_${'aB3'.repeat(12)} there`],
  ['a header', 'authorization: Basic dXNlcjpodW50ZXIy'],
  ['cookies', 'Cookie: session=4f5a; theme=dark'],
  ['a value by its name', '{"api_key":"hunter2"}'],
  ['a value by its name, as JSON in JSON', '{\\"token\\":\\"hunter2\\"}'],
  ['a code by its word', 'CVC is 123'],
  ['a query string', 'GET https://shop.example/reset?t=hunter2'],
  ['a query string of a path', '/reset?t=hunter2'],
  ['credentials of an address', 'redis://:hunter2@db'],
  ['an unfinished key', '-----BEGIN PRIVATE KEY-----\nMIIEv'],
  ['an unfinished token', 'eyJhbGciOiJI.eyJzdWIiOiIx'],
  ['a telephone number', 'call +1 (416) 555-0143'],
])('takes out of a log %s', (_what, text) => {
  const scrubbed = scrubLog(text)
  expect(scrubbed).toMatch(/\[[a-z]+\]/)
  expect(findCardNumbers(plainDigits(scrubbed))).toEqual([])
  for (const secret of [text, 'hunter2', '123', '4f5a', 'MIIEv', 'ghp_', 'eyJz', '0143', 'dXNl'])
    expect(scrubbed).not.toContain(secret)
})

test.each([
  'order Order1 paid in 12.5 ms',
  '2026-11-25T18:04:56.123Z',
  '2026-11-25T18:04:56+00:00',
  'd41d8cd98f00b204e9800998ecf8427e',
  '7f3c1a52-9d0e-4b7a-8c11-5a1f0e6b2d90',
  'req_01jd8z6v4n0123456789abcdef',
  '    at Object.<anonymous> (/srv/shop/src/orders/place-order.ts:12:34)',
  'Zoë paid १२ rupees',
  '100 % of 20%20',
  'Basic settings were changed',
])('leaves %s alone', (text) => {
  expect(scrubLog(text)).toBe(text)
})

test('no card number is left, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (before, after) => {
      expect(findCardNumbers(scrubLog(`${before} ${CARD} ${after}`)).map(({ digits }) => digits)).not.toContain(CARD)
    }),
  )
})

test('no text takes long', () => {
  const pieces = ['4 ', '/?', 'a.', '-----BEGIN PRIVATE KEY-----', 'eyJ', '%25', '+1', 'token=', '\\u0034', '= ', '(']
  for (const piece of pieces) {
    const begun = performance.now()
    scrubLog(piece.repeat(20_000 / piece.length))
    expect(performance.now() - begun, piece).toBeLessThan(2_000)
  }
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findCardNumbers } from './card-numbers.ts'
import { scrub } from './scrub.ts'

const CARD = '4242424242424242'
const KEY = 'ucp_sk_test_0123456789abcdefghijABCDEFGHIJ01abcdef'

test.each([
  ['a card', `paid with ${CARD} today`],
  ['a card in groups', 'paid with 4242 4242 4242 4242 today'],
  ['a card with dashes', 'paid with 4242-4242-4242-4242 today'],
  ['a percent-encoded card', 'n=4242%204242%204242%204242&x=1'],
  ['a base64 card', Buffer.from(`{"number":"${CARD}"}`).toString('base64')],
  ['an Amex card', 'card 378282246310005.'],
  ['a card with its expiry', `${CARD.replace(/(.{4})(?=.)/g, '$1 ')} 12/27`],
  ['a card behind a number', 'no. 12 4242 4242 4242 4242 end'],
  ['a card and its code', `${CARD} 123`],
  ['a base64 card inside a word', `x_${Buffer.from(`{"number":"${CARD}"}`).toString('base64')}`],
  ['a security code by its name', 'cvc=8642'],
  ['the password of an address', 'postgres://u:hunter22@localhost/db'],
  ['a key', `Authorization: ${KEY}`],
  ['a base64 key', Buffer.from(`k:${KEY}`).toString('base64')],
  // ucanpay-audit-ignore secret-in-source: made up for this test
  ['a webhook secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  ['an e-mail address', 'mail to jane.doe@example.org please'],
  ['a percent-encoded e-mail address', 'to=jane.doe%40example.org'],
  ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----'],
])('takes out %s', (_what, text) => {
  const scrubbed = scrub(text)
  expect(scrubbed).toMatch(/\[[a-z ]+\]/)
  for (const secret of [
    CARD,
    '4242 4242',
    '4242-4242',
    '4242%20',
    '378282',
    KEY,
    'MfKQ',
    'jane',
    'MIIabc',
    '8642',
    'hunter22',
  ]) {
    expect(scrubbed).not.toContain(secret)
  }
})

test.each([
  ['an order number of ours', '17639472000001234567'],
  ['a number that fails the check digit', '4242424242424241'],
  ['a number of no brand', '1234567890123452'],
  ['digits inside a longer run', `9${CARD}1234`],
  ['a request id', 'req_01jd8z6v4n0123456789abcdef'],
  ['words', 'the order could not be found'],
  ['a package and its version', 'https://cdn.shop.example/npm/chart@4.4.3/chart.js or chart%404.4.3'],
  ['a percent sign', '100 % of 20%20'],
])('leaves %s alone', (_what, text) => {
  expect(scrub(text)).toBe(text)
})

test('no card number is left, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const scrubbed = scrub(`${before} ${CARD} ${after}`)
      expect(findCardNumbers(scrubbed).map((hit) => hit.digits)).not.toContain(CARD)
    }),
  )
})

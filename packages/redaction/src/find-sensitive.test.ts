import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findSensitive, type SensitiveKind } from './find-sensitive.ts'

const kindsIn = (text: string): SensitiveKind[] => [...new Set(findSensitive(text).map(({ kind }) => kind))]

test.each<[SensitiveKind, string]>([
  ['card-number', 'You paid with 4242424242424242.'],
  ['card-number', 'You paid with 4242 4242 4242 4242, thank you'],
  ['card-number', 'Amex 3782 822463 10005'],
  ['card-number', 'order 4242424242424242'],
  ['card-number', 'Maestro card 6759649826438453'],
  ['card-number', 'your card 4222222222222'],
  ['security-code', 'CVC: 123'],
  ['security-code', 'security code is 1234'],
  ['security-code', 'Kartenprüfnummer 123'],
  ['key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
  ['key', `Bearer ${'aB3'.repeat(8)}`],
  ['key', ['postgres://shop', 'hunter2@db.shop.example/shop'].join(':')],
  ['password', 'Your new password is: hunter2!'],
  ['password', 'Passwort: Sommer2026'],
  ['password', 'Password = correctHorse'],
  ['iban', 'IBAN DE89 3704 0044 0532 0130 00'],
  ['iban', 'gb82west12345698765432'],
  ['national-id', 'SSN 536-22-1234'],
  ['national-id', 'Social insurance number: 046 454 286'],
  ['national-id', 'National Insurance AB 12 34 56 C'],
  ['national-id', 'CPF 529.982.247-25'],
  ['national-id', '11010519491231002X'],
  ['national-id', '1 84 12 76 451 089 46'],
  ['birth-date', 'Date of birth: 1984-12-07'],
  ['birth-date', 'born on 7 December 1984'],
  ['birth-date', 'Geburtsdatum: 07.12.1984'],
  ['birth-date', 'DOB December 7th, 1984'],
  ['email-address', 'jane.doe@example.org'],
])('finds a %s in: %s', (kind, text) => {
  expect(kindsIn(text)).toContain(kind)
})

test.each([
  'The CVC is the 3 digits on the back of your card.',
  'Reset your password: https://shop.example/reset',
  'Your password is safe with us. Password: ********',
  'Password: required. Password: unchanged.',
  'Tracking 612999902345 and 1Z999AA10123456784 and 9400 1000 0000 0000 0000 00',
  'Call +49 30 901820 or +1 416 555 0143, +44 20 7946 0958',
  '2026-11-25T18:04:56.123456Z 20261125180456',
  '4ca7b1a0-4111-4111-8111-111111111111',
  'Card ending in 4242, **** **** **** 4242',
  'Order DE89 370400 of 12.05.2026',
  'Our birthday sale ends on 2026-12-01',
  'IBAN DE89 3704 0044 0532 0130 01',
  'CPF 529.982.247-24',
  'order 536-22-1234',
  'sha256 41111111111111110f6d2e9a8b7c6d5e4f3a2b1c0d9e8f70',
])('finds nothing in: %s', (text) => {
  expect(kindsIn(text)).toEqual([])
})

test('of a hundred thousand telephone, parcel and order numbers few are taken for a card', () => {
  let found = 0
  const number = fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 15 })
    .map((digits) => digits.join(''))
  const samples = fc.sample(number, { numRuns: 100_000, seed: 7 })
  for (const digits of samples) if (kindsIn(`Parcel ${digits} is on its way`).includes('card-number')) found++
  expect(found).toBeLessThan(100)
})

test('no text takes long', () => {
  for (const piece of [
    '4 ',
    'a@a.',
    'password is ',
    'DE12 ',
    'born 1',
    'cvc ',
    'a://a:',
    '-----BEGIN PRIVATE KEY-----',
  ]) {
    const begun = performance.now()
    findSensitive(piece.repeat(40_000 / piece.length))
    expect(performance.now() - begun, piece).toBeLessThan(2_000)
  }
})

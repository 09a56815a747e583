import { expect, test } from 'vitest'
import { changesOf, readForm } from './settings-change.ts'

const WITHOUT_ADDRESS = {
  merchantId: '10000001',
  name: 'Shop',
  refundLimitAmt: 10_000,
  signatureScheme: 'guide-2024',
  signatures: 'optional',
  replySignature: 'RSA',
  feeBasisPoints: 290,
} as const
const before = { ...WITHOUT_ADDRESS, securityNotifyUrl: 'https://shop.example.com/security' }

test('only what is other than before is sent', () => {
  const typed = { name: ' Shop ', address: before.securityNotifyUrl, limit: '250,0' }
  expect(changesOf(before, readForm(typed).read ?? expect.fail())).toEqual({ refundLimitAmt: 25_000 })
})

test('an address that is emptied is taken away, and one that was never there stays so', () => {
  const emptied = readForm({ name: 'Shop', address: '', limit: '100.00' }).read ?? expect.fail()
  expect(changesOf(before, emptied)).toEqual({ securityNotifyUrl: '' })
  expect(changesOf(WITHOUT_ADDRESS, emptied)).toEqual({})
})

test.each([
  [
    { name: ' ', address: '', limit: '0' },
    { name: true, address: false, limit: false },
  ],
  [
    { name: 'Shop', address: 'http://shop.example.com', limit: '0' },
    { name: false, address: true, limit: false },
  ],
  [
    { name: 'Shop', address: 'shop', limit: '-1' },
    { name: false, address: true, limit: true },
  ],
  [
    { name: 'Shop', address: '', limit: '10.505' },
    { name: false, address: false, limit: true },
  ],
])('what is wrong in %j is told field by field', (typed, wrong) => {
  expect(readForm(typed)).toEqual({ read: undefined, wrong })
})

import { expect, test } from 'vitest'
import { readCode, type TypedCode } from './code-form.ts'

const TYPED: TypedCode = {
  name: ' Till ',
  subject: 'Coffee',
  currency: 'CAD',
  kind: 'entered',
  min: '1',
  max: '50,00',
  notifyUrl: 'https://shop.example.com/notify',
}
const RIGHT = { name: false, subject: false, min: false, max: false, notifyUrl: false }

test('a form that is whole is read in minor units of its currency', () => {
  expect(readCode(TYPED)).toEqual({
    values: {
      name: 'Till',
      subject: 'Coffee',
      currency: 'CAD',
      minAmt: 100,
      maxAmt: 5_000,
      notifyUrl: 'https://shop.example.com/notify',
    },
    wrong: RIGHT,
  })
  expect(readCode({ ...TYPED, currency: 'KWD' }).values).toMatchObject({ minAmt: 1_000, maxAmt: 50_000 })
})

test('a fixed amount is both bounds, whatever stands in the field that is not shown', () => {
  const fixed = { ...TYPED, kind: 'fixed', min: '4.50', max: 'x' } as const
  expect(readCode(fixed).values).toMatchObject({ minAmt: 450, maxAmt: 450 })
  expect(readCode({ ...fixed, min: 'x' })).toEqual({ values: undefined, wrong: { ...RIGHT, min: true } })
})

test.each([
  [{ name: ' ' }, { name: true }],
  [{ subject: 'a/b' }, { subject: true }],
  [{ min: '0' }, { min: true }],
  [{ max: '0.99' }, { max: true }],
  [{ max: '' }, { max: true }],
  [{ min: '1.001' }, { min: true }],
  [{ currency: 'JPY' }, { max: true }],
  [{ notifyUrl: 'http://shop.example.com' }, { notifyUrl: true }],
])('what is wrong in %j is told at its field', (typed, wrong) => {
  expect(readCode({ ...TYPED, ...typed })).toEqual({ values: undefined, wrong: { ...RIGHT, ...wrong } })
})

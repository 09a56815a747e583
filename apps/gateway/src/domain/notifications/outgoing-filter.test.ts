import { expect, test } from 'vitest'
import { filterOutgoing } from './outgoing-filter.ts'

test('what may not leave is taken out of free texts, and numbers stay as they are', () => {
  const data = {
    ucpOrderNo: '17641234567890000001',
    outTradeNo: '4242424242424242',
    totalAmt: 450,
    body: 'for ada@example.com, 4111 1111 1111 1111',
    deviceNo: 'till 3',
  }
  expect(filterOutgoing(data)).toEqual({ ...data, body: 'for [email], [card]' })
})

test('a member that no message has does not leave', () => {
  expect(filterOutgoing({ totalAmt: 1, holderName: 'Ada', securityCode: '737' })).toEqual({ totalAmt: 1 })
})

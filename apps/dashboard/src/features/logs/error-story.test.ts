import { expect, test } from 'vitest'
import { readStories } from './error-story.ts'

test('a failure is told with its causes, rules and places', () => {
  const stories = readStories({
    name: 'ApiError',
    message: 'the order is busy',
    failures: [{ pointer: '/totalAmt', rule: 'type' }, 'nonsense', { pointer: 7, rule: 'type' }],
    stack: '    at createOrder (src/domain/orders/create-order.ts:12:3)\n    at async handle (src/http/server.ts:9:1)',
    cause: { name: 'error', code: '55P03', constraint: 'orders_pkey', message: 'PostgreSQL refused' },
  })
  expect(stories).toEqual([
    {
      name: 'ApiError',
      message: 'the order is busy',
      rules: [{ pointer: '/totalAmt', rule: 'type' }],
      stack: ['createOrder (src/domain/orders/create-order.ts:12:3)', 'async handle (src/http/server.ts:9:1)'],
    },
    { name: 'error', code: '55P03', constraint: 'orders_pkey', message: 'PostgreSQL refused', rules: [], stack: [] },
  ])
})

test.each([[{}], [null], [undefined], ['text'], [[]]])('%j tells nothing', (error) => {
  expect(readStories(error)).toEqual([])
})

test('an error that is its own cause is told to an end', () => {
  const error: Record<string, unknown> = { name: 'Loop' }
  error['cause'] = error
  expect(readStories(error).length).toBeLessThan(10)
})

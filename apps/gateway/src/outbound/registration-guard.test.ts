import { expect, test } from 'vitest'
import { createRegistrationGuard } from './registration-guard.ts'
import type { Resolver } from './resolve-allowed.ts'

/** Answers the same for every name, and counts. */
function resolverOf(answer: () => Promise<readonly string[]>): { resolver: Resolver; asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    resolver: (name) => {
      asked.push(name)
      return answer()
    },
  }
}

test('a public receiver may be registered', async () => {
  const { resolver } = resolverOf(() => Promise.resolve(['93.184.216.34']))

  expect(await createRegistrationGuard(resolver).allows('https://shop.example/n', 'live')).toBe(true)
})

test.each([
  ['private', '10.0.0.1'],
  ['metadata', '169.254.169.254'],
  ['mapped', '::ffff:127.0.0.1'],
])('a name that leads to a %s address may not', async (_what, address) => {
  const { resolver } = resolverOf(() => Promise.resolve([address]))
  const guard = createRegistrationGuard(resolver)

  expect(await guard.allows('https://shop.example/n', 'live')).toBe(false)
  expect(await guard.allows('https://shop.example/n', 'test')).toBe(false)
})

test('what is wrong by its form is refused without a look-up', async () => {
  const { resolver, asked } = resolverOf(() => Promise.resolve(['93.184.216.34']))

  expect(await createRegistrationGuard(resolver).allows('https://shop.example/?a=1', 'live')).toBe(false)
  expect(asked).toEqual([])
})

test('a name that does not resolve yet, or not in time, may be registered: the socket is guarded as well', async () => {
  const unknown = resolverOf(() => Promise.reject(new Error('ENOTFOUND')))
  const silent = resolverOf(() => new Promise(() => undefined))

  expect(await createRegistrationGuard(unknown.resolver).allows('https://shop.example/n', 'live')).toBe(true)
  expect(await createRegistrationGuard(silent.resolver).allows('https://shop.example/n', 'live')).toBe(true)
})

test('a host is looked up once, however many orders name it; each mode has an answer of its own', async () => {
  const { resolver, asked } = resolverOf(() => Promise.resolve(['127.0.0.1']))
  const guard = createRegistrationGuard(resolver)
  const both = ['https://shop.example/a', 'https://shop.example/b'].map((url) => guard.allows(url, 'test'))

  expect(await Promise.all(both)).toEqual([true, true])
  expect(asked).toEqual(['shop.example'])
  expect(await guard.allows('https://shop.example/a', 'live')).toBe(false)
})

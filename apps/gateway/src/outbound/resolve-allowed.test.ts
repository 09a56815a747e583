import { expect, test } from 'vitest'
import { resolveAllowed, systemResolver, type Resolver } from './resolve-allowed.ts'

const answering =
  (...addresses: string[]): Resolver =>
  () =>
    Promise.resolve(addresses)

test('a name with public addresses is resolved to them', async () => {
  const resolver = answering('93.184.216.34', '2606:2800:220:1::1')

  expect(await resolveAllowed('shop.example', 'live', resolver)).toEqual(['93.184.216.34', '2606:2800:220:1::1'])
})

test.each([
  ['private', ['10.0.0.1']],
  ['metadata', ['169.254.169.254']],
  ['mapped', ['::ffff:10.0.0.1']],
  ['NAT64', ['64:ff9b::a00:1']],
  ['public and private', ['93.184.216.34', '10.0.0.1']],
  ['private, behind many public ones', [...Array<string>(20).fill('93.184.216.34'), 'fd00::1']],
  ['no address at all', ['shop.example']],
])('a name with an address that is %s is refused in both modes', async (_what, addresses) => {
  const resolver = answering(...addresses)

  await expect(resolveAllowed('shop.example', 'live', resolver)).rejects.toMatchObject({ reason: 'refused_address' })
  await expect(resolveAllowed('shop.example', 'test', resolver)).rejects.toMatchObject({ reason: 'refused_address' })
})

test.each(['127.0.0.1', '::1'])('a name that leads to %s is for test mode alone', async (address) => {
  const resolver = answering(address)

  expect(await resolveAllowed('shop.example', 'test', resolver)).toEqual([address])
  await expect(resolveAllowed('shop.example', 'live', resolver)).rejects.toMatchObject({ reason: 'refused_address' })
})

test('an address is not looked up, and is checked all the same', async () => {
  const never: Resolver = () => Promise.reject(new Error('asked'))

  expect(await resolveAllowed('93.184.216.34', 'live', never)).toEqual(['93.184.216.34'])
  await expect(resolveAllowed('10.0.0.1', 'live', never)).rejects.toMatchObject({ reason: 'refused_address' })
})

test('a name without addresses, and one that cannot be looked up, do not resolve', async () => {
  const failing: Resolver = () => Promise.reject(new Error('SERVFAIL'))

  await expect(resolveAllowed('shop.example', 'live', answering())).rejects.toMatchObject({ reason: 'dns' })
  await expect(resolveAllowed('shop.example', 'live', failing)).rejects.toMatchObject({ reason: 'dns' })
})

test('a name with a great many addresses does not keep us dialling', async () => {
  const resolver = answering(...Array.from({ length: 1000 }, (_, index) => `93.184.${index >> 8}.${index & 255}`))

  expect(await resolveAllowed('shop.example', 'live', resolver)).toHaveLength(8)
})

test('localhost is this machine, whatever a name server says', async () => {
  expect(await systemResolver('localhost')).toEqual(['127.0.0.1', '::1'])
})

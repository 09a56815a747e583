import { expect, test } from 'vitest'
import { EnvelopeError } from '../envelope-error.ts'
import { KeySourceError } from '../key-encryption.ts'
import { context, dataKey, flipped, refusalOf } from './test/data-key.ts'
import { startFakeTransit } from './test/fake-transit.ts'
import { startTlsTransit } from './test/tls-transit.ts'
import { transitSource, type TransitOptions } from './transit-source.ts'

/** A fake server, and a source that uses it behind a clock that stands still until it is moved. */
async function start(options: Partial<TransitOptions> = {}) {
  const fake = await startFakeTransit()
  const clock = { nowMs: 0 }
  const { token } = fake
  const source = transitSource({
    address: fake.address,
    key: 'ucanpay',
    token: () => token,
    allowLoopbackHttp: true,
    now: () => clock.nowMs,
    ...options,
  })
  return { fake, clock, token, source }
}

test('a data key comes back, and is named after the version that wrapped it', async () => {
  const { source, fake } = await start({ namespace: 'payments/eu' })
  const key = await source.wrap(dataKey, context)
  expect(key.wrappedBy).toBe('transit/transit/ucanpay/v1')
  expect(key.wrappedBy.startsWith(source.prefix)).toBe(true)
  expect(key.wrapped.toString()).toMatch(/^vault:v1:/)
  expect(await source.activeName()).toBe(key.wrappedBy)
  expect(await source.unwrap(key, context)).toEqual(dataKey)
  expect(new Set(fake.requests.map(({ namespace }) => namespace))).toEqual(new Set(['payments/eu']))
})

test('a rotated key is active within 2 s, is asked for no more often, and the old one still opens', async () => {
  const { source, fake, clock } = await start()
  const old = await source.wrap(dataKey, context)
  await source.activeName()
  fake.rotate()
  clock.nowMs = 1_999
  expect(await source.activeName()).toBe('transit/transit/ucanpay/v1')
  clock.nowMs = 2_000
  const names = await Promise.all([source.activeName(), source.activeName(), source.activeName()])
  expect(names).toEqual(Array(3).fill('transit/transit/ucanpay/v2'))
  expect(fake.requests.filter(({ path }) => path.includes('/keys/'))).toHaveLength(2)
  expect((await source.wrap(dataKey, context)).wrappedBy).toBe('transit/transit/ucanpay/v2')
  expect(await source.unwrap(old, context)).toEqual(dataKey)
})

test.each(['merchantId', 'purpose', 'keyId'] as const)('another %s does not open it', async (part) => {
  const { source } = await start()
  const key = await source.wrap(dataKey, context)
  const refusal = await refusalOf(source.unwrap(key, { ...context, [part]: 'other' }))
  expect(refusal).toBeInstanceOf(EnvelopeError)
})

test('no flipped bit and no other name opens', async () => {
  const { source, fake } = await start()
  fake.rotate()
  const { wrapped, wrappedBy } = await source.wrap(dataKey, context)
  for (let bit = 0; bit < wrapped.length * 8; bit++) {
    expect(await refusalOf(source.unwrap({ wrapped: flipped(wrapped, bit), wrappedBy }, context))).toBeInstanceOf(
      EnvelopeError,
    )
  }
  for (const other of ['transit/transit/ucanpay/v1', 'transit/transit/other/v2', 'ring/2', '']) {
    expect(await refusalOf(source.unwrap({ wrapped, wrappedBy: other }, context))).toBeInstanceOf(EnvelopeError)
  }
})

test('what is no data key is not sent, and what comes back as none is refused', async () => {
  const { source, fake } = await start()
  await expect(source.wrap(Buffer.alloc(31), context)).rejects.toThrow(RangeError)
  expect(fake.requests).toHaveLength(0)
  const key = await source.wrap(dataKey, context)
  fake.answer = { status: 200, body: JSON.stringify({ data: { plaintext: Buffer.alloc(16).toString('base64') } }) }
  await expect(source.unwrap(key, context)).rejects.toThrow(EnvelopeError)
})

test('a refused token is told with the right that it lacks, and is not quoted', async () => {
  const { source, fake, token } = await start()
  const key = await source.wrap(dataKey, context)
  fake.token = 'another'
  const refusals = await Promise.all(
    [source.wrap(dataKey, context), source.unwrap(key, context), source.activeName()].map((asked) =>
      refusalOf(asked, [token]),
    ),
  )
  expect(refusals.map(({ message }) => message)).toEqual([
    'Transit answered 403 to transit/encrypt/ucanpay: the token is no longer valid, or lacks update on transit/encrypt/ucanpay',
    'Transit answered 403 to transit/decrypt/ucanpay: the token is no longer valid, or lacks update on transit/decrypt/ucanpay',
    'Transit answered 403 to transit/keys/ucanpay: the token is no longer valid, or lacks read on transit/keys/ucanpay',
  ])
  expect(refusals.every((refusal) => refusal instanceof KeySourceError)).toBe(true)
})

test('a missing key is told as one, whatever status it comes with', async () => {
  const { source } = await start({ key: 'misspelt' })
  const stored = { wrapped: Buffer.from('vault:v1:AAAA'), wrappedBy: 'transit/transit/misspelt/v1' }
  for (const asked of [source.wrap(dataKey, context), source.unwrap(stored, context), source.activeName()]) {
    expect(String(await refusalOf(asked))).toMatch(/^KeySourceError: .*the key misspelt is missing/)
  }
  const { source: elsewhere } = await start({ mount: 'team/transit' })
  expect(String(await refusalOf(elsewhere.activeName()))).toMatch(
    /^KeySourceError: Transit answered 404 to team\/transit/,
  )
})

test.each([
  [400, /AEAD/],
  [307, /redirect, which is not followed/],
  [429, /too many requests/],
  [500, /the server's own log/],
  [503, /sealed/],
])('a status of %i comes with what to do', async (status, advice) => {
  const { source, fake, token } = await start()
  fake.answer = { status, body: `{"errors":["${token}"]}`, headers: { location: `${fake.address}/elsewhere` } }
  const refusal = await refusalOf(source.wrap(dataKey, context), [token])
  expect(refusal).toBeInstanceOf(KeySourceError)
  expect(refusal.message).toMatch(advice)
  expect(fake.requests).toHaveLength(1)
})

test.each([
  ['no JSON', '<html>'],
  ['null', 'null'],
  ['nothing', ''],
  ['another form', '{"data":{"ciphertext":7,"plaintext":7,"latest_version":"1"}}'],
  ['another ciphertext', '{"data":{"ciphertext":"vault:v0:AAAA"}}'],
])('an answer of %s is refused', async (_what, body) => {
  const { source, fake } = await start()
  const key = await source.wrap(dataKey, context)
  fake.answer = { status: 200, body }
  for (const asked of [source.wrap(dataKey, context), source.unwrap(key, context), source.activeName()]) {
    expect(String(await refusalOf(asked))).toMatch(/^KeySourceError: .*is not one of Transit's/)
  }
})

test('an answer over 64 KiB is not read to its end', async () => {
  const { source, fake } = await start()
  fake.answer = { status: 200, body: `{"data":{"latest_version":1,"pad":"${'x'.repeat(70_000)}"}}` }
  expect(await refusalOf(source.activeName())).toEqual(
    new KeySourceError("the Transit server's answer is over 65536 bytes"),
  )
})

test.each(['at once', 'midway'] as const)(
  'a server that falls silent %s is waited for no longer than said',
  async (when) => {
    const { source, fake, token } = await start({ timeoutMs: 100 })
    fake.silence = when
    expect(await refusalOf(source.wrap(dataKey, context), [token])).toEqual(
      new KeySourceError(`${fake.address} did not answer within 100 ms`),
    )
  },
)

test('a server that is not there is told by the code, and asked again the next time', async () => {
  const { source, fake, token } = await start()
  fake.answer = { status: 503, body: '' }
  await expect(source.activeName()).rejects.toThrow(KeySourceError)
  fake.answer = undefined
  expect(await source.activeName()).toBe('transit/transit/ucanpay/v1')
  const nowhere = transitSource({
    address: 'http://127.0.0.1:1',
    key: 'a',
    token: () => token,
    allowLoopbackHttp: true,
  })
  expect((await refusalOf(nowhere.wrap(dataKey, context), [token])).message).toContain('(ECONNREFUSED)')
})

test('a token that cannot be read, or is none, is told without its text', async () => {
  const text = 'hvs.one hvs.two'
  for (const token of [() => '', () => text, () => 'hvs.\u00e9']) {
    const { source, fake } = await start({ token })
    expect((await refusalOf(source.activeName(), [text])).message).toBe('the Transit token is empty or not one word')
    expect(fake.requests).toHaveLength(0)
  }
  const token = (): string => {
    throw Object.assign(new Error(text), { code: 'ENOENT' })
  }
  const { source } = await start({ token })
  expect((await refusalOf(source.activeName(), [text])).message).toBe('the Transit token cannot be read (ENOENT)')
})

test.each([
  [{ address: 'http://127.0.0.1:8200', allowLoopbackHttp: false }],
  [{ address: 'http://vault.internal:8200' }],
  [{ address: 'http://127.0.0.1.example.com:8200' }],
  [{ address: 'https://user:word@vault.internal:8200' }],
  [{ address: 'https://vault.internal:8200/v1/transit' }],
  [{ address: 'vault.internal:8200' }],
  [{ key: '../sys' }],
  [{ key: 'a?b' }],
  [{ mount: 'a//b' }],
  [{ mount: '..' }],
  [{ namespace: 'a\nb' }],
])('%j is refused at once', (options) => {
  const given = { address: 'https://vault.internal:8200', key: 'ucanpay', token: () => 't', allowLoopbackHttp: true }
  expect(() => transitSource({ ...given, ...options })).toThrow(KeySourceError)
})

test('over HTTPS, only a certificate of the given authority is trusted', async () => {
  const { fake, ca } = await startTlsTransit()
  const { address, token, requests } = fake

  const stranger = transitSource({ address, key: 'ucanpay', token: () => token })
  expect((await refusalOf(stranger.wrap(dataKey, context), [token])).message).toContain('(DEPTH_ZERO_SELF_SIGNED_CERT)')
  expect(requests).toHaveLength(0)

  const trusted = transitSource({ address, key: 'ucanpay', token: () => token, ca })
  expect(await trusted.unwrap(await trusted.wrap(dataKey, context), context)).toEqual(dataKey)
})

import { expect, test } from 'vitest'
import { EnvelopeError } from '../envelope-error.ts'
import { KeySourceError } from '../key-encryption.ts'
import { gcpKmsSource, type GcpKmsOptions } from './gcp-kms-source.ts'
import { context, dataKey, flipped, refusalOf } from './test/data-key.ts'
import { fakeGcpKms, grpcError } from './test/fake-gcp-kms.ts'

const KEY = 'projects/example-payments/locations/europe-west3/keyRings/gateway/cryptoKeys/ucanpay'

/** A fake client, and a source that uses it behind a clock that stands still until it is moved. */
async function start(options: Partial<GcpKmsOptions> = {}) {
  const fake = fakeGcpKms(KEY)
  const clock = { nowMs: 0 }
  const createClient = () => fake.client
  const source = await gcpKmsSource({ keyName: KEY, createClient, now: () => clock.nowMs, ...options })
  return { fake, clock, source }
}

test('a data key comes back, and is named after the version that wrapped it', async () => {
  const { source } = await start()
  const key = await source.wrap(dataKey, context)
  expect(key.wrappedBy).toBe(`gcp-kms/${KEY}/cryptoKeyVersions/1`)
  expect(key.wrappedBy.startsWith(source.prefix)).toBe(true)
  expect(await source.activeName()).toBe(key.wrappedBy)
  expect(await source.unwrap(key, context)).toEqual(dataKey)
})

test('a new primary version is active within 60 s, is asked for no more often, and the old one still opens', async () => {
  const { source, fake, clock } = await start()
  const old = await source.wrap(dataKey, context)
  await source.activeName()
  fake.rotate()
  clock.nowMs = 59_999
  expect(await source.activeName()).toBe(`gcp-kms/${KEY}/cryptoKeyVersions/1`)
  clock.nowMs = 60_000
  await Promise.all([source.activeName(), source.activeName()])
  expect(await source.activeName()).toBe(`gcp-kms/${KEY}/cryptoKeyVersions/2`)
  expect(fake.calls.filter((call) => call === 'getCryptoKey')).toHaveLength(2)
  expect((await source.wrap(dataKey, context)).wrappedBy).toBe(`gcp-kms/${KEY}/cryptoKeyVersions/2`)
  expect(await source.unwrap(old, context)).toEqual(dataKey)
})

test.each(['merchantId', 'purpose', 'keyId'] as const)('another %s does not open it', async (part) => {
  const { source } = await start()
  const key = await source.wrap(dataKey, context)
  const refusal = await refusalOf(source.unwrap(key, { ...context, [part]: 'other' }))
  expect(refusal).toBeInstanceOf(EnvelopeError)
})

test('no flipped bit, no truncation and no key of another name opens', async () => {
  const { source, fake } = await start()
  const { wrapped, wrappedBy } = await source.wrap(dataKey, context)
  for (let bit = 0; bit < wrapped.length * 8; bit++) {
    const refusal = await refusalOf(source.unwrap({ wrapped: flipped(wrapped, bit), wrappedBy }, context))
    expect(refusal).toBeInstanceOf(EnvelopeError)
  }
  const short = { wrapped: wrapped.subarray(0, 20), wrappedBy }
  expect(await refusalOf(source.unwrap(short, context))).toBeInstanceOf(EnvelopeError)
  const calls = fake.calls.length
  const other = { wrapped, wrappedBy: wrappedBy.replace('example-payments', 'somebody-else') }
  expect(await refusalOf(source.unwrap(other, context))).toBeInstanceOf(EnvelopeError)
  expect(fake.calls).toHaveLength(calls)
})

test.each([
  ['another ciphertext', { ciphertext: Buffer.from('damaged') }],
  ['no checksum', { ciphertextCrc32c: null }],
  ['a checksum of 0', { ciphertextCrc32c: { value: 0 } }],
  ['a plaintext that arrived otherwise', { verifiedPlaintextCrc32c: false }],
  ['an owner that arrived otherwise', { verifiedAdditionalAuthenticatedDataCrc32c: null }],
])('nothing is wrapped where the answer has %s', async (_what, damage) => {
  const { source, fake } = await start()
  fake.damage = damage
  expect(String(await refusalOf(source.wrap(dataKey, context)))).toMatch(/^KeySourceError: .*the checksum of encrypt/)
})

test('a data key that is damaged on its way back is not used', async () => {
  const { source, fake } = await start()
  const key = await source.wrap(dataKey, context)
  fake.damage = { plaintext: Buffer.alloc(32, 1) }
  expect(String(await refusalOf(source.unwrap(key, context)))).toMatch(/^KeySourceError: .*the checksum of decrypt/)
})

test.each([
  [7, /PERMISSION_DENIED: grant roles\/cloudkms.cryptoKeyEncrypterDecrypter/],
  [5, /NOT_FOUND: check the name/],
  [9, /FAILED_PRECONDITION: enable/],
  [13, /: code 13$/],
  ['ENOTFOUND', /ENOTFOUND: check the credentials/],
  ['a code with words', /: no code: check the credentials/],
])('of the code %s, the name and what to do are told, and nothing else', async (code, advice) => {
  const { source, fake } = await start()
  const key = await source.wrap(dataKey, context)
  fake.failure = grpcError(code, `words ${dataKey.toString('base64')}`)
  for (const asked of [source.wrap(dataKey, context), source.unwrap(key, context), source.activeName()]) {
    const refusal = await refusalOf(asked, ['words '])
    expect(refusal).toBeInstanceOf(KeySourceError)
    expect(refusal.message).toMatch(advice)
  }
})

test('an argument that is refused is a broken envelope only where something was to be opened', async () => {
  const { source, fake } = await start()
  const key = await source.wrap(dataKey, context)
  fake.failure = grpcError(3, 'words')
  expect(await refusalOf(source.unwrap(key, context))).toBeInstanceOf(EnvelopeError)
  expect(await refusalOf(source.wrap(dataKey, context))).toBeInstanceOf(KeySourceError)
})

test('a client that falls silent is waited for no longer than said', async () => {
  const { source, fake } = await start({ timeoutMs: 50 })
  fake.isSilent = true
  const refusal = await refusalOf(source.wrap(dataKey, context))
  expect(refusal).toEqual(new KeySourceError('Google Cloud KMS did not encrypt: DEADLINE_EXCEEDED: check the network'))
})

test('a key without a primary version is told', async () => {
  const { source, fake } = await start()
  for (const primary of [null, { name: 'projects/p/other/cryptoKeyVersions/1' }]) {
    fake.damage = { primary }
    expect(String(await refusalOf(source.activeName()))).toMatch(/^KeySourceError: .*no enabled primary version/)
  }
})

test.each(['', 'ucanpay', `${KEY}/cryptoKeyVersions/1`, `${KEY}?x`, `../${KEY}`])(
  'the key name %j is refused at once',
  async (name) => {
    await expect(start({ keyName: name })).rejects.toThrow(KeySourceError)
  },
)

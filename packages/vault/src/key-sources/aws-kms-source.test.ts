import { expect, test } from 'vitest'
import { EnvelopeError } from '../envelope-error.ts'
import { KeySourceError } from '../key-encryption.ts'
import { awsKmsSource, type AwsKmsOptions } from './aws-kms-source.ts'
import { context, dataKey, flipped, refusalOf } from './test/data-key.ts'
import { credentials, startFakeAwsKms } from './test/fake-aws-kms.ts'

const ACCOUNT = 'arn:aws:kms:eu-central-1:111122223333:'
const KEY = `${ACCOUNT}key/1234abcd-12ab-34cd-56ef-1234567890ab`
const OTHER_KEY = `${ACCOUNT}key/9999abcd-12ab-34cd-56ef-1234567890ab`
const ALIAS = `${ACCOUNT}alias/ucanpay`

async function start(options: Partial<AwsKmsOptions> = {}) {
  const fake = await startFakeAwsKms(KEY)
  const source = await awsKmsSource({ keyId: KEY, endpoint: fake.endpoint, credentials, ...options })
  return { fake, source }
}

test('a data key comes back, named after the ARN of its key, and bound to its owner at KMS', async () => {
  const { source, fake } = await start()
  const key = await source.wrap(dataKey, context)
  expect(key.wrappedBy).toBe(`aws-kms/${KEY}`)
  expect(key.wrappedBy.startsWith(source.prefix)).toBe(true)
  expect(await source.activeName()).toBe(key.wrappedBy)
  expect(await source.unwrap(key, context)).toEqual(dataKey)
  const bound = { merchantId: 'M1', purpose: 'cards', keyId: 'dk_1', application: 'ucanpay' }
  expect(fake.requests[0]?.asked.EncryptionContext).toEqual(bound)
})

test('the name is asked for once', async () => {
  const { source, fake } = await start()
  await Promise.all([source.activeName(), source.activeName()])
  await source.activeName()
  expect(fake.requests.map(({ operation }) => operation)).toEqual(['DescribeKey'])
})

test('an alias that is moved to another key is followed within a minute, and what the old one wrapped opens', async () => {
  const clock = { nowMs: 0 }
  const { source, fake } = await start({ keyId: ALIAS, now: () => clock.nowMs })
  const old = await source.wrap(dataKey, context)
  expect(await source.activeName()).toBe(old.wrappedBy)
  expect(old.wrappedBy).toBe(`aws-kms/${KEY}`)
  fake.aliasedArn = OTHER_KEY
  clock.nowMs = 60_000
  expect(await source.activeName()).toBe(`aws-kms/${OTHER_KEY}`)
  expect((await source.wrap(dataKey, context)).wrappedBy).toBe(`aws-kms/${OTHER_KEY}`)
  expect(await source.unwrap(old, context)).toEqual(dataKey)
})

test.each(['merchantId', 'purpose', 'keyId'] as const)('another %s does not open it', async (part) => {
  const { source } = await start()
  const key = await source.wrap(dataKey, context)
  const refusal = await refusalOf(source.unwrap(key, { ...context, [part]: 'other' }))
  expect(refusal).toBeInstanceOf(EnvelopeError)
})

test('no flipped bit and no truncation opens', async () => {
  const { source } = await start()
  const { wrapped, wrappedBy } = await source.wrap(dataKey, context)
  for (let byte = 0; byte < wrapped.length; byte++) {
    const refusal = await refusalOf(
      source.unwrap({ wrapped: flipped(wrapped, byte * 8 + (byte % 8)), wrappedBy }, context),
    )
    expect(refusal).toBeInstanceOf(EnvelopeError)
  }
  for (const other of [Buffer.alloc(0), wrapped.subarray(0, 90), Buffer.alloc(6_145)]) {
    expect(await refusalOf(source.unwrap({ wrapped: other, wrappedBy }, context))).toBeInstanceOf(EnvelopeError)
  }
})

test('a name from the database does not make KMS use a key of somebody else', async () => {
  const { source, fake } = await start({ keyId: ALIAS })
  const { wrapped } = await source.wrap(dataKey, context)
  const asked = fake.requests.length
  for (const arn of [KEY.replace('111122223333', '999922223333'), KEY.replace('eu-central-1', 'us-east-1'), ALIAS]) {
    const refusal = await refusalOf(source.unwrap({ wrapped, wrappedBy: `aws-kms/${arn}` }, context))
    expect(refusal).toBeInstanceOf(EnvelopeError)
  }
  expect(fake.requests).toHaveLength(asked)
  const ownOther = { wrapped, wrappedBy: `aws-kms/${OTHER_KEY}` }
  expect(await refusalOf(source.unwrap(ownOther, context))).toBeInstanceOf(EnvelopeError)
})

test.each([
  ['AccessDeniedException', 'allow kms:Encrypt, kms:Decrypt and kms:DescribeKey on the key'],
  ['NotFoundException', 'check the ARN and the region'],
  ['DisabledException', 'enable the key'],
  ['ValidationException', 'check the network and the state of AWS KMS'],
])('of %s, the name and what to do are told, and nothing else', async (exception, advice) => {
  const { source, fake } = await start()
  const key = await source.wrap(dataKey, context)
  fake.exception = exception
  const secrets = [credentials.secretAccessKey, key.wrapped.toString('base64')]
  for (const [operation, asked] of [
    ['Encrypt', source.wrap(dataKey, context)],
    ['Decrypt', source.unwrap(key, context)],
    ['DescribeKey', source.activeName()],
  ] as const) {
    expect(await refusalOf(asked, secrets)).toEqual(
      new KeySourceError(`AWS KMS did not ${operation} (${exception}): ${advice}`),
    )
  }
})

test('a server that falls silent is waited for no longer than said', async () => {
  const { source, fake } = await start({ timeoutMs: 100 })
  fake.isSilent = true
  const refusal = await refusalOf(source.wrap(dataKey, context), [credentials.secretAccessKey])
  expect(String(refusal)).toMatch(/^KeySourceError: AWS KMS did not Encrypt \(TimeoutError\)/)
})

test('a server that is not there is told by the code', async () => {
  const { source } = await start({ endpoint: 'http://127.0.0.1:1' })
  const refusal = await refusalOf(source.wrap(dataKey, context), [credentials.secretAccessKey])
  expect(String(refusal)).toMatch(/^KeySourceError: AWS KMS did not Encrypt \(ECONNREFUSED\)/)
})

test('what is no data key is not sent, and an owner that is no text is refused', async () => {
  const { source, fake } = await start()
  await expect(source.wrap(Buffer.alloc(16), context)).rejects.toThrow(RangeError)
  await expect(source.wrap(dataKey, { ...context, merchantId: '\ud800' })).rejects.toThrow(RangeError)
  expect(fake.requests).toHaveLength(0)
})

test.each([
  [{ keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }],
  [{ keyId: 'alias/ucanpay' }],
  [{ keyId: 'arn:aws:s3:::bucket' }],
  [{ endpoint: 'http://kms.internal' }],
  [{ endpoint: 'kms.internal' }],
])('%j is refused at once', async (options) => {
  await expect(awsKmsSource({ keyId: KEY, credentials, ...options })).rejects.toThrow(KeySourceError)
})

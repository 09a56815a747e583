import { expect, test } from 'vitest'
import { KeySourceError } from '../key-encryption.ts'
import { generateKeyRing } from '../key-ring.ts'
import { openKeySource } from './parse-key-source.ts'
import { context, dataKey, refusalOf } from './test/data-key.ts'
import { startFakeAwsKms } from './test/fake-aws-kms.ts'
import { startTlsTransit } from './test/tls-transit.ts'

const KEY_ARN = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const KEY_NAME = 'projects/p/locations/global/keyRings/r/cryptoKeys/k'

/** Files and variables that are there; no others are. */
function reading(texts: Record<string, string>) {
  return {
    readFile: (path: string) => {
      const text = texts[path]
      if (text === undefined) throw Object.assign(new Error(`no such file ${path}`), { code: 'ENOENT' })
      return text
    },
    readEnvironment: (name: string) => texts[name],
  }
}

test.each([
  ['/keys/ring.json', '/keys/ring.json'],
  ['ring.json', 'ring.json'],
  ['C:\\keys\\ring.json', 'C:\\keys\\ring.json'],
  ['file:/keys/ring.json', '/keys/ring.json'],
  ['file:///keys/ring.json', '/keys/ring.json'],
  ['env:KEY_RING', 'KEY_RING'],
])('%s is a key ring', async (spec, place) => {
  const source = await openKeySource(spec, reading({ [place]: generateKeyRing() }))
  expect(source.prefix).toBe('ring/')
  expect(await source.unwrap(await source.wrap(dataKey, context), context)).toEqual(dataKey)
})

test.each(['token-file=/run/token', 'token-env=TOKEN'])(
  'transit: with %s is Transit, with the token as it is then',
  async (by) => {
    const { fake, ca } = await startTlsTransit()
    const texts: Record<string, string> = { '/ca.pem': ca, '/run/token': 'old', TOKEN: 'old' }
    const spec = `transit:${fake.address}/v1/transit/ucanpay?${by}&ca-file=/ca.pem&namespace=payments`
    const source = await openKeySource(spec, reading(texts))
    expect(source.prefix).toBe('transit/transit/ucanpay/')
    expect(String(await refusalOf(source.wrap(dataKey, context)))).toMatch(/^KeySourceError: Transit answered 403/)
    Object.assign(texts, { '/run/token': `${fake.token}\n`, TOKEN: fake.token })
    expect(await source.unwrap(await source.wrap(dataKey, context), context)).toEqual(dataKey)
    expect(fake.requests.at(-1)?.namespace).toBe('payments')
  },
)

test('a mount of Transit may lie below others', async () => {
  const spec = 'transit:https://vault.internal:8200/v1/team/keys/ucanpay?token-env=TOKEN'
  expect((await openKeySource(spec, reading({}))).prefix).toBe('transit/team/keys/ucanpay/')
})

test('aws-kms: is AWS KMS, at its own endpoint or another', async () => {
  const { endpoint } = await startFakeAwsKms(KEY_ARN)
  for (const spec of [`aws-kms:${KEY_ARN}`, `aws-kms:${KEY_ARN}?endpoint=${endpoint}`]) {
    expect((await openKeySource(spec, reading({}))).prefix).toBe(`aws-kms/${KEY_ARN}`)
  }
})

test('gcp-kms: is Google Cloud KMS', async () => {
  const source = await openKeySource(`gcp-kms:${KEY_NAME}`, reading({}))
  expect(source.prefix).toBe(`gcp-kms/${KEY_NAME}/cryptoKeyVersions/`)
})

test('what the reader itself refuses is told in its own words, for each file', async () => {
  const told = new KeySourceError('/x can be read by others; run chmod 600 on it')
  const refusing = {
    ...reading({ T: 'token' }),
    readFile: () => {
      throw told
    },
  }
  const transit = 'transit:https://127.0.0.1:1/v1/transit/k'
  await expect(openKeySource('/x', refusing)).rejects.toBe(told)
  await expect(openKeySource(`${transit}?token-env=T&ca-file=/x`, refusing)).rejects.toBe(told)
  await expect((await openKeySource(`${transit}?token-file=/x`, refusing)).activeName()).rejects.toBe(told)
})

const SECRET = 'c2VjcmV0LW9mLXRoZS10ZXN0cw=='
test.each([
  ['', /not a path/],
  [generateKeyRing(), /not a path.*env:NAME/],
  [`{"active":1,"keys":[{"version":1,"key":"${SECRET}"}]}`, /not a path/],
  [SECRET, /cannot be read \(ENOENT\)/],
  ['/nowhere', /the key ring cannot be read \(ENOENT\)/],
  ['/empty', /the key ring is not JSON/],
  [`https://user:${SECRET}@host`, /none of file:, env:/],
  [`vault:${SECRET}`, /none of file:, env:/],
  ['file:relative', /file:\/path/],
  ['file://host/path', /file:\/path/],
  ['env:', /variable/],
  [`env:${SECRET}`, /variable/],
  ['env:NOT_SET', /the environment has no NOT_SET/],
  ['transit:http://127.0.0.1:8200/v1/transit/k?token-env=T', /transit:https:/],
  ['transit:https://host/transit/k?token-env=T', /transit:https:/],
  ['transit:https://host/v1/k?token-env=T', /transit:https:/],
  [`transit:https://${SECRET}@host/v1/transit/k?token-env=T`, /transit:https:/],
  ['transit:https://host/v1/transit/a%2Fb?token-env=T', /unknown form/],
  ['transit:https://host/v1/transit/k', /one of token-file/],
  ['transit:https://host/v1/transit/k?token-env=T&token-file=/t', /one of token-file/],
  [`transit:https://host/v1/transit/k?token=${SECRET}`, /no others: token-file, token-env, ca-file, namespace/],
  ['transit:https://host/v1/transit/k?token-env=T&token-env=U', /once/],
  ['transit:https://host/v1/transit/k?token-env=', /once/],
  [`transit:https://host/v1/transit/k?token-env=${SECRET}`, /variable/],
  ['transit:https://host/v1/transit/k?token-env=T&ca-file=/nowhere', /ca-file.*\(ENOENT\)/],
  ['transit:https://host/v1/transit/k?token-env=T&ca-file=/empty', /holds no certificate/],
  ['aws-kms:alias/ucanpay', /not an ARN/],
  [`aws-kms:${KEY_ARN}?region=eu`, /no others: endpoint/],
  [`aws-kms:${KEY_ARN}?endpoint=http://host`, /not https/],
  ['gcp-kms:k', /not of the form projects/],
])('%j is refused in one line that does not quote it', async (spec, told) => {
  const refusal = await refusalOf(openKeySource(spec, reading({ '/empty': '' })), [SECRET])
  expect(refusal.name).toBe('KeySourceError')
  expect(refusal.message).toMatch(told)
  expect(refusal.message).not.toContain('\n')
})

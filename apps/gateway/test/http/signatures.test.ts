import { execFileSync } from 'node:child_process'
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { describe, expect, test } from 'vitest'
import { compose } from '../../src/compose.ts'
import { registerMerchantKey } from '../../src/domain/merchants/create-merchant.ts'
import { signBody } from '../support/client.ts'
import { operator, startGateway, type TestGateway } from '../support/gateway.ts'

const PATH = '/payment/unifiedorder'

async function requireSignatures(gateway: TestGateway): Promise<void> {
  await gateway.gateway.deps.db.query(`update merchants set signatures_test = 'required'`)
}

describe('a signed request', () => {
  test('is taken as it was signed, and in no other form', async () => {
    const gateway = await startGateway({ role: 'api' })
    await requireSignatures(gateway)
    const body = (): Record<string, unknown> => gateway.signed(PATH, gateway.order())
    expect((await gateway.post(PATH, body())).msg).toBe('SUCCESS')

    const reversed = Object.fromEntries(Object.entries(body()).reverse())
    expect((await gateway.post(PATH, reversed)).msg).toBe('SUCCESS') // Order does not count: members are sorted.
    const withEmpty = { ...body(), deviceNo: null }
    expect((await gateway.post(PATH, withEmpty)).msg).toBe('PARAM_ERROR') // Unsigned by the rule, refused by the schema.

    const bad: [string, Record<string, unknown>][] = [
      ['a changed amount', { ...body(), totalAmt: 1 }],
      ['an added member', { ...body(), deviceNo: 'x' }],
      ['a removed member', { ...body(), currency: undefined }],
      ['a swapped text', { ...body(), subject: 'Сoffee' }], // A Cyrillic С.
      ['another normal form', { ...gateway.signed(PATH, gateway.order({ subject: 'é' })), subject: 'e\u0301' }],
      ['no signature', { ...body(), sign: undefined }],
      ['an empty signature', { ...body(), sign: '' }],
      ['a signature of another endpoint', gateway.signed('/payment/refund', gateway.order())],
      ['MD5', { ...body(), signType: 'MD5' }],
      ['another algorithm', { ...body(), signType: 'ED25519' }],
      ['HMAC', { ...body(), signType: 'HMAC-SHA256' }],
      ['a signature with a tail', { ...body(), sign: `${String(body()['sign'])}AAAA` }],
      ['an old time', gateway.signed(PATH, gateway.order({ timestamp: new Date(Date.now() - 301_000).toISOString() }))],
      [
        'a time to come',
        gateway.signed(PATH, gateway.order({ timestamp: new Date(Date.now() + 310_000).toISOString() })),
      ],
      ['a time that is none', gateway.signed(PATH, gateway.order({ timestamp: '24 November 2026, noon' }))],
    ]
    for (const [what, members] of bad) {
      const reply = await gateway.post(PATH, members)
      expect([what, reply.status, reply.msg]).toEqual([what, 401, 'SIGNERROR'])
    }
    const signed = body()
    const spaced = String(signed['sign']).replace(/(.{10})/, '$1 ')
    expect((await gateway.post(PATH, { ...signed, sign: spaced })).msg).toBe('SIGNERROR')
    expect(await gateway.rows('orders')).toHaveLength(2)
  })

  test('must verify where it is there, though the account does not ask for it', async () => {
    const gateway = await startGateway({ role: 'api' })
    const reply = await gateway.post(PATH, { ...gateway.signed(PATH, gateway.order()), totalAmt: 1 })
    expect([reply.status, reply.msg]).toEqual([401, 'SIGNERROR'])
    expect((await gateway.post(PATH, { ...gateway.order(), signType: 'MD5' })).msg).toBe('SIGNERROR')
  })

  test('over a text that another body has as well is refused', async () => {
    const gateway = await startGateway({ role: 'api' })
    const twoReadings = gateway.signed(PATH, gateway.order({ deviceNo: 'till&expiresIn=60' }))
    const other = { ...twoReadings, deviceNo: 'till', expiresIn: 60 }
    expect(stringToSign(other, PATH)).toBe(stringToSign(twoReadings, PATH))
    expect((await gateway.post(PATH, twoReadings)).msg).toBe('SIGNERROR')
    const harmless = gateway.signed(PATH, gateway.order({ deviceNo: 'till & bar' }))
    expect((await gateway.post(PATH, harmless)).msg).toBe('SUCCESS')
  })

  test('without a nonce, or with one that is too long, is refused', async () => {
    const gateway = await startGateway({ role: 'api' })
    const without = signBody(PATH, gateway.order({ nonceStr: undefined }), gateway.merchant.privateKey)
    expect((await gateway.post(PATH, without)).msg).toBe('LACK_PARAMS')
    const long = signBody(PATH, gateway.order({ nonceStr: 'n'.repeat(33) }), gateway.merchant.privateKey)
    expect((await gateway.post(PATH, long)).msg).toBe('PARAM_ERROR')
  })

  test('is taken once: in this process, in another one, and after it was refused', async () => {
    const gateway = await startGateway({ role: 'api' })
    const body = gateway.signed(PATH, gateway.order())
    const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.post(PATH, body)))
    expect(replies.filter((reply) => reply.msg === 'SUCCESS')).toHaveLength(1)
    expect(replies.filter((reply) => reply.msg === 'SIGNERROR')).toHaveLength(9)

    const second = await compose(
      { ...gateway.config, apiPort: gateway.config.apiPort + 2000 },
      gateway.gateway.deps.log,
    )
    await second.start()
    const elsewhere = `https://localhost:${gateway.config.apiPort + 2000}${PATH}`
    expect((await gateway.send('POST', elsewhere, { body: JSON.stringify(body) })).msg).toBe('SIGNERROR')
    await second.stop()

    const refused = gateway.signed('/payment/orderquery', { outTradeNo: 'none' })
    expect((await gateway.post('/payment/orderquery', refused)).msg).toBe('ORDERNOTEXIST')
    expect((await gateway.post('/payment/orderquery', refused)).msg).toBe('SIGNERROR')
  })

  test('without a time keeps its nonce for a day', async () => {
    const gateway = await startGateway({ role: 'api' })
    const body = signBody(
      '/payment/orderquery',
      { outTradeNo: 'none', timestamp: undefined },
      gateway.merchant.privateKey,
    )
    expect((await gateway.post('/payment/orderquery', body)).msg).toBe('ORDERNOTEXIST')
    gateway.moveClock(23 * 3_600_000)
    expect((await gateway.post('/payment/orderquery', body)).msg).toBe('SIGNERROR')
    gateway.moveClock(2 * 3_600_000)
    expect((await gateway.post('/payment/orderquery', body)).msg).toBe('ORDERNOTEXIST')
  })

  test("of another merchant's key, or for another merchant, is refused", async () => {
    const gateway = await startGateway({ role: 'api' })
    const stranger = await gateway.addMerchant()
    const body = signBody(PATH, gateway.order({ merchantId: stranger.merchantId }), gateway.merchant.privateKey)
    const reply = await gateway.post(PATH, body)
    expect([reply.status, reply.msg]).toEqual([403, 'NOAUTH'])
    await gateway.gateway.deps.db.query(`update merchant_keys set retired_at = now() where merchant_id = $1`, [
      stranger.merchantId,
    ])
    const theirs = await gateway.post(PATH, signBody(PATH, gateway.order(), gateway.merchant.privateKey), {
      key: stranger.secretKey,
    })
    expect(theirs.msg).toBe('SIGNERROR')
  })

  test('may be of Ed25519, and the gateway answers so where the account chose it', async () => {
    const gateway = await startGateway({ role: 'api' })
    const pair = generateKeyPairSync('ed25519')
    const caller = operator(gateway.merchant.merchantId, 'test')
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const { db } = gateway.gateway.deps
    await db.query(`update merchants set reply_signature = 'ED25519'`)
    await db.transaction((tx) => registerMerchantKey(tx, caller, { mode: 'test', publicKey }))
    const members = { ...gateway.order(), nonceStr: 'n1', signType: 'ED25519' }
    const signature = sign(null, Buffer.from(stringToSign(members, PATH)), pair.privateKey).toString('base64')
    const reply = await gateway.post(PATH, { ...members, sign: signature })
    expect(reply.msg).toBe('SUCCESS')
    expect(reply.data['signType']).toBe('ED25519')
    const text = Buffer.from(stringToSign(reply.data, PATH))
    expect(
      verify(null, text, await platformKey(gateway, 'OKP'), Buffer.from(String(reply.data['sign']), 'base64')),
    ).toBe(true)
  })

  test('may follow the scheme of the reference, both ways, where the account chose it', async () => {
    const gateway = await startGateway({ role: 'api' })
    await gateway.gateway.deps.db.query(`update merchants set signature_scheme = 'reference-v1'`)
    const digest = (members: object): Buffer =>
      createHash('sha256')
        .update(stringToSign(members as Record<string, unknown>, PATH, 'reference-v1'))
        .digest()
    const members = { ...gateway.order(), nonceStr: 'n1', signType: 'RSA' }
    const signature = sign('sha256', digest(members), gateway.merchant.privateKey).toString('base64')
    const reply = await gateway.post(PATH, { ...members, sign: signature })
    expect(reply.msg).toBe('SUCCESS')
    const bytes = Buffer.from(String(reply.data['sign']), 'base64')
    expect(verify('sha256', digest(reply.data), await platformKey(gateway, 'RSA'), bytes)).toBe(true)
    expect((await gateway.post(PATH, gateway.signed(PATH, gateway.order()))).msg).toBe('SIGNERROR')
  })
})

test('an answer verifies with openssl and the published key', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { data } = await gateway.place()
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-openssl-'))
  const key = (await platformKey(gateway, 'RSA')).export({ type: 'spki', format: 'pem' })
  writeFileSync(join(folder, 'key.pem'), key)
  writeFileSync(join(folder, 'text'), stringToSign(data, PATH))
  writeFileSync(join(folder, 'sign'), Buffer.from(String(data['sign']), 'base64'))
  const args = ['dgst', '-sha256', '-verify', 'key.pem', '-signature', 'sign', 'text']
  expect(execFileSync('openssl', args, { cwd: folder, encoding: 'utf8' })).toContain('Verified OK')
  rmSync(folder, { recursive: true })
})

async function platformKey(gateway: TestGateway, kty: string): Promise<KeyObject> {
  const { body } = await gateway.get('/.well-known/jwks.json', { key: null })
  const jwk = (body['keys'] as (JsonWebKey & { d?: string })[]).find((each) => each.kty === kty)
  expect(jwk?.d).toBeUndefined()
  return createPublicKey({ key: jwk ?? {}, format: 'jwk' })
}

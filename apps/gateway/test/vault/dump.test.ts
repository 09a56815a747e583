import { createDecipheriv } from 'node:crypto'
import { lengthPrefixed } from '@ucanpay/vault/key-ring'
import { expect, test } from 'vitest'
import { CANARIES, findCanary, type CanaryKind } from '../support/canaries.ts'
import { CARD } from '../support/client.ts'
import { keyRing, startGateway, type TestGateway } from '../support/gateway.ts'

/** Every row of every table of every schema but PostgreSQL's own, as `pg_dump` would write it. */
async function dumpOf(gateway: TestGateway): Promise<string> {
  const tables = await gateway.sql<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
  )
  expect(tables.length).toBeGreaterThan(30)
  const parts: string[] = []
  for (const { name } of tables)
    parts.push(
      ...(await gateway.sql<{ row: string }>(`select t::text as row from ${name} t`)).map(
        ({ row }) => `${name} ${row}`,
      ),
    )
  return parts.join('\n')
}

/** The bytes of a dump that stand in it as hex. */
function bytesOf(dump: string): Buffer[] {
  return [...dump.matchAll(/\\x((?:[0-9a-f]{2})+)/g)].map(([, hex = '']) => Buffer.from(hex, 'hex'))
}

async function drive(gateway: TestGateway): Promise<string[]> {
  const { card: number, name: holderName, email, phone, text } = CANARIES
  const { payUrl, outTradeNo, totalAmt } = (await gateway.place({ captureMode: 'manual' })).data
  expect((await gateway.pay(payUrl, { number, holderName })).status).toBe(200)
  await gateway.post('/payment/capture', { outTradeNo })
  await gateway.post('/payment/refund', { outTradeNo, outRefundNo: 'R1', totalAmt, refundAmt: 100, refundDesc: 'cold' })
  await gateway.pay((await gateway.place()).data['payUrl'], { number: '4000000000000002', holderName })
  await gateway.pay((await gateway.place()).data['payUrl'], { number: `${number}1`, holderName })
  const { userId } = (
    await gateway.post(
      '/users',
      { email, name: holderName, phone, address: text },
      { headers: { 'idempotency-key': 'k1' } },
    )
  ).data
  await gateway.send('PUT', `/users/${String(userId)}`, { body: JSON.stringify({ address: `${text} 2` }) })
  await gateway.get(`/users?email=${encodeURIComponent(email)}`)
  await gateway.post('/users', { email: `${email} ${text}`, name: 1 })
  const made = await gateway.post('/v1/api-keys', { name: 'Till', kind: 'rk', scopes: 'payments:read' })
  const { key } = made.data as { key?: string }
  await gateway.get(`/payment/status?outTradeNo=${String(outTradeNo)}`, { key: CANARIES.key })
  await gateway.get(`/payment/status?outTradeNo=x&key=${gateway.merchant.webhookSecret}`)
  await gateway.receiver.waitFor(2)
  expect(key).toMatch(/^ucp_rk_/)
  return [gateway.merchant.secretKey, gateway.merchant.webhookSecret, key ?? '', CARD.securityCode + '"']
}

test('who has all of the database and the logs has nobody’s data, and no key', async () => {
  const gateway = await startGateway()
  const secrets = await drive(gateway)
  await expect.poll(() => gateway.rows('audit_unsealed'), { timeout: 10_000 }).toEqual([])
  const dump = await dumpOf(gateway)
  const log = gateway.log.join('')
  const hidden = bytesOf(dump)
  expect(hidden.length).toBeGreaterThan(20)
  const inside = hidden.map((bytes) => bytes.toString('latin1')).join('\n')
  for (const place of [dump, log, inside]) {
    for (const kind of Object.keys(CANARIES) as CanaryKind[]) expect.soft(findCanary(kind, place)).toEqual([])
    for (const secret of secrets) {
      for (const form of [
        secret,
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret).toString('base64').slice(0, -4),
        encodeURIComponent(secret),
      ])
        expect.soft(place.includes(form), form.slice(0, 12)).toBe(false)
    }
  }

  // No key lies about: nothing in the dump, nor any 32 bytes within it, opens a wrapped key or is one of the ring's.
  const ring = (JSON.parse(keyRing) as { keys: { key: string }[] }).keys.map(({ key }) => Buffer.from(key, 'base64'))
  for (const key of ring) expect(Buffer.concat(hidden).includes(key)).toBe(false)
  const wrapped = await gateway.sql<Wrapped>(
    `select merchant_id as "merchantId", purpose, key_id as "keyId", wrapped_key as bytes from data_keys
     union all select '', 'installation', name, wrapped_key from installation_keys
     union all select merchant_id, 'customer ' || mode || ' ' || user_id, key_id, wrapped_key from key_store.customer_keys`,
  )
  expect(wrapped.length).toBeGreaterThan(5)
  const candidates = hidden.flatMap((bytes) => windowsOf(bytes))
  expect(candidates.length).toBeGreaterThan(500)
  for (const one of wrapped) {
    expect(candidates.filter((key) => opens(one, key))).toEqual([])
    expect(ring.filter((key) => opens(one, key))).toHaveLength(1) // So the search would see one.
  }
}, 300_000)

interface Wrapped {
  readonly merchantId: string
  readonly purpose: string
  readonly keyId: string
  readonly bytes: Buffer
}

/** All runs of 32 bytes. */
function windowsOf(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.max(0, Math.min(bytes.length, 200) - 31) }, (_none, at) =>
    bytes.subarray(at, at + 32),
  )
}

/** Whether these 32 bytes are the key-encryption key of a wrapped key. */
function opens({ merchantId, purpose, keyId, bytes }: Wrapped, key: Buffer): boolean {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(4, 16), { authTagLength: 16 })
  decipher.setAAD(Buffer.concat([bytes.subarray(0, 4), lengthPrefixed(['data-key', merchantId, purpose, keyId])]))
  decipher.setAuthTag(bytes.subarray(-16))
  decipher.update(bytes.subarray(16, -16))
  try {
    decipher.final()
    return true
  } catch {
    return false
  }
}

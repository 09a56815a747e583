import { unwrapDataKey } from '@ucanpay/vault/data-key'
import { open } from '@ucanpay/vault/envelope'
import { ringSource } from '@ucanpay/vault/key-sources/ring-source'
import { expect, test } from 'vitest'
import { CARD } from './support/client.ts'
import { keyRing, startGateway } from './support/gateway.ts'

/** Forms in which a secret might be lying about. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const spaced = secret.replace(/(.{4})(?=.)/g, '$1 ')
  return [
    secret,
    spaced,
    encodeURIComponent(spaced),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
  ]
}

test('nothing that was secret is found in the database or in the log, in any form', async () => {
  const gateway = await startGateway()
  const number = '4111111111111111'
  const holderName = 'Grace Brewster Hopper'
  const { payUrl, outTradeNo } = (await gateway.place()).data
  await gateway.pay(payUrl, { number, holderName, securityCode: '8642' })
  const second = (await gateway.place()).data
  await gateway.pay(second['payUrl'], { number: '4000000000000002', holderName, securityCode: '8642' })
  await gateway.post('/payment/refund', { outTradeNo, outRefundNo: 'R1', totalAmt: 450, refundAmt: 1, refundDesc: 'x' })
  await gateway.receiver.waitFor(2)
  const { db } = gateway.gateway.deps
  const { webhookSecret } = gateway.merchant
  const secretsUsed = [number, '4000000000000002', holderName, gateway.merchant.secretKey, webhookSecret]
  const columns = await db.query<{ table: string; column: string }>(
    `select format('%I.%I', table_schema, table_name) as table, column_name as column from information_schema.columns
     where table_schema in ('public', 'sandbox_acquirer')`,
  )
  expect(columns.length).toBeGreaterThan(80)
  const stored: string[] = []
  for (const { table, column } of columns) {
    const rows = await db.query<{ value: string | null }>(
      `select case when pg_typeof("${column}") = 'bytea'::regtype then encode("${column}"::text::bytea, 'escape')
              else "${column}"::text end as value from ${table}`,
    )
    stored.push(...rows.map(({ value }) => value ?? ''))
  }
  const everything = [...stored, ...gateway.log].join('\n')
  for (const secret of secretsUsed) for (const form of formsOf(secret)) expect(everything).not.toContain(form)
  for (const column of stored) expect(column).not.toBe('8642')
})

test('a stored card opens only in its own row, under its own merchant', async () => {
  const gateway = await startGateway()
  await gateway.paidOrder()
  const [card] = await gateway.rows<{
    card_token: string
    key_id: string
    sealed_card: Buffer
    bin: string
    last4: string
  }>('cards')
  expect(card).toMatchObject({ bin: '424242', last4: '4242' })
  const [wrapped] = await gateway.rows<{ wrapped_key: Buffer; wrapped_by: string; key_id: string }>(
    `data_keys where purpose = 'cards'`,
  )
  const { merchantId } = gateway.merchant
  const stored = { wrapped: wrapped?.wrapped_key ?? Buffer.alloc(0), wrappedBy: wrapped?.wrapped_by ?? '' }
  const dataKey = await unwrapDataKey(
    ringSource(() => keyRing),
    stored,
    { merchantId, purpose: 'cards', keyId: wrapped?.key_id ?? '' },
  )
  const place = { table: 'cards', column: 'sealed_card', merchantId, row: `test/${card?.card_token ?? ''}` }
  const sealed = card?.sealed_card ?? Buffer.alloc(0)
  expect(JSON.parse(open(dataKey, sealed, place))).toMatchObject({ number: CARD.number, holderName: CARD.holderName })
  expect(open(dataKey, sealed, place)).not.toContain(CARD.securityCode)
  for (const other of [{ merchantId: 'M0' }, { row: 'live/x' }, { table: 'orders' }, { column: 'bin' }]) {
    expect(() => open(dataKey, sealed, { ...place, ...other })).toThrow('cannot be opened')
  }
})

import { createPublicKey, type KeyObject } from 'node:crypto'
import { expect, test } from 'vitest'
import { exportAudit } from '../../src/domain/audit-log/export-audit.ts'
import { renewCheckpoints, sealAudit, type SignedHead } from '../../src/domain/audit-log/seal-audit.ts'
import { verifyAudit, type AuditVerdict } from '../../src/domain/audit-log/verify-audit.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

const TABLES = ['audit_log', 'audit_seals', 'audit_checkpoints']

/** A gateway with two merchants whose chains have five rows or more each, sealed in two goes. */
async function withChains(): Promise<{ gateway: TestGateway; other: string }> {
  const gateway = await startGateway({ role: 'api' })
  const other = await gateway.addMerchant()
  for (const outTradeNo of ['A1', 'A2']) {
    await gateway.place({ outTradeNo })
    await gateway.place({ outTradeNo }, { key: other.secretKey })
  }
  await seal(gateway)
  await gateway.post('/payment/closeorder', { outTradeNo: 'A1' })
  await seal(gateway)
  return { gateway, other: other.merchantId }
}

function seal({ gateway, keys }: TestGateway): Promise<number> {
  return sealAudit({ ...gateway.deps, keys }, new Date())
}

function trustOf(gateway: TestGateway): { keys: Map<string, KeyObject> } {
  const { kid, privateKey } = gateway.keys.active.RSA
  return { keys: new Map([[kid, createPublicKey(privateKey)]]) }
}

async function exported(gateway: TestGateway, now = new Date()): Promise<string[]> {
  const lines: string[] = []
  await gateway.gateway.deps.db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read')
    for await (const line of exportAudit(tx, gateway.keys, { now })) lines.push(line.trimEnd())
  })
  return lines
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line)
}

async function verified(gateway: TestGateway, now?: Date): Promise<AuditVerdict> {
  return verifyAudit(each(await exported(gateway, now)), trustOf(gateway))
}

/** What only whoever owns the database can do: the triggers are taken off for a moment. */
async function tamper(gateway: TestGateway, ...statements: string[]): Promise<void> {
  for (const table of TABLES) await gateway.sql(`alter table ${table} disable trigger user`)
  await gateway.sql('alter table audit_seals drop constraint if exists audit_seals_merchant_id_audit_id_fkey')
  await gateway.sql('alter table audit_checkpoints drop constraint if exists audit_checkpoints_merchant_id_seq_fkey')
  for (const statement of statements) await gateway.sql(statement)
}

test('a log that nobody touched verifies with the public key alone, and says what it holds', async () => {
  const { gateway } = await withChains()
  expect(await verified(gateway)).toMatchObject({ finding: undefined, merchants: 2, checkpoints: 3 })
  const rows = await gateway.rows(`audit_log where action = 'order.closed'`)
  expect(rows).toMatchObject([{ before: 'NOTPAY', after: 'CLOSED', ip: '127.0.0.1', actor: gateway.merchant.apiKeyId }])
})

test('the worker seals by itself', async () => {
  const gateway = await startGateway()
  await gateway.place()
  await expect.poll(() => gateway.rows('audit_unsealed'), { timeout: 5_000 }).toEqual([])
  expect((await verified(gateway)).finding).toBeUndefined()
})

test('two workers that seal at once make one chain', async () => {
  const gateway = await startGateway({ role: 'api' })
  const beside = await startGateway({ role: 'api', beside: gateway })
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 6 }, () => gateway.place()))
    await Promise.all([gateway, beside, gateway].map((one) => seal(one)))
  }
  expect((await verified(gateway)).finding).toBeUndefined()
  expect(await gateway.rows('audit_seals')).toHaveLength((await gateway.rows('audit_log')).length)
})

test('the database refuses to change or remove what is written', async () => {
  const { gateway } = await withChains()
  for (const table of TABLES) {
    await expect(gateway.sql(`update ${table} set merchant_id = 'M0'`)).rejects.toThrow('append-only')
    await expect(gateway.sql(`delete from ${table}`)).rejects.toThrow('append-only')
    await expect(gateway.sql(`truncate ${table} cascade`)).rejects.toThrow('append-only')
  }
})

const third = `(select audit_id from audit_seals where merchant_id = $M and seq = 3)`
test.each([
  ['a field changed', 3, `update audit_log set actor = 'nobody' where audit_id = ${third}`],
  ['a field emptied', 3, `update audit_log set request_id = '' where audit_id = ${third} or audit_id = ${third}`],
  [
    'a time moved by a microsecond',
    3,
    `update audit_log set at = at + interval '1 microsecond' where audit_id = ${third}`,
  ],
  ['a row taken out', 3, `delete from audit_log where audit_id = ${third}`],
  [
    'a row and its seal taken out',
    4,
    `delete from audit_log where audit_id = ${third}; delete from audit_seals where merchant_id = $M and seq = 3`,
  ],
  ['the first row taken out', 2, `delete from audit_seals where merchant_id = $M and seq = 1`],
  [
    'rows taken out and the rest numbered anew',
    3,
    `delete from audit_seals where merchant_id = $M and seq = 3; update audit_seals set seq = seq - 1 where merchant_id = $M and seq > 3`,
  ],
  [
    'two rows swapped',
    3,
    `update audit_seals set seq = -seq where merchant_id = $M and seq in (3, 4); update audit_seals set seq = 7 + seq where merchant_id = $M and seq < 0`,
  ],
  [
    'a row added without a seal',
    null,
    `insert into audit_log select merchant_id, 'aud_x', mode, at - interval '1 hour', actor, action, target, request_id, before, after, ip from audit_log where audit_id = ${third}`,
  ],
  [
    'the end cut off',
    8,
    `delete from audit_seals where merchant_id = $M and seq = 8; delete from audit_log where merchant_id = $M and action = 'order.closed'`,
  ],
  ['a seal changed', 3, `update audit_seals set hash = sha256('x') where merchant_id = $M and seq = 3`],
  ['a checkpoint changed', 7, `update audit_checkpoints set hash = sha256('x') where merchant_id = $M and seq = 7`],
  [
    'a checkpoint that somebody else signed',
    8,
    `update audit_checkpoints set signature = 'AAAA' where merchant_id = $M and seq = 8`,
  ],
  [
    'another chain in the place of this one',
    1,
    `delete from audit_checkpoints where merchant_id = $M; delete from audit_seals where merchant_id = $M; delete from audit_log where merchant_id = $M;
     insert into audit_log select $M, audit_id, mode, at, actor, action, target, request_id, before, after, ip from audit_log where merchant_id = $O;
     insert into audit_seals select $M, seq, audit_id, hash, sealed_at from audit_seals where merchant_id = $O`,
  ],
  ['every row of a merchant taken out', 1, `delete from audit_log where merchant_id = $M`],
  [
    'everything of a merchant taken out',
    1,
    `delete from audit_checkpoints where merchant_id = $M; delete from audit_seals where merchant_id = $M; delete from audit_log where merchant_id = $M`,
  ],
  [
    'the clock set back',
    8,
    `update audit_checkpoints set at = at - interval '1 day' where merchant_id = $M and seq = 8`,
  ],
])('%s is found, and the first bad row is named', async (_what, seq, statements) => {
  const { gateway, other } = await withChains()
  const { merchantId } = gateway.merchant
  const fill = (text: string): string => text.replaceAll('$M', `'${merchantId}'`).replaceAll('$O', `'${other}'`)
  await tamper(gateway, 'alter table audit_seals drop constraint audit_seals_seq_check', ...fill(statements).split(';'))
  const { finding } = await verified(gateway)
  expect(finding).toMatchObject({ merchantId, seq })
})

test('a chain that was cut short with its checkpoints is found by its age, or by a checkpoint kept elsewhere', async () => {
  const { gateway } = await withChains()
  const { merchantId } = gateway.merchant
  const [kept] = (await exported(gateway))
    .map((line) => JSON.parse(line) as { type: string; seq: number; merchantId: string })
    .filter((line) => line.type === 'checkpoint' && line.seq === 8 && line.merchantId === merchantId)
  await tamper(
    gateway,
    `delete from audit_checkpoints where seq = 8`,
    `delete from audit_seals where seq = 8`,
    `delete from audit_log where action = 'order.closed'`,
  )
  expect((await verified(gateway)).finding).toBeUndefined() // For two hours nothing in the database itself can tell.
  const anchors = [kept as never]
  const anchored = await verifyAudit(each(await exported(gateway)), { ...trustOf(gateway), anchors })
  expect(anchored.finding).toMatchObject({ merchantId, seq: 8 })
  const later = new Date(Date.now() + 3 * 3_600_000)
  expect((await verified(gateway, later)).finding?.what).toContain('two hours')
})

test('a worker does not go on with a chain that has lost what it signed, and goes on with the others', async () => {
  const { gateway, other } = await withChains()
  const { merchantId } = gateway.merchant
  const signed = new Map<string, SignedHead>()
  const worker = { ...gateway.gateway.deps, keys: gateway.keys, signed }
  const place = async (): Promise<void> => {
    await gateway.place()
    await gateway.place({}, { key: (await gateway.addKey({ kind: 'sk', mode: 'test', scopes: [] }, other)).key })
  }
  await place()
  await sealAudit(worker, new Date())
  await tamper(
    gateway,
    `delete from audit_checkpoints where merchant_id = '${merchantId}' and seq = 9`,
    `delete from audit_seals where merchant_id = '${merchantId}' and seq = 9`,
    `delete from audit_log where merchant_id = '${merchantId}' and at = (select max(at) from audit_log where merchant_id = '${merchantId}')`,
    'alter table audit_log enable trigger audit_log_queue',
  )
  await place()
  await expect(sealAudit(worker, new Date())).rejects.toThrow('could not be sealed')
  expect((await gateway.rows('audit_unsealed')).map((row) => row['merchant_id'])).toEqual([merchantId])
  const later = new Date(Date.now() + 120_000)
  expect((await verified(gateway, later)).finding).toMatchObject({
    merchantId,
    what: expect.stringContaining('never sealed') as string,
  })
})

test('a chain that rests is signed anew every hour', async () => {
  const { gateway } = await withChains()
  const later = new Date(Date.now() + 3 * 3_600_000)
  await renewCheckpoints({ ...gateway.gateway.deps, keys: gateway.keys }, later)
  expect((await verified(gateway, later)).finding).toBeUndefined()
})

test('an export that was touched is found', async () => {
  const { gateway } = await withChains()
  const lines = await exported(gateway)
  const trust = trustOf(gateway)
  const check = async (changed: string[]): Promise<string | undefined> =>
    (await verifyAudit(each(changed), trust)).finding?.what
  expect(await check(lines)).toBeUndefined()
  expect(await check(lines.slice(0, -1))).toContain('cut short')
  expect(await check([...lines, lines[1] ?? ''])).toContain('after the end')
  expect(await check(lines.filter((line) => !line.includes('"checkpoint"')))).toContain('changed after it was signed')
  for (let at = 0; at < lines.length; at++) {
    expect(await check(lines.toSpliced(at, 1))).toBeDefined()
    expect(await check(lines.with(at, (lines[at] ?? '').replace('"', '" ')))).toBeDefined()
    expect(await check(lines.with(at, 'null'))).toBeDefined()
  }
  const stranger = await startGateway({ role: 'api' })
  const otherKey = createPublicKey(stranger.merchant.privateKey)
  expect((await verifyAudit(each(lines), { keys: new Map([['*', otherKey]]) })).finding?.what).toContain('signature')
  expect((await verifyAudit(each(lines), { keys: new Map() })).finding?.what).toContain('public keys given')
})

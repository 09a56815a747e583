import { expect, test } from 'vitest'
import { SEALED_COLUMN_NAMES, insertSealedRow, type SealedRow } from '../../src/domain/sealing/sealed-columns.ts'
import { PUBLIC_COLUMNS } from '../../src/domain/sealing/public-columns.ts'
import { startGateway } from '../support/gateway.ts'

test('every column of the live schema that can hold a text is declared sensitive or public', async () => {
  const gateway = await startGateway({ role: 'api' })
  const columns = await gateway.sql<{ table: string; column: string; type: string }>(
    `select case table_schema when 'public' then '' else table_schema || '.' end || table_name as table,
            column_name as column, data_type as type
     from information_schema.columns
     where table_schema not in ('pg_catalog', 'information_schema')
       and data_type not in ('integer', 'bigint', 'smallint', 'boolean', 'timestamp with time zone')
     order by 1, 2`,
  )
  expect(columns.length).toBeGreaterThan(100)
  const sealed = new Set(SEALED_COLUMN_NAMES)
  const open = new Set(
    Object.entries(PUBLIC_COLUMNS).flatMap(([table, names]) => names.split(' ').map((name) => `${table}.${name}`)),
  )
  const live = columns.map(({ table, column }) => `${table}.${column}`)
  expect(live.filter((name) => !sealed.has(name) && !open.has(name))).toEqual([])
  expect([...open].filter((name) => sealed.has(name))).toEqual([])
  expect([...sealed, ...open].filter((name) => !live.includes(name))).toEqual([]) // What is declared is there.
  for (const { table, column, type } of columns) if (sealed.has(`${table}.${column}`)) expect(type).toBe('bytea')
})

test('a plaintext in a sealed column does not compile', () => {
  // @ts-expect-error a text is not sealed
  const text: SealedRow<'cards'> = { sealed_card: '4242424242424242' }
  // @ts-expect-error nor are bytes that nobody sealed
  const bytes: SealedRow<'cards'> = { sealed_card: Buffer.from('4242424242424242') }
  // @ts-expect-error and it cannot be left out
  const none: SealedRow<'cards'> = { bin: '424242' }
  expect([text, bytes, none]).toHaveLength(3)
})

test('a name that is no column never reaches SQL', async () => {
  const gateway = await startGateway({ role: 'api' })
  const row = { 'bin) values (1); --': 'x' } as unknown as SealedRow<'cards'>
  await expect(insertSealedRow(gateway.gateway.deps.db, 'cards', row)).rejects.toThrow(RangeError)
})

const ROLES = [
  'ucanpay_api',
  'ucanpay_checkout',
  'ucanpay_dashboard',
  'ucanpay_worker',
  'ucanpay_vault',
  'ucanpay_sandbox',
]

test('no role of ours can alter the audit log, read what another sealed, or own anything', async () => {
  const gateway = await startGateway({ role: 'api' })
  const can = async (role: string, privilege: string, table: string): Promise<boolean> => {
    const [row] = await gateway.sql<{ can: boolean }>(
      `select has_table_privilege($1, $2, $3) or ($3 <> 'DELETE' and $3 <> 'TRUNCATE' and has_any_column_privilege($1, $2, $3)) as can`,
      [role, table, privilege],
    )
    return row?.can ?? true
  }
  for (const role of ROLES) {
    for (const table of ['audit_log', 'audit_seals', 'audit_checkpoints', 'ledger_entries']) {
      for (const privilege of ['UPDATE', 'DELETE', 'TRUNCATE'])
        expect([role, table, await can(role, privilege, table)]).toEqual([role, table, false])
    }
    for (const privilege of ['INSERT', 'UPDATE', 'DELETE'])
      expect(await can(role, privilege, 'ledger_balances')).toBe(false)
    const reads = await gateway.sql<{ may: boolean }>(
      `select has_column_privilege($1, t.name, t.col, 'SELECT') as may
       from (values ('data_keys', 'wrapped_key'), ('installation_keys', 'wrapped_key'), ('notification_secrets', 'sealed_secret')) t(name, col)`,
      [role],
    )
    expect([role, ...reads.map(({ may }) => may)]).toEqual([role, ...Array<boolean>(3).fill(role === 'ucanpay_vault')])
  }
  expect(await can('ucanpay_api', 'SELECT', 'cards')).toBe(false)
  expect(await can('ucanpay_checkout', 'SELECT', 'cards')).toBe(false)
  const [owned] = await gateway.sql<{ count: number }>(
    `select count(*) as count from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = any($1)`,
    [ROLES],
  )
  expect(owned?.count).toBe(0)
  const attributes = await gateway.sql(
    `select rolname from pg_roles where rolname = any($1) and (rolsuper or rolcreaterole or rolcreatedb or rolcanlogin or rolbypassrls or rolreplication)`,
    [ROLES],
  )
  expect(attributes).toEqual([])
})

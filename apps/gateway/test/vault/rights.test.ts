import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { createLogins } from '../support/logins.ts'

const ROLES = ['api', 'checkout', 'dashboard', 'worker', 'vault', 'sandbox'] as const

/**
 * All that each role may do to each table. What is not here is refused, so a new grant, or a new table with one, fails
 * this test until somebody has written it here and said why in its migration.
 */
const RIGHTS: Readonly<Record<(typeof ROLES)[number], Readonly<Record<string, string>>>> = {
  api: {
    alerts: 'select, insert, update',
    api_key_usage: 'select, insert, update',
    api_keys: 'select, insert, update',
    audit_log: 'insert',
    customers: 'select, insert, update',
    error_records: 'select(request_id), insert',
    idempotency_keys: 'select, insert, update, delete',
    ledger_accounts: 'select',
    ledger_balances: 'select',
    ledger_entries: 'select, insert',
    merchant_keys: 'select',
    merchants: 'select',
    nonces: 'select, insert, update',
    notifications: 'insert',
    order_transitions: 'select',
    orders: 'select, insert, update',
    outbox: 'select, insert, update, delete',
    payment_attempts: 'select, insert, update',
    rate_windows: 'select, insert, update',
    refunds: 'select, insert, update',
    schema_migrations: 'select',
    usage_months: 'select, insert, update',
  },
  checkout: {
    alerts: 'select, insert, update',
    api_keys: 'select(api_key_id key_hash kind merchant_id mode revoked_at), update(revoked_at revoked_reason)',
    audit_log: 'insert',
    cards: 'insert',
    error_records: 'select(request_id), insert',
    ledger_entries: 'select, insert',
    merchants: 'select',
    notifications: 'insert',
    order_transitions: 'select',
    orders: 'select, insert, update',
    outbox: 'select, insert, update, delete',
    payment_attempts: 'select, insert, update',
    rate_windows: 'select, insert, update',
    schema_migrations: 'select',
    static_code_orders: 'select, insert',
    static_codes: 'select, update(last_used_at)',
  },
  dashboard: {
    alerts: 'select, insert, update',
    api_key_usage: 'select',
    api_keys: 'select, insert, update',
    audit_checkpoints: 'select',
    audit_log: 'select, insert',
    audit_seals: 'select',
    audit_unsealed: 'select',
    customers: 'select, insert, update',
    data_keys: 'select(created_at key_id merchant_id purpose retired_at seals wrapped_by)',
    delivery_attempts: 'select',
    error_records: 'select, insert',
    installation_keys: 'select(created_at name wrapped_by)',
    ledger_accounts: 'select',
    ledger_balances: 'select',
    ledger_entries: 'select, insert',
    member_links: 'select, insert, update',
    member_passwords: 'select, insert',
    members: 'select, insert, update',
    merchant_keys: 'select',
    merchants: 'select, update(name refund_limit_amt security_notify_url)',
    notification_secrets: 'select(created_at expires_at key_id merchant_id mode secret_id), insert, update(expires_at)',
    notifications: 'select, insert, update',
    order_transitions: 'select',
    orders: 'select, insert, update',
    outbox: 'select, insert, update, delete',
    passkeys: 'select, insert, update, delete',
    payment_attempts: 'select, insert, update',
    payout_details: 'select, insert, delete',
    rate_windows: 'select, insert, update',
    recovery_codes: 'select, insert, delete',
    refunds: 'select, insert, update',
    retention_runs: 'select',
    schema_migrations: 'select',
    sessions: 'select, insert, update',
    sign_in_failures: 'select, insert, update, delete',
    static_code_orders: 'select',
    static_codes: 'select, insert, update(enabled name)',
    totp_factors: 'select, insert, update, delete',
  },
  worker: {
    alerts: 'select, insert, update, delete',
    api_keys: 'select',
    audit_checkpoints: 'select, insert',
    audit_log: 'select, insert',
    audit_seals: 'select, insert',
    audit_unsealed: 'select, delete',
    cards: 'select(purge_after), delete',
    delivery_attempts: 'select, insert, delete',
    error_records: 'select(at request_id), delete',
    idempotency_keys: 'select(expires_at), delete',
    ledger_accounts: 'select',
    ledger_balances: 'select',
    ledger_entries: 'select, insert',
    member_links: 'select, update, delete',
    members: 'select(key_id member_id merchant_id role sealed_member status)',
    merchants: 'select',
    nonces: 'select, delete',
    notifications: 'select, insert, update, delete',
    order_transitions: 'select',
    orders: 'select, update',
    outbox: 'select, insert, update, delete',
    payment_attempts: 'select, insert, update',
    rate_windows: 'select, delete',
    refunds: 'select, update',
    retention_runs: 'select, insert, update',
    schema_migrations: 'select',
    sessions: 'select(ended_at ends_at), delete',
    sign_in_failures: 'select(last_at locked_until), delete',
  },
  vault: {
    api_keys: 'select(merchant_id)',
    audit_log: 'insert',
    cards: 'select, update(key_id sealed_card)',
    data_keys: 'select, insert, update, delete',
    error_records: 'select(request_id), insert',
    installation_keys: 'select, insert, update',
    'key_store.customer_keys': 'select, insert, update, delete',
    'key_store.schema_migrations': 'select',
    key_rotations: 'select, insert, update',
    members: 'select(key_id member_id merchant_id sealed_member), update(key_id sealed_member)',
    merchants: 'select',
    payout_details: 'select(details_id key_id merchant_id mode sealed_details), update(key_id sealed_details)',
    notification_secrets: 'select, update(key_id sealed_secret)',
    order_transitions: 'select',
    schema_migrations: 'select',
    totp_factors: 'select(factor_id key_id merchant_id sealed_secret), update(key_id sealed_secret)',
  },
  sandbox: { 'sandbox_acquirer.operations': 'select, insert, update' },
}

async function rightsOf(gateway: TestGateway): Promise<Record<string, Record<string, string>>> {
  const rows = await gateway.sql<{ role: string; name: string; privilege: string; columns: string[] | null }>(
    `select r.role, case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as name, lower(p) as privilege,
            case when has_table_privilege('ucanpay_' || r.role, c.oid, p) then null
                 else array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
                              and p in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                              and has_column_privilege('ucanpay_' || r.role, c.oid, a.attnum, p) order by 1) end as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace,
          unnest($1::text[]) r(role), unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) with ordinality u(p, at)
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by r.role, name, u.at`,
    [ROLES],
  )
  const rights: Record<string, Record<string, string>> = {}
  for (const { role, name, privilege, columns } of rows) {
    if (columns?.length === 0) continue
    const word = columns === null ? privilege : `${privilege}(${columns.join(' ')})`
    const tables = (rights[role] ??= {})
    tables[name] = [tables[name], word].filter(Boolean).join(', ')
  }
  return rights
}

test('each role has the rights on each table that are written here, and no others', async () => {
  expect(await rightsOf(await startGateway({ role: 'api' }))).toEqual(RIGHTS)
})

test('no role makes anything in a schema, and a function that works as the owner is executed by whom it is for', async () => {
  const gateway = await startGateway({ role: 'api' })
  const made = await gateway.sql(
    `select r.role, n.nspname from unnest($1::text[]) r(role), pg_namespace n
     where n.nspname !~ '^pg_' and has_schema_privilege('ucanpay_' || r.role, n.oid, 'CREATE')`,
    [ROLES],
  )
  expect(made).toEqual([])
  const working = await gateway.sql<{ name: string; settings: string[]; roles: string[] }>(
    `select p.proname as name, p.proconfig as settings,
            array(select r.role from unnest($1::text[]) with ordinality r(role, at)
                  where has_function_privilege('ucanpay_' || r.role, p.oid, 'EXECUTE') order by at) as roles
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prosecdef and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1`,
    [ROLES],
  )
  const settings = ['search_path=public, pg_temp'] // Else whoever calls it could put other tables in the place of ours.
  expect(working).toEqual([
    { name: 'guard_postings', settings, roles: [] },
    { name: 'lock_merchant_balance', settings, roles: ['api', 'dashboard', 'worker'] },
    { name: 'queue_for_seal', settings, roles: [] },
  ])
})

/** What nobody may do with a login of ours, whichever it is. */
const FORBIDDEN = [
  `update public.audit_log set actor = 'nobody'`,
  'delete from public.audit_log',
  'truncate public.audit_log cascade',
  `update public.audit_seals set hash = sha256('x')`,
  'delete from public.audit_seals',
  'truncate public.audit_seals cascade',
  'delete from public.audit_checkpoints',
  'truncate public.audit_checkpoints',
  'insert into public.audit_unsealed (merchant_id, audit_id) values (1, 1)',
  'delete from public.ledger_entries',
  'update public.ledger_balances set balance = 0',
  'alter table public.audit_log disable trigger all',
  'alter table public.audit_log disable trigger audit_log_append_only',
  'drop trigger audit_log_append_only on public.audit_log',
  'drop table public.audit_seals cascade',
  'create or replace function public.refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
  'alter function public.refuse_change() rename to refuse_nothing',
  'set session_replication_role = replica',
  'create table notes (content text)',
  'create table key_store.notes (content text)',
  'create schema mine',
  'create extension dblink',
  'create function mine() returns int language sql as $$ select 1 $$',
  'create trigger mine before insert on public.audit_log for each row execute function refuse_change()',
  'create rule mine as on insert to public.audit_log do instead nothing',
  'create policy mine on public.audit_log',
  'set session authorization ucanpay_vault',
  'set role postgres',
  'set role pg_read_all_data',
  'create role mine',
  'alter role current_user superuser',
  'alter role current_user createrole',
  'grant pg_read_all_data to current_user',
  'select rolpassword from pg_authid',
  'select * from pg_shadow',
  'select * from pg_hba_file_rules',
  `select pg_read_file('postgresql.conf')`,
  `select pg_ls_dir('.')`,
  `select lo_import('/etc/passwd')`,
  `select lo_export(1, '/tmp/mine')`,
  `copy (select 1) to program 'true'`,
  `copy (select 1) to '/tmp/ucanpay-mine'`,
  `create temporary table t (x text); copy t from program 'true'`,
  'select pg_reload_conf()',
  'select pg_switch_wal()',
  `alter database postgres set search_path = 'pg_temp'`,
  'create publication mine for all tables',
]

/** What one role alone may do, or none but some. */
const GUARDED: readonly [string, readonly (typeof ROLES)[number][]][] = [
  ['select wrapped_key from public.data_keys', ['vault']],
  ['select wrapped_key from public.installation_keys', ['vault']],
  ['select wrapped_key from key_store.customer_keys', ['vault']],
  ['select sealed_card from public.cards', ['vault']],
  ['select sealed_secret from public.notification_secrets', ['vault']],
  ['select sealed_email from public.customers', ['api', 'dashboard']],
  ['select key_hash from public.api_keys', ['api', 'checkout', 'dashboard', 'worker']],
  ['select after from public.audit_log', ['dashboard', 'worker']],
  ['select error from public.error_records', ['dashboard']],
  ['select password_hash from public.members', ['dashboard']],
  ['select token_hash from public.sessions', ['dashboard']],
  ['select sealed_secret from public.totp_factors', ['dashboard', 'vault']],
]

/** Runs a statement in a transaction that is taken back. @returns the SQLSTATE of its refusal; undefined for none */
async function refusalOf(client: pg.Client, statement: string): Promise<string | undefined> {
  await client.query('begin')
  const refusal = await client.query(statement).then(
    () => undefined,
    (error: unknown) => (error as { code?: string }).code ?? 'none',
  )
  await client.query('rollback')
  return refusal
}

/** A connection of a login that is a member of one role alone. */
async function connectAs(gateway: TestGateway, role: (typeof ROLES)[number]): Promise<pg.Client> {
  const urlOf = await createLogins(gateway.database.databaseUrl, [role])
  const client = new pg.Client({ connectionString: urlOf(role) })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

test.each(ROLES)('whoever has stolen the login of the %s can do none of the forbidden things', async (role) => {
  const gateway = await startGateway()
  await gateway.paidOrder()
  const login = await connectAs(gateway, role)
  const done: string[] = []
  for (const statement of FORBIDDEN) {
    const code = await refusalOf(login, statement)
    // insufficient_privilege, and for what nobody without rights can name: undefined_file, invalid_role.
    if (code === undefined || !['42501', '22023', '0LP01', '3F000', '58P01'].includes(code))
      done.push(`${code}: ${statement}`)
  }
  expect(done).toEqual([])
  for (const other of ROLES.filter((name) => name !== role && name !== 'sandbox'))
    expect([other, await refusalOf(login, `set role ucanpay_${other}`)]).toEqual([other, '42501'])
  for (const [statement, allowed] of GUARDED) {
    expect([statement, await refusalOf(login, statement)]).toEqual([
      statement,
      allowed.includes(role) ? undefined : '42501',
    ])
  }
})

test('a trigger of the thief’s own does not make a function of ours work as the owner', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { merchantId } = gateway.merchant
  const login = await connectAs(gateway, 'checkout')
  const forge = (columns: string, rows: string, work: string): string =>
    `create temporary table forged (${columns});
     create trigger forged after insert on forged referencing new table as ${rows} for each statement execute function ${work}()`
  const entries = `merchant_id text, mode text, posting_id text, account text, currency text, amount bigint`
  expect(
    await refusalOf(
      login,
      `${forge(entries, 'new_entries', 'guard_postings')};
       insert into forged values ('${merchantId}', 'test', 'p', 'merchant_payable', 'CAD', -1000000), ('${merchantId}', 'test', 'p', 'paid_out', 'CAD', 1000000); commit; begin`,
    ),
  ).toBe('42501')
  expect(await gateway.rows('ledger_balances')).toEqual([])
  expect(
    await refusalOf(
      login,
      `${forge('merchant_id text, audit_id text', 'new_rows', 'queue_for_seal')};
       insert into forged select 'M' || n, 'aud_' || n from generate_series(1, 100) n; commit; begin`,
    ),
  ).toBe('42501')
  expect(await gateway.rows(`audit_unsealed where merchant_id <> '${merchantId}'`)).toEqual([])
})

test('a table of the thief’s own does not stand in for one of ours where a function works as the owner', async () => {
  const gateway = await startGateway()
  await gateway.paidOrder()
  const login = await connectAs(gateway, 'api')
  const [row] = await gateway.sql<{ balance: number }>(
    `select balance from ledger_balances where account = 'merchant_payable'`,
  )
  const ask = `select lock_merchant_balance('${gateway.merchant.merchantId}', 'test', 'CAD') as balance`
  const shadow =
    'create temporary table ledger_balances (merchant_id text, mode text, account text, currency text, balance bigint)'
  const { rows: found } = await login.query(ask)
  expect(found).toEqual([{ balance: String(row?.balance) }])
  // Where the database's owner could take temporary tables away, there is none to be made.
  await login.query(`${shadow}; set search_path = pg_temp, public`).catch(() => undefined)
  expect((await login.query(ask.replace('lock', 'public.lock'))).rows).toEqual(found)
})

import { databaseProblems, inspectDatabase } from '@ucanpay/gateway/database/inspect-database'
import type { Installation } from '../installation.ts'
import { row, type Row } from './row.ts'

const ROLES = ['api', 'checkout', 'dashboard', 'worker', 'vault', 'sandbox'].map((role) => `ucanpay_${role}`)

/** Practice 14: who may do what in the database, and what has been kept too long. */
export async function checkSeparation(installation: Installation): Promise<readonly Row[]> {
  const { pool } = installation
  const facts = await inspectDatabase(pool, { roles: [], now: () => new Date() })
  const problems = databaseProblems(facts)
  const tooMuch = await tooManyRights(installation)
  const connections = await installation.db.query<{ login: string }>(
    `select distinct a.usename as login from pg_stat_activity a join pg_roles r on r.rolname = a.usename
     where a.application_name ~ '^ucanpay-(all|api|checkout|dashboard|worker|vault)' and r.rolsuper`,
  )
  return [
    await customerKeysApart(installation),
    row(14, 'the database is served by a login that its rules bind, and its clock is ours', {
      good: problems.length === 0 && connections.length === 0,
      evidence:
        problems[0] ??
        (connections[0]
          ? `"${connections[0].login}" serves, and is a superuser`
          : `login "${facts.login}", clock within ${Math.abs(Math.round(facts.clockAheadMs))} ms`),
      remedy: 'docs/operations.md tells how to make the logins',
    }),
    row(14, 'the way to the database is encrypted', {
      good: facts.guarded,
      evidence: facts.guarded ? 'TLS, or never off this machine' : 'in the clear, over a network',
      remedy: 'add sslmode=verify-full to DATABASE_URL',
    }),
    row(14, 'each part has no more rights in the database than it uses', {
      good: tooMuch.length === 0,
      evidence:
        tooMuch.length === 0
          ? `${ROLES.length} roles; none alters the audit log, the vault alone reads keys`
          : tooMuch.join('; '),
      remedy: 'revoke what was granted by hand',
    }),
  ]
}

/** In the database that it erases from, a customer's key is in every backup beside what it seals (GDPR 17). */
async function customerKeysApart({ place, keyStore }: Installation): Promise<Row> {
  const what = 'the keys of customers are apart from what they seal'
  if (place.keyStoreUrl !== undefined)
    return { practice: 14, what, state: 'held', evidence: 'in a database of their own' }
  const [live] = await keyStore.query<{ count: number }>(
    `select count(*) as count from customer_keys where mode = 'live'`,
  )
  const count = live?.count ?? 0
  if (count === 0)
    return { practice: 14, what, state: 'absent', evidence: 'in the same database; nobody in live mode is sealed yet' }
  return row(14, what, {
    good: false,
    evidence: `${count} of live mode in the same database, and so in the same backups`,
    remedy:
      'move the schema key_store to a database of its own and name it in UCANPAY_KEY_STORE_URL: docs/operations.md',
  })
}

async function tooManyRights({ db }: Installation): Promise<string[]> {
  const rows = await db.query<{ problem: string }>(
    `select r.role || ' may change ' || t.name as problem
     from unnest($1::text[]) r(role), unnest(array['audit_log', 'audit_seals', 'audit_checkpoints', 'ledger_entries']) t(name)
     where has_table_privilege(r.role, t.name, 'UPDATE') or has_table_privilege(r.role, t.name, 'DELETE')
        or has_table_privilege(r.role, t.name, 'TRUNCATE')
     union all
     select r.role || ' may read ' || t.name
     from unnest($1::text[]) r(role),
          (values ('data_keys', 'wrapped_key'), ('installation_keys', 'wrapped_key'), ('notification_secrets', 'sealed_secret')) t(name, col)
     where r.role <> 'ucanpay_vault' and has_column_privilege(r.role, t.name, t.col, 'SELECT')
     union all
     select 'everybody may execute ' || p.proname || ', which works as the owner'
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prosecdef and n.nspname in ('public', 'key_store', 'sandbox_acquirer')
       and has_function_privilege('ucanpay_sandbox', p.oid, 'EXECUTE')
     union all
     select r.role || ' may make tables in ' || n.name
     from unnest($1::text[]) r(role), unnest(array['public', 'key_store']) n(name)
     where exists (select from pg_namespace where nspname = n.name) and has_schema_privilege(r.role, n.name, 'CREATE')`,
    [ROLES],
  )
  return rows.map(({ problem }) => problem)
}

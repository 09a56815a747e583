import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'

/** The days that the activity of a bundle is counted for. */
export interface EvidencePeriod {
  readonly from: Date
  readonly to: Date
}

/** By id: an auditor learns who may do what, and nobody's name or address. */
export function memberFacts(tx: Tx, { merchantId }: Caller): Promise<object[]> {
  return tx.query(
    `select m.member_id as "memberId", m.role, m.status, m.created_at as "createdAt", m.last_sign_in_at as "lastSignInAt",
            m.password_changed_at as "passwordChangedAt",
            exists (select from totp_factors t where t.merchant_id = m.merchant_id and t.member_id = m.member_id and t.confirmed_at is not null)
            or exists (select from passkeys p where p.merchant_id = m.merchant_id and p.member_id = m.member_id) as "secondFactor"
     from members m where m.merchant_id = $1 order by m.created_at, m.member_id`,
    [merchantId],
  )
}

/** Of both modes. Neither names, which are free words, nor where a key was used from. */
export function apiKeyFacts(tx: Tx, { merchantId, now }: Caller): Promise<object[]> {
  return tx.query(
    `select k.api_key_id as "apiKeyId", k.mode, k.kind, k.scopes, k.created_at as "createdAt", k.expires_at as "expiresAt",
            k.revoked_at as "revokedAt", k.revoked_reason as "revokedReason", k.rolled_into as "rolledInto",
            cardinality(k.ip_allow_list) > 0 as "boundToAddresses", u.last_used_at as "lastUsedAt",
            extract(day from $2::timestamptz - k.created_at)::int as "ageInDays"
     from api_keys k left join api_key_usage u on u.merchant_id = k.merchant_id and u.api_key_id = k.api_key_id
     where k.merchant_id = $1 order by k.created_at, k.api_key_id`,
    [merchantId, now],
  )
}

/** Which key wraps which, and since when; no wrapped key is read. */
export async function keyFacts(tx: Tx, { merchantId, now }: Caller): Promise<object> {
  const dataKeys = await tx.query(
    `select key_id as "keyId", purpose, wrapped_by as "wrappedBy", created_at as "createdAt", retired_at as "retiredAt", seals,
            extract(day from $2::timestamptz - created_at)::int as "ageInDays"
     from data_keys where merchant_id = $1 order by created_at, key_id`,
    [merchantId, now],
  )
  const installationKeys = await tx.query(
    `select name, wrapped_by as "wrappedBy", created_at as "createdAt",
            extract(day from $1::timestamptz - created_at)::int as "ageInDays" from installation_keys order by name`,
    [now],
  )
  const merchantKeys = await tx.query(
    `select key_id as "keyId", mode, algorithm, created_at as "createdAt" from merchant_keys where merchant_id = $1 order by created_at, key_id`,
    [merchantId],
  )
  return { dataKeys, installationKeys, merchantKeys }
}

/** What each of our database roles may do to each table, and to single columns of it, as the database itself says. */
export function databaseRights(tx: Tx): Promise<object[]> {
  return tx.query(
    `select grantee as role, schema || '.' || relation as table, column_name as column,
            array_agg(privilege order by privilege) as rights
     from (
       select r.rolname as grantee, n.nspname as schema, c.relname as relation, null as column_name, a.privilege_type as privilege
       from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
       where c.relkind in ('r', 'p')
       union all
       select r.rolname, n.nspname, c.relname, t.attname, a.privilege_type
       from pg_attribute t join pg_class c on c.oid = t.attrelid join pg_namespace n on n.oid = c.relnamespace,
            aclexplode(t.attacl) a join pg_roles r on r.oid = a.grantee
     ) g
     where grantee like 'ucanpay\\_%' group by 1, 2, 3 order by 1, 2, 3 nulls first`,
  )
}

/** When each kind of old data was last looked for, and how much of it went. */
export function retentionFacts(tx: Tx): Promise<object[]> {
  return tx.query(
    `select job, kept_days as "keptDays", last_ran_at as "lastRanAt", last_deleted_at as "lastDeletedAt" from retention_runs order by job`,
  )
}

/** How often what was done, of both modes. */
export function activityFacts(tx: Tx, { merchantId }: Caller, { from, to }: EvidencePeriod): Promise<object[]> {
  return tx.query(
    `select mode, action, count(*)::int as count from audit_log
     where merchant_id = $1 and at >= $2 and at < $3 group by mode, action order by mode, action`,
    [merchantId, from, to],
  )
}

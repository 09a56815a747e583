import type pg from 'pg'

import { DATABASE_ROLES } from './pools.ts'

/** 'ucan' and 'role' in ASCII: roles belong to the whole server, so those who make them take turns. */
const LOCK = [0x7563616e, 0x726f6c65] as const

/**
 * Makes the roles of the migrations, and a login a member of them, as somebody who may; for logins that may not create
 * roles themselves. Repeats do nothing.
 *
 * @param member an existing role
 */
export async function ensureRoles(admin: Pick<pg.Client, 'query'>, member: string): Promise<void> {
  const names = DATABASE_ROLES.map((role) => `ucanpay_${role}`)
  await admin.query('select pg_advisory_lock($1, $2)', [...LOCK])
  try {
    const { rows } = await admin.query<{ name: string }>(
      'select rolname as name from pg_roles where rolname = any($1)',
      [names],
    )
    const known = new Set(rows.map(({ name }) => name))
    for (const name of names) if (!known.has(name)) await admin.query(`create role ${name} nologin`)
    const { rows: missing } = await admin.query<{ name: string }>(
      `select name from unnest($1::text[]) name where not pg_has_role($2, name, 'member')`,
      [names, member],
    )
    if (missing.length > 0) await admin.query(`grant ${missing.map(({ name }) => name).join(', ')} to "${member}"`)
  } finally {
    await admin.query('select pg_advisory_unlock($1, $2)', [...LOCK])
  }
}

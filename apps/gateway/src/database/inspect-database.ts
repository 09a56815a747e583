import type pg from 'pg'

/** What an installation has to know of its database before it serves. */
export interface DatabaseFacts {
  /** e.g. 150018: version 15.18. */
  readonly version: number
  readonly login: string
  readonly superuser: boolean
  /** Roles asked for that the login is not a member of. */
  readonly missingRoles: readonly string[]
  /** How far the database's clock is ahead of ours; negative where it is behind. */
  readonly clockAheadMs: number
  /** True where the connection is encrypted, or never leaves the machine. */
  readonly guarded: boolean
}

const OLDEST_VERSION = 150_000
const CLOCK_LIMIT_MS = 60_000

/**
 * Asks the database about itself and about who we are to it.
 *
 * @param roles without their prefix, such as `api`
 * @param now our own clock
 */
export async function inspectDatabase(
  pool: pg.Pool,
  { roles, now }: { roles: readonly string[]; now: () => Date },
): Promise<DatabaseFacts> {
  const askedAt = now().getTime()
  const { rows } = await pool.query<Omit<DatabaseFacts, 'clockAheadMs'> & { time: Date }>(
    `select current_setting('server_version_num')::int as version, session_user as login, r.rolsuper as superuser,
            clock_timestamp() as time,
            coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false)
              or inet_server_addr() is null or host(inet_server_addr()) in ('127.0.0.1', '::1') as guarded,
            array(select name from unnest($1::text[]) name
                  where not exists (select from pg_roles p where p.rolname = name)
                     or not pg_has_role(session_user, (select oid from pg_roles p where p.rolname = name), 'member')) as "missingRoles"
     from pg_roles r where r.rolname = session_user`,
    [roles.map((role) => `ucanpay_${role}`)],
  )
  const [row] = rows
  if (!row) throw new Error('the database does not know its own login')
  const { time, ...facts } = row
  const halfway = (askedAt + now().getTime()) / 2 // The answer was made somewhere between asking and hearing.
  return { ...facts, clockAheadMs: time.getTime() - halfway }
}

/** Why an installation should not be served on such a database: a line each, with what to do. */
export function databaseProblems(facts: DatabaseFacts): string[] {
  const { version, login, superuser, missingRoles, clockAheadMs } = facts
  const problems: string[] = []
  if (version < OLDEST_VERSION)
    problems.push(`PostgreSQL 15 or newer is needed, and this is ${Math.floor(version / 10_000)}`)
  if (superuser) {
    problems.push(
      `DATABASE_URL: "${login}" is a superuser, whom no rule of the database binds; serve with a login of fewer rights (docs/operations.md)`,
    )
  }
  if (missingRoles.length > 0 && !superuser)
    problems.push(
      `DATABASE_URL: "${login}" lacks roles that this serves; as the owner: GRANT ${missingRoles.join(', ')} TO "${login}"`,
    )
  if (Math.abs(clockAheadMs) > CLOCK_LIMIT_MS) {
    const seconds = Math.round(Math.abs(clockAheadMs) / 1000)
    problems.push(
      `this machine's clock is ${seconds} s ${clockAheadMs > 0 ? 'behind' : 'ahead of'} the database's; set both by NTP (more than 60 s breaks signatures and expiries)`,
    )
  }
  return problems
}

import { checkedName, type PostgresQueries } from '../webhooks/seen-in-postgres.ts'
import { limitsOf, type SessionLimits } from './limits.ts'
import { CLOCK_SKEW_MS, MOST_DATA_BYTES, type SessionStore, type StoredSession } from './store.ts'

const TABLE = 'ucanpay_sessions'
const MOST_SWEPT = 1_000

/** A time goes in as text and comes out as a number, which every driver reads alike. */
const instant = (ms: number): string => new Date(ms).toISOString()
const ms = (column: string, as: string): string => `(extract(epoch from ${column}) * 1000)::float8 as "${as}"`
const columns = (lastSeen = 'last_seen_at', idleEnds = 'idle_ends_at'): string =>
  [
    'session_id as "sessionId", user_id as "userId", data, device, ip',
    ms('created_at', 'createdAt'),
    ms('authenticated_at', 'authenticatedAt'),
    ms(lastSeen, 'lastSeenAt'),
    ms(idleEnds, 'idleEndsAt'),
    ms('ends_at', 'endsAt'),
  ].join(', ')
const touched = (column: string): string => `coalesce((select ${column} from touched), ${column})`
/** `isAlive`, as the database has it. */
const alive = (now: string): string =>
  `ends_at > ${now}::timestamptz and idle_ends_at > ${now}::timestamptz
     and last_seen_at <= ${now}::timestamptz + interval '${CLOCK_SKEW_MS / 1_000} seconds'`

/**
 * Keeps sessions in a table of yours, which `sessionTableSql` makes. A request costs one statement.
 *
 * @throws UCanPayConfigError where the table's name is none
 */
export function sessionsInPostgres(database: PostgresQueries, table = TABLE): SessionStore {
  const sql = statementsOf(checkedName(table))
  const ask = async (text: string, values: readonly unknown[]): Promise<StoredSession[]> =>
    (await database.query(text, values)).rows as StoredSession[]
  return {
    async begin(tokenHash, session, replacing) {
      const { sessionId, userId, data, device, ip } = session
      const times = [session.createdAt, session.authenticatedAt, session.lastSeenAt, session.idleEndsAt, session.endsAt]
      await ask(sql.begin, [tokenHash, sessionId, userId, data, device, ip, ...times.map(instant), replacing ?? null])
    },
    async use({ tokenHash, now, idleEndsAt, touchIfSeenBefore }) {
      return (await ask(sql.use, [tokenHash, ...[now, idleEndsAt, touchIfSeenBefore].map(instant)]))[0]
    },
    async rotate({ tokenHash, nextTokenHash, now, idleEndsAt, data }) {
      return (await ask(sql.rotate, [tokenHash, instant(now), instant(idleEndsAt), nextTokenHash, data]))[0]
    },
    async write(tokenHash, data, now) {
      return (await ask(sql.write, [tokenHash, instant(now), data])).length > 0
    },
    async end(tokenHash) {
      await ask(sql.end, [tokenHash])
    },
    async endOf(userId, { only, but } = {}) {
      return (await ask(sql.endOf, [userId, only ?? null, but ?? null])).length
    },
    list: (userId, now) => ask(sql.list, [userId, instant(now)]),
    async sweep(now) {
      return (await ask(sql.sweep, [instant(now)])).length
    },
  }
}

function statementsOf(
  name: string,
): Record<'begin' | 'use' | 'rotate' | 'write' | 'end' | 'endOf' | 'list' | 'sweep', string> {
  return {
    begin: `with ended as (delete from ${name} where token_hash = $12)
      insert into ${name} (token_hash, session_id, user_id, data, device, ip,
                           created_at, authenticated_at, last_seen_at, idle_ends_at, ends_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    // Of ten that touch it at once, nine wait for the row, and then find that it has been touched.
    use: `with found as (select * from ${name} where token_hash = $1 and ${alive('$2')}),
      touched as (
        update ${name} s set last_seen_at = $2, idle_ends_at = least($3::timestamptz, s.ends_at)
        from found where s.token_hash = found.token_hash and found.last_seen_at <= $4 and s.last_seen_at <= $4
        returning s.last_seen_at, s.idle_ends_at
      )
      select ${columns(touched('last_seen_at'), touched('idle_ends_at'))} from found`,
    // The hash is changed in its row: who comes second looks for a hash that is no more.
    rotate: `update ${name} set token_hash = $4, data = $5, authenticated_at = $2, last_seen_at = $2,
             idle_ends_at = least($3::timestamptz, ends_at)
      where token_hash = $1 and ${alive('$2')} returning ${columns()}`,
    write: `update ${name} set data = $3 where token_hash = $1 and ${alive('$2')} returning 1`,
    end: `delete from ${name} where token_hash = $1`,
    endOf: `delete from ${name} where user_id = $1 and ($2::text is null or session_id = $2)
      and ($3::text is null or session_id <> $3) returning 1`,
    list: `select ${columns()} from ${name} where user_id = $1 and ${alive('$2')}
      order by last_seen_at desc, session_id limit 100`,
    sweep: `delete from ${name} where token_hash in (
        select token_hash from ${name} where idle_ends_at <= $1 limit ${MOST_SWEPT} for update skip locked
      ) returning 1`,
  }
}

/** What the table is called, and longer times than the defaults where `createSessions` was given any. */
export type SessionTableOptions = SessionLimits & { readonly table?: string }

/**
 * The statements that make the table of `sessionsInPostgres`, for your migrations. The database itself holds the bounds
 * of practice 10: no row lives longer, whatever writes it.
 *
 * @throws UCanPayConfigError where the table's name is none, or a time is longer than it may be
 */
export function sessionTableSql({ table = TABLE, ...limits }: SessionTableOptions = {}): string {
  const name = checkedName(table)
  const { idleMs, longestMs } = limitsOf(limits)
  const index = name.replace('.', '_')
  return `create table if not exists ${name} (
  token_hash text primary key check (token_hash ~ '^[0-9a-f]{64}$'),
  session_id text not null unique,
  user_id text not null check (length(user_id) between 1 and 255),
  data text not null check (octet_length(data) <= ${MOST_DATA_BYTES}),
  device text not null check (length(device) <= 200),
  ip text not null check (length(ip) <= 45),
  created_at timestamptz not null,
  authenticated_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_ends_at timestamptz not null,
  ends_at timestamptz not null,
  check (idle_ends_at <= last_seen_at + interval '${idleMs / 1_000} seconds' and idle_ends_at <= ends_at),
  check (ends_at <= created_at + interval '${longestMs / 1_000} seconds')
);
create index if not exists ${index}_of_user on ${name} (user_id);
create index if not exists ${index}_idle on ${name} (idle_ends_at)`
}

import { UCanPayConfigError } from '../errors.ts'
import { BUSY_FOR_MS, type SeenNotifications, type Taking } from './seen.ts'

/** What `pg`'s pool and client have; any driver's function of this shape will do. */
export interface PostgresQueries {
  query(text: string, values: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

const NAME = /^[a-z_][a-z0-9_]{0,62}(?:\.[a-z_][a-z0-9_]{0,62})?$/

/**
 * Remembers in a table of yours, so that several processes, and one that was started anew, do a notification once.
 * `seenTableSql` makes the table.
 *
 * @throws UCanPayConfigError where the table's name is none
 */
export function seenInPostgres(database: PostgresQueries, table = 'ucanpay_notifications'): SeenNotifications {
  const name = checkedName(table)
  // One statement: of two that ask at once, one gets the row. Whoever began and died is followed after a while.
  const begin = `insert into ${name} as seen (id) values ($1)
    on conflict (id) do update set begun_at = now()
    where seen.done_at is null and seen.begun_at < now() - make_interval(secs => ${BUSY_FOR_MS / 1_000})
    returning id`
  return {
    async begin(id): Promise<Taking> {
      if ((await database.query(begin, [id])).rows.length > 0) return 'new'
      const done = await database.query(`select id from ${name} where id = $1 and done_at is not null`, [id])
      return done.rows.length > 0 ? 'taken' : 'busy'
    },
    async finish(id) {
      await database.query(`update ${name} set done_at = now() where id = $1`, [id])
    },
    async giveUp(id) {
      await database.query(`delete from ${name} where id = $1 and done_at is null`, [id])
    },
  }
}

/**
 * The statement that makes the table of `seenInPostgres`, for your migrations. Rows older than two days may be deleted.
 *
 * @throws UCanPayConfigError where the table's name is none
 */
export function seenTableSql(table = 'ucanpay_notifications'): string {
  return `create table if not exists ${checkedName(table)} (
  id text primary key,
  begun_at timestamptz not null default now(),
  done_at timestamptz
)`
}

/**
 * The name of a table, which goes into statements as it is.
 *
 * @throws UCanPayConfigError where it is none
 */
export function checkedName(table: string): string {
  if (!NAME.test(table)) throw new UCanPayConfigError('The name of a table is of small letters, digits and _.')
  return table
}

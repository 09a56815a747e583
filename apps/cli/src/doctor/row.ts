import type { Installation } from '../installation.ts'

/** What a check came to. */
export interface Row {
  /** The practice of the product's table that it belongs to. */
  readonly practice: number
  readonly what: string
  /** `absent`: there is nothing here yet that it could be asked of. */
  readonly state: 'held' | 'not held' | 'absent'
  /** What was seen. */
  readonly evidence: string
  /** What to do where it does not hold. */
  readonly remedy?: string
}

/** Looks at a running installation. It changes nothing. */
export type Check = (installation: Installation) => Promise<readonly Row[]>

/** A row that holds where `good` is true. */
export function row(
  practice: number,
  what: string,
  { good, evidence, remedy }: { good: boolean; evidence: string; remedy: string },
): Row {
  return good ? { practice, what, state: 'held', evidence } : { practice, what, state: 'not held', evidence, remedy }
}

/** The one number that a statement counts. */
export async function countOf({ db }: Installation, sql: string, values: readonly unknown[] = []): Promise<number> {
  const [found] = await db.query<{ count: number }>(`select count(*) as count ${sql}`, values)
  return found?.count ?? 0
}

/** How long ago the oldest row of a statement is, in seconds; 0 where there is none. @param sql from its `from` on */
export async function oldestS({ db }: Installation, column: string, sql: string): Promise<number> {
  const [found] = await db.query<{ age: number }>(
    `select coalesce(extract(epoch from clock_timestamp() - min(${column})), 0)::bigint as age ${sql}`,
  )
  return Math.max(0, found?.age ?? 0)
}

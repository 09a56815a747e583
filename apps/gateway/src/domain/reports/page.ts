import type { Database } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'

/** A page of a list. */
export interface Page<Item> {
  readonly items: Item[]
  readonly hasMore: boolean
}

/** How long a page is to be: what the wire has as a text of 1 to 100; 20 where absent. */
export function limitOf({ limit = '20' }: { limit?: string | undefined }): number {
  return Number(limit)
}

/** Makes a page of rows, of which one more was read than it holds. */
export function pageOf<Row, Item>(rows: readonly Row[], limit: number, show: (row: Row) => Item): Page<Item> {
  return { items: rows.slice(0, limit).map(show), hasMore: rows.length > limit }
}

/** The conditions of a list: constant texts, whose values go apart. Those of the caller stand first, always. */
export class Conditions {
  readonly values: unknown[]
  readonly #texts: string[]

  /** @param table the alias of the table that is listed */
  constructor(caller: Caller, table: string) {
    this.values = [caller.merchantId, caller.mode]
    this.#texts = [`${table}.merchant_id = $1`, `${table}.mode = $2`]
  }

  /** Adds a condition, where it has a value. @param text holds `?` for each of the values, in their order */
  add(text: string, ...values: readonly unknown[]): this {
    if (values.includes(undefined)) return this
    let place = this.values.length
    this.#texts.push(text.replace(/\?/g, () => `$${++place}`))
    this.values.push(...values)
    return this
  }

  /** Adds a value that no condition is about, and names its place. */
  place(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }

  get sql(): string {
    return this.#texts.join(' and ')
  }
}

/**
 * Reads a list by a plan that is made for these very values. Which index is the right one depends on how many rows a
 * filter lets through, and a plan for any value would take the wrong one: the same statement for a status that one row in
 * a million has, and for one that nearly all have.
 */
export function queryPlanned<Row>(db: Database, text: string, values: readonly unknown[]): Promise<Row[]> {
  return db.transaction(async (tx) => {
    await tx.query('set local plan_cache_mode = force_custom_plan')
    return tx.query<Row>(text, values)
  })
}

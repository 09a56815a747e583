import type { Tx } from '../../database/tx.ts'

/** What is kept of a request that failed. Sensitive values are out of it before it comes here (contract §5). */
export interface ErrorRecord {
  readonly requestId: string
  readonly at: Date
  readonly merchantId: string | null
  readonly mode: string | null
  readonly actor: string | null
  readonly method: string
  readonly route: string | null
  readonly status: number
  readonly msg: string
  /** Names, codes, rules and places in our code. */
  readonly error: unknown
}

/** Writes records, many at once; one that is there already stays. */
export async function writeErrorRecords(db: Tx, records: readonly ErrorRecord[]): Promise<void> {
  await db.query(
    `insert into error_records (request_id, at, merchant_id, mode, actor, method, route, status, msg, error)
     select r."requestId", r.at, r."merchantId", r.mode, r.actor, r.method, r.route, r.status, r.msg, r.error
     from jsonb_to_recordset($1::jsonb) as r ("requestId" text, at timestamptz, "merchantId" text, mode text, actor text,
       method text, route text, status integer, msg text, error jsonb)
     on conflict (request_id) do nothing`,
    [JSON.stringify(records)],
  )
}

/** What to look for; all of it has to fit. */
export interface ErrorSearch {
  readonly requestId?: string | undefined
  readonly merchantId?: string | undefined
  readonly msg?: string | undefined
  readonly status?: number | undefined
  readonly since: Date
  /** The newest this many. */
  readonly limit: number
}

/** Finds records, oldest first. */
export async function findErrorRecords(db: Tx, search: ErrorSearch): Promise<ErrorRecord[]> {
  const rows = await db.query<ErrorRecord>(
    `select request_id as "requestId", at, merchant_id as "merchantId", mode, actor, method, route, status, msg, error
     from error_records
     where at >= $1 and ($2::text is null or request_id = $2) and ($3::text is null or merchant_id = $3)
       and ($4::text is null or msg = $4) and ($5::int is null or status = $5)
     order by at desc, request_id desc limit $6`,
    [
      search.since,
      search.requestId ?? null,
      search.merchantId ?? null,
      search.msg ?? null,
      search.status ?? null,
      search.limit,
    ],
  )
  return rows.reverse()
}

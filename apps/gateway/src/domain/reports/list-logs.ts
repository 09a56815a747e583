import type { LogDetail, LogListQuery, LogList } from '@ucanpay/wire/dashboard/record-schemas'
import type { Static } from 'typebox'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import { Conditions, limitOf, pageOf, queryPlanned } from './page.ts'
import { shown } from './shown.ts'

const COLUMNS = `e.request_id as "requestId", e.at, e.method, e.route, e.status, e.msg, e.actor`

interface Row {
  readonly requestId: string
  readonly at: Date
  readonly method: string
  readonly route: string | null
  readonly status: number
  readonly msg: string
  readonly actor: string | null
}

interface Story extends Row {
  readonly error: Record<string, unknown> | null
}

/**
 * Lists the requests of the caller's keys and members that failed, newest first.
 *
 * @throws ApiError NOT_FOUND where `startingAfter` is no request of the caller's
 */
export async function listLogs(db: Database, caller: Caller, query: LogListQuery): Promise<Static<typeof LogList>> {
  const limit = limitOf(query)
  const after = query.startingAfter === undefined ? undefined : await findStory(db, caller, query.startingAfter)
  const where = new Conditions(caller, 'e')
    .add('e.msg = ?', query.msg)
    .add('e.actor = ?', query.actor)
    .add('e.at >= ?', query.from)
    .add('e.at < ?', query.to)
  if (after) where.add('(e.at, e.request_id) < (?, ?)', after.at, after.requestId)
  const text = `select ${COLUMNS} from error_records e where ${where.sql}
    order by e.at desc, e.request_id desc limit ${where.place(limit + 1)}`
  return pageOf(await queryPlanned<Row>(db, text, where.values), limit, shown)
}

/** The story of a failed request, in full; values were taken out before it was kept. @throws ApiError NOT_FOUND */
export async function logDetail(tx: Tx, caller: Caller, requestId: string): Promise<Static<typeof LogDetail>> {
  const { error, ...record } = await findStory(tx, caller, requestId)
  return { record: shown(record), error: error ?? {} }
}

async function findStory(tx: Tx, caller: Caller, requestId: string): Promise<Story> {
  const where = new Conditions(caller, 'e').add('e.request_id = ?', requestId)
  const [story] = await tx.query<Story>(
    `select ${COLUMNS}, e.error from error_records e where ${where.sql}`,
    where.values,
  )
  if (!story) throw new ApiError('NOT_FOUND', 'no such request of this merchant in this mode')
  return story
}

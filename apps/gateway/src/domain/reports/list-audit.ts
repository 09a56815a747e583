import type { AuditListQuery, AuditList } from '@ucanpay/wire/dashboard/record-schemas'
import type { Mode } from '@ucanpay/wire/api-key'
import type { Static } from 'typebox'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import { Conditions, limitOf, pageOf, queryPlanned } from './page.ts'
import { shown } from './shown.ts'

const COLUMNS = `l.audit_id as "auditId", l.at, l.mode, l.actor, l.action, l.target, l.request_id as "requestId", l.ip,
  l.before, l.after`

interface Row {
  readonly auditId: string
  readonly at: Date
  readonly mode: Mode
  readonly actor: string
  readonly actorName: string | null
  readonly action: string
  readonly target: string
  readonly requestId: string | null
  readonly ip: string | null
  readonly before: string | null
  readonly after: string | null
  readonly seq: number | null
}

/** What happens to orders is nearly all of the log, so that the rest has a small index of its own. */
const RARE = `l.action not like 'order.%'`

/**
 * Lists the caller's audit log, newest first: in the mode that is looked at, because a session in test mode needs no
 * second factor. The names of the keys that acted stand beside their ids; members' names are sealed, and their list is
 * elsewhere.
 *
 * @throws ApiError NOT_FOUND where `startingAfter` is no row of the caller's
 */
export async function listAudit(
  db: Database,
  caller: Caller,
  query: AuditListQuery,
): Promise<Static<typeof AuditList>> {
  const limit = limitOf(query)
  const after = query.startingAfter === undefined ? undefined : await findRow(db, caller, query.startingAfter)
  const where = new Conditions(caller, 'l')
    .add('l.actor = ?', query.actor)
    .add('l.action = ?', query.action)
    .add('l.target = ?', query.target)
    .add('l.at >= ?', query.from)
    .add('l.at < ?', query.to)
  if (query.action !== undefined && !query.action.startsWith('order.')) where.add(RARE)
  if (query.actor !== undefined && query.actor !== 'buyer' && query.actor !== 'worker')
    where.add(`l.actor not in ('buyer', 'worker')`)
  if (after) where.add('(l.at, l.audit_id) < (?, ?)', after.at, after.auditId)
  const text = `select p.*, k.name as "actorName", s.seq from (
      select ${COLUMNS} from audit_log l where ${where.sql} order by l.at desc, l.audit_id desc limit ${where.place(limit + 1)}
    ) p left join api_keys k on k.merchant_id = $1 and k.mode = $2 and k.api_key_id = p.actor
    left join audit_seals s on s.merchant_id = $1 and s.audit_id = p."auditId"
    order by p.at desc, p."auditId" desc`
  return pageOf(await queryPlanned<Row>(db, text, where.values), limit, shown)
}

async function findRow(tx: Tx, caller: Caller, auditId: string): Promise<Pick<Row, 'at' | 'auditId'>> {
  const where = new Conditions(caller, 'l').add('l.audit_id = ?', auditId)
  const [row] = await tx.query<Row>(`select ${COLUMNS} from audit_log l where ${where.sql}`, where.values)
  if (!row) throw new ApiError('NOT_FOUND', 'no such row of this merchant in this mode')
  return row
}

import type { Tx } from '../../database/tx.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { findRow, openRows, type Customer, type CustomerDeps } from './customer.ts'

/** A row of the audit log that is about a customer: what was done with their data, by whom, when, from where. */
export interface CustomerEvent {
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly requestId: string | null
  readonly ip: string | null
  readonly before: string | null
  readonly after: string | null
}

/** Everything held about a person, and what has to be said with it (GDPR 15(1), 20). */
export interface CustomerExport {
  readonly userId: string
  /** Null where nothing personal is held any more, because it was erased. */
  readonly customer: Customer | null
  readonly erasedAt: Date | null
  readonly auditLog: readonly CustomerEvent[]
  readonly about: typeof ABOUT
}

const ABOUT = {
  purposes: 'taking payments for the merchant, and answering its questions about them',
  categories: 'contact data that the merchant gave; a record of what was done with it',
  recipients: 'the merchant, and nobody else',
  source: 'the merchant',
  kept: 'contact data until it is erased; the record, which names nobody, as long as the audit log',
  automatedDecisions: 'none',
  payments: 'orders and refunds are not linked to a customer: what they hold is amounts, dates and numbers',
} as const

/**
 * Gives everything held about a customer, also what is left of an erased one, and writes that it was given.
 *
 * @returns undefined where nothing is held, for a stranger's as for none
 * @see GDPR 15, 20, 30
 */
export async function exportCustomer(
  deps: CustomerDeps,
  caller: Caller,
  userId: string,
): Promise<CustomerExport | undefined> {
  return deps.db.transaction(async (tx) => {
    const row = await findRow(tx, caller, userId)
    if (!row) return undefined
    const [customer] = await openRows(deps, caller, [row])
    await recordAudit(tx, caller, { action: 'customer.exported', target: userId })
    const auditLog = await eventsOf(tx, caller, userId)
    return { userId, customer: customer ?? null, erasedAt: row.erasedAt, auditLog, about: ABOUT }
  })
}

function eventsOf(tx: Tx, { merchantId, mode }: Caller, userId: string): Promise<CustomerEvent[]> {
  return tx.query<CustomerEvent>(
    `select at, actor, action, request_id as "requestId", ip, before, after from audit_log
     where merchant_id = $1 and mode = $2 and target = $3 order by at, audit_id`,
    [merchantId, mode, userId],
  )
}

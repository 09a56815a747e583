import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'

/** What happened. `before` and `after` hold statuses and amounts, never personal data. */
export interface AuditEntry {
  /** A noun and a past participle, e.g. `order.closed`. */
  readonly action: string
  readonly target: string
  readonly before?: string
  readonly after?: string
}

/** Writes a row of the audit log, in the transaction of what it tells of (PCI DSS 10.2). */
export async function recordAudit(tx: Tx, caller: Caller, entry: AuditEntry): Promise<void> {
  await tx.query(
    `insert into audit_log (merchant_id, audit_id, mode, at, actor, action, target, request_id, before, after)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      caller.merchantId,
      newId('aud', caller.now),
      caller.mode,
      caller.now,
      caller.actor,
      entry.action,
      entry.target,
      caller.requestId,
      entry.before ?? null,
      entry.after ?? null,
    ],
  )
}

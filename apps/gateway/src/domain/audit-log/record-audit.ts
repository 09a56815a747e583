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
    `insert into audit_log (merchant_id, audit_id, mode, at, actor, action, target, request_id, ip, before, after)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      caller.merchantId,
      newId('aud', caller.now),
      caller.mode,
      caller.now,
      caller.actor,
      entry.action,
      entry.target,
      caller.requestId,
      originOf(caller),
      entry.before ?? null,
      entry.after ?? null,
    ],
  )
}

/**
 * From where, as far as the log may know it. A buyer is nobody's employee: of their address the last part is left out
 * (GDPR 5(1)(c)), which still tells one attack from another.
 */
export function originOf(caller: Caller): string | null {
  if (caller.ip === undefined) return null
  if (caller.actor !== 'buyer') return caller.ip
  return caller.ip.includes(':')
    ? `${caller.ip.split(':').slice(0, 3).join(':')}::/48`
    : caller.ip.replace(/\d+$/, '0/24')
}

import type { ChangeStaticCodeRequest } from '@ucanpay/wire/dashboard/static-code-schemas'
import type { Database } from '../../database/tx.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { refuseCardNumbers } from '../free-texts.ts'
import { findStaticCode, type StaticCode } from './static-code.ts'

/**
 * Renames a code, or switches it off or on; each change has its row in the audit log, and giving what is there already
 * changes nothing. What buyers read and pay by stays as it was printed.
 *
 * @throws ApiError NOT_FOUND, for a stranger's code as for none; PARAM_ERROR for a card number in the name
 */
export async function changeStaticCode(
  db: Database,
  caller: Caller,
  { codeId, ...change }: ChangeStaticCodeRequest & { codeId: string },
): Promise<StaticCode> {
  refuseCardNumbers({ name: change.name })
  return db.transaction(async (tx) => {
    await tx.query(
      `select 1 from static_codes where merchant_id = $1 and mode = $2 and code_id = $3 for no key update`,
      [caller.merchantId, caller.mode, codeId],
    )
    const before = await findStaticCode(tx, caller, codeId)
    const { name = before.name, enabled = before.enabled } = change
    if (name === before.name && enabled === before.enabled) return before
    await tx.query(
      `update static_codes set name = $4, enabled = $5 where merchant_id = $1 and mode = $2 and code_id = $3`,
      [caller.merchantId, caller.mode, codeId, name, enabled],
    )
    if (name !== before.name)
      await recordAudit(tx, caller, {
        action: 'static-code.renamed',
        target: codeId,
        before: before.name,
        after: name,
      })
    if (enabled !== before.enabled)
      await recordAudit(tx, caller, {
        action: enabled ? 'static-code.switched-on' : 'static-code.switched-off',
        target: codeId,
      })
    return { ...before, name, enabled }
  })
}

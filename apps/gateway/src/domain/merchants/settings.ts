import type { SettingsData } from '@ucanpay/wire/dashboard/record-schemas'
import type { Static } from 'typebox'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { refuseCardNumbers } from '../free-texts.ts'
import { requireAllowed, type AddressGuard } from '../notifications/address-guard.ts'

export type Settings = Static<typeof SettingsData>

/** What can be changed; what is absent stays. */
export interface SettingsChange {
  readonly name?: string | undefined
  /** Empty: none. */
  readonly securityNotifyUrl?: string | undefined
  /** Hundredths of a unit, whatever the currency. */
  readonly refundLimitAmt?: number | undefined
}

const COLUMNS = { name: 'name', securityNotifyUrl: 'security_notify_url', refundLimitAmt: 'refund_limit_amt' } as const

/** The settings of the caller's merchant; those that a mode has are of the caller's. @throws ApiError NOT_FOUND */
export async function readSettings(tx: Tx, caller: Caller): Promise<Settings> {
  const [row] = await tx.query<Omit<Settings, 'securityNotifyUrl'> & { securityNotifyUrl: string | null }>(
    `select merchant_id as "merchantId", name, security_notify_url as "securityNotifyUrl",
            refund_limit_amt as "refundLimitAmt", signature_scheme as "signatureScheme",
            case $2 when 'live' then signatures_live else signatures_test end as signatures,
            reply_signature as "replySignature", fee_basis_points as "feeBasisPoints"
     from merchants where merchant_id = $1`,
    [caller.merchantId, caller.mode],
  )
  if (!row) throw new ApiError('NOT_FOUND', 'there is no merchant of this number')
  const { securityNotifyUrl, ...rest } = row
  return { ...rest, ...(securityNotifyUrl === null ? {} : { securityNotifyUrl }) }
}

/**
 * Changes settings. Each that becomes another has a row in the audit log, with what it was and what it is; giving what is
 * there already changes nothing.
 *
 * @throws ApiError PARAM_ERROR for an address that notifications may not go to, and for a card number in the name
 */
export async function updateSettings(
  deps: { db: Database; addresses: AddressGuard },
  caller: Caller,
  change: SettingsChange,
): Promise<Settings> {
  refuseCardNumbers({ name: change.name })
  if (change.securityNotifyUrl) await requireAllowed(deps.addresses, change.securityNotifyUrl, caller.mode)
  return deps.db.transaction(async (tx) => {
    await tx.query(`select 1 from merchants where merchant_id = $1 for update`, [caller.merchantId])
    const before = await readSettings(tx, caller)
    for (const name of ['name', 'securityNotifyUrl', 'refundLimitAmt'] as const) {
      const wanted = change[name]
      const was = before[name] ?? ''
      if (wanted === undefined || wanted === was) continue
      await tx.query(`update merchants set ${COLUMNS[name]} = $2 where merchant_id = $1`, [
        caller.merchantId,
        wanted === '' ? null : wanted,
      ])
      await recordAudit(tx, caller, {
        action: 'settings.changed',
        target: name,
        before: String(was),
        after: String(wanted),
      })
    }
    return readSettings(tx, caller)
  })
}

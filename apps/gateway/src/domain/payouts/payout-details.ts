import { payoutMistakes, type PayoutDetails } from '@ucanpay/wire/payout-details'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { refuseCardNumbers } from '../free-texts.ts'
import { newId } from '../ids.ts'
import { enqueue } from '../notifications/outbox.ts'
import { insertSealedRow } from '../sealing/sealed-columns.ts'
import type { PayoutVault } from './payout-vault.ts'

export interface PayoutDeps {
  readonly db: Database
  readonly payoutVault: PayoutVault
}

/** The details of the caller's merchant in the mode, opened. */
export interface KnownPayoutDetails {
  readonly detailsId: string
  readonly details: PayoutDetails
  readonly changedAt: Date
  readonly changedBy: string
}

interface Row {
  readonly detailsId: string
  readonly keyId: string
  readonly sealed: Buffer
  readonly changedAt: Date
  readonly changedBy: string
}

/** Reads and opens the details; undefined where there are none. Who is shown them unmasked is `revealPayoutDetails`' to say. */
export async function readPayoutDetails(deps: PayoutDeps, caller: Caller): Promise<KnownPayoutDetails | undefined> {
  const [row] = await deps.db.query<Row>(
    `select details_id as "detailsId", key_id as "keyId", sealed_details as sealed, changed_at as "changedAt",
            changed_by as "changedBy"
     from payout_details where merchant_id = $1 and mode = $2`,
    [caller.merchantId, caller.mode],
  )
  if (!row) return undefined
  const { detailsId, keyId, sealed, changedAt, changedBy } = row
  const text = await deps.payoutVault.open(caller, { id: detailsId, keyId, sealed })
  return { detailsId, details: JSON.parse(text) as PayoutDetails, changedAt, changedBy }
}

/**
 * Opens the details for somebody who reads them whole. That they did is on record before they have them.
 *
 * @throws ApiError NOT_FOUND where there are none
 * @see PCI DSS 10.2.1.1
 */
export async function revealPayoutDetails(deps: PayoutDeps, caller: Caller): Promise<PayoutDetails> {
  const known = await readPayoutDetails(deps, caller)
  if (!known) throw new ApiError('NOT_FOUND', 'there are no payout details in this mode')
  await recordAudit(deps.db, caller, { action: 'payout-details.revealed', target: known.detailsId })
  return known.details
}

/**
 * Replaces the details whole, and leaves it to the worker to tell every owner. The same ones again are a change as well:
 * whoever writes them has meant it. The audit log has the form of the account, and nothing of its numbers.
 *
 * @throws ApiError PARAM_ERROR, with the field and the rule, for what is no account; for a card number in the name
 */
export async function changePayoutDetails(deps: PayoutDeps, caller: Caller, details: PayoutDetails): Promise<void> {
  refuseCardNumbers({ holder: details.holder })
  requireAccount(details)
  const detailsId = newId('pay', caller.now)
  const { keyId, sealed } = await deps.payoutVault.seal(caller, detailsId, JSON.stringify(details))
  await deps.db.transaction(async (tx) => {
    const before = await removeDetails(tx, caller)
    await insertSealedRow(tx, 'payout_details', {
      merchant_id: caller.merchantId,
      mode: caller.mode,
      details_id: detailsId,
      form: details.form,
      key_id: keyId,
      sealed_details: sealed,
      changed_at: caller.now,
      changed_by: caller.actor,
    })
    const action = 'payout-details.changed'
    await recordAudit(tx, caller, { action, target: detailsId, ...(before ? { before } : {}), after: details.form })
    await enqueue(tx, caller, { job: 'tell-owners', ref: detailsId })
  })
}

/** Of two changes at once one waits here, and replaces the other. @returns the form of what was there */
async function removeDetails(tx: Tx, caller: Caller): Promise<string | undefined> {
  await tx.query(`select 1 from merchants where merchant_id = $1 for update`, [caller.merchantId])
  const [gone] = await tx.query<{ form: string }>(
    `delete from payout_details where merchant_id = $1 and mode = $2 returning form`,
    [caller.merchantId, caller.mode],
  )
  return gone?.form
}

function requireAccount(details: PayoutDetails): void {
  const mistakes = payoutMistakes(details)
  if (mistakes.length === 0) return
  throw new ApiError('PARAM_ERROR', 'the details are no account', {
    failures: mistakes.map(({ name, rule }) => ({ pointer: `/${name}`, rule })),
  })
}

import { randomBytes } from 'node:crypto'
import type { CreateStaticCodeRequest } from '@ucanpay/wire/dashboard/static-code-schemas'
import type { Database } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { refuseCardNumbers } from '../free-texts.ts'
import { newId } from '../ids.ts'
import { requireAllowed, type AddressGuard } from '../notifications/address-guard.ts'
import { findStaticCode, type StaticCode } from './static-code.ts'

const TOKEN_BYTES = 18

/**
 * Makes a static code in the caller's mode. Its address is made of random bits and of nothing that could change, so a
 * print outlives every rotation of keys.
 *
 * @param request.minAmt minor units; `maxAmt` the same where the amount is fixed
 * @throws ApiError PARAM_ERROR for bounds the wrong way round, an address that is not allowed, a card number in the words
 */
export async function createStaticCode(
  deps: { db: Database; addresses: AddressGuard },
  caller: Caller,
  request: CreateStaticCodeRequest,
): Promise<StaticCode> {
  const { name, subject, currency, minAmt, maxAmt, notifyUrl } = request
  refuseCardNumbers({ name, subject })
  if (minAmt > maxAmt) {
    throw new ApiError('PARAM_ERROR', 'minAmt is above maxAmt', { failures: [{ pointer: '/maxAmt', rule: 'minimum' }] })
  }
  await requireAllowed(deps.addresses, notifyUrl, caller.mode)
  const codeId = newId('qrc', caller.now)
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  return deps.db.transaction(async (tx) => {
    await tx.query(
      `insert into static_codes (merchant_id, mode, code_id, token, name, subject, currency, min_amt, max_amt, notify_url, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[caller.merchantId, caller.mode, codeId, token, name, subject],
        ...[currency, minAmt, maxAmt, notifyUrl, caller.now],
      ],
    )
    await recordAudit(tx, caller, { action: 'static-code.created', target: codeId, after: currency })
    return findStaticCode(tx, caller, codeId)
  })
}

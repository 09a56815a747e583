import type { SignedMembers } from '@ucanpay/wire/string-to-sign'
import type { Database } from '../../database/tx.ts'
import { ApiError } from '../../domain/api-error.ts'
import { claimNonce } from '../../domain/signatures/claim-nonce.ts'
import { verifyRequest } from '../../domain/signatures/verify-request.ts'
import type { App } from '../app.ts'
import { signedPathOf } from '../signed-success.ts'

/** Verifies the signature of every body on a route whose access is `api-key`, before the schema sees it (contract §3). */
export function addRequestSignature(app: App, deps: { db: Database }): void {
  app.addHook('preValidation', async (request) => {
    const { account, caller } = request
    const schema = request.routeOptions.schema?.body as { properties?: object } | undefined
    if (!account || !caller || schema === undefined) return
    const members = request.body as SignedMembers
    const path = signedPathOf(request)
    const names = Object.keys(schema.properties ?? {})
    const claim = verifyRequest(account, { members, names, path, now: request.receivedAt })
    const merchantId = members['merchantId']
    if (typeof merchantId === 'string' && merchantId !== account.merchantId) {
      throw new ApiError('NOAUTH', 'the body names another merchant than the key', { status: 403 })
    }
    if (claim) await claimNonce(deps.db, caller, claim)
  })
}

import {
  ChangePayoutDetailsRequest,
  PayoutDetailsData,
  RevealedPayoutDetails,
} from '@ucanpay/wire/dashboard/payout-schemas'
import { Nothing } from '@ucanpay/wire/dashboard/session-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import { lastFourOf } from '@ucanpay/wire/payout-details'
import type { Static } from 'typebox'
import type { Caller } from '../../domain/caller.ts'
import { maskName } from '../../domain/customers/mask.ts'
import {
  changePayoutDetails,
  readPayoutDetails,
  revealPayoutDetails,
  type PayoutDeps,
} from '../../domain/payouts/payout-details.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

export type { PayoutDeps }

const path = '/dashboard-api/payout-details'

/** GET, PUT /dashboard-api/payout-details, masked; POST …/reveal: where the money of the mode that is looked at goes. */
export function payoutDetailsRoutes(app: App, deps: PayoutDeps): void {
  app.get(
    path,
    {
      config: { access: 'session', right: 'payouts:read', summary: 'Where the money goes, masked' },
      schema: { response: { 200: successReply(PayoutDetailsData) } },
    },
    async (request) => dashboardSuccess(request, await masked(deps, staffOf(request).caller)),
  )

  app.put(
    path,
    {
      config: { access: 'session', right: 'payouts:write', fresh: true, summary: 'Change where the money goes' },
      schema: { body: ChangePayoutDetailsRequest, response: { 200: successReply(PayoutDetailsData) } },
    },
    async (request) => {
      const { caller } = staffOf(request)
      await changePayoutDetails(deps, caller, request.body)
      return dashboardSuccess(request, await masked(deps, caller))
    },
  )

  app.post(
    `${path}/reveal`,
    {
      config: {
        access: 'session',
        right: 'payouts:write',
        fresh: true,
        summary: 'Show where the money goes; it is recorded',
      },
      schema: { body: Nothing, response: { 200: successReply(RevealedPayoutDetails) } },
    },
    async (request) => {
      const details = await revealPayoutDetails(deps, staffOf(request).caller)
      return dashboardSuccess(request, details as Static<typeof RevealedPayoutDetails>)
    },
  )
}

async function masked(deps: PayoutDeps, caller: Caller): Promise<Static<typeof PayoutDetailsData>> {
  const known = await readPayoutDetails(deps, caller)
  if (!known) return {}
  const { details, changedAt, changedBy } = known
  return {
    details: {
      form: details.form,
      holderMasked: maskName(details.holder),
      last4: lastFourOf(details),
      changedAt: changedAt.toISOString(),
      changedBy,
    },
  }
}

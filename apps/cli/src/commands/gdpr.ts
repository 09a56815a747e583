import { MODES } from '@ucanpay/wire/api-key'
import { findCustomer, type CustomerDeps } from '@ucanpay/gateway/domain/customers/customer'
import { createCustomerVault } from '@ucanpay/gateway/domain/customers/customer-vault'
import { eraseCustomer } from '@ucanpay/gateway/domain/customers/erase-customer'
import { createCustomerKeys } from '@ucanpay/gateway/domain/sealing/customer-keys'
import { optional, print, readArguments, required, shown, UsageError } from '../command.ts'
import { withInstallation } from '../installation.ts'

export const GDPR_HELP = `ucanpay gdpr: the rights of a customer

  ucanpay gdpr export USER_ID --merchant ID [--mode test|live]   everything held about them, as JSON (GDPR 15, 20)
  ucanpay gdpr erase  USER_ID --merchant ID [--mode test|live]   for good (GDPR 17)

erase destroys the customer's own key: what it sealed cannot be read any more, in the running system or in any backup of
the database, and then empties their row. What the law makes you keep stays without the person: amounts, dates, numbers.
The key store's own backups are the one place where a destroyed key lives on: keep them for days (docs/operations.md).`

const OPTIONS = { merchant: { type: 'string' }, mode: { type: 'string' } } as const

/** `ucanpay gdpr …`. @returns the exit code */
export function gdpr([action, ...args]: readonly string[]): Promise<number> {
  const given = readArguments(args, OPTIONS)
  const mode = MODES.find((name) => name === (optional(given, 'mode') ?? 'test'))
  if (action !== 'export' && action !== 'erase')
    throw new UsageError(`gdpr has no action ${shown(action)}\n\n${GDPR_HELP}`)
  if (!mode) throw new UsageError('--mode is test or live')
  const merchantId = required(given, 'merchant')
  const [userId] = given.positionals
  if (userId === undefined) throw new UsageError('which customer? Give the userId that the API gave')
  return withInstallation(async ({ db, keyStore, source, installationKeys, operator }) => {
    const { blindIndex } = await installationKeys()
    const customerKeys = createCustomerKeys({ db: keyStore, source: await source() })
    const deps: CustomerDeps = { db, customerVault: createCustomerVault({ customerKeys, indexKey: blindIndex }) }
    const caller = operator(merchantId, mode)
    if (action === 'export') {
      print(JSON.stringify({ merchantId, mode, ...(await findCustomer(deps, caller, userId)) }, null, 2))
      return 0
    }
    const erasedAt = await eraseCustomer(deps, caller, userId)
    print(`${userId} is erased since ${erasedAt.toISOString()}.`)
    return 0
  })
}

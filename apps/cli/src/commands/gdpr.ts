import { MODES } from '@ucanpay/wire/api-key'
import { listCustomers, type CustomerDeps } from '@ucanpay/gateway/domain/customers/customer'
import { createCustomerVault } from '@ucanpay/gateway/domain/customers/customer-vault'
import { eraseCustomer } from '@ucanpay/gateway/domain/customers/erase-customer'
import { exportCustomer, type CustomerExport } from '@ucanpay/gateway/domain/customers/export-customer'
import type { Caller } from '@ucanpay/gateway/domain/caller'
import { createCustomerKeys } from '@ucanpay/gateway/domain/sealing/customer-keys'
import { optional, print, readArguments, required, shown, UsageError } from '../command.ts'
import { withInstallation } from '../installation.ts'

export const GDPR_HELP = `ucanpay gdpr: the rights of a customer

  ucanpay gdpr export USER_ID --merchant ID [--mode test|live]   everything held about them, as JSON (GDPR 15, 20)
  ucanpay gdpr erase  USER_ID --merchant ID [--mode test|live]   for good (GDPR 17)

Either takes --email ADDRESS instead of USER_ID, for a person who knows no number; it works on each customer of that
address. export also gives the rows of the audit log that are about them, and adds one: that it was asked for. Where
nothing is held it says so, and the exit code is 1.

erase destroys the customer's own key: what it sealed cannot be read any more, in the running system or in any backup of
the database, and then empties their row. What the law makes you keep stays without the person: amounts, dates, numbers.
The key store's own backups are the one place where a destroyed key lives on: keep them for days (docs/operations.md).`

const OPTIONS = { merchant: { type: 'string' }, mode: { type: 'string' }, email: { type: 'string' } } as const
/** More customers of one merchant than this do not share an address. */
const MOST = 1_000

/** `ucanpay gdpr …`. @returns the exit code */
export function gdpr([action, ...args]: readonly string[]): Promise<number> {
  const given = readArguments(args, OPTIONS)
  const mode = MODES.find((name) => name === (optional(given, 'mode') ?? 'test'))
  if (action !== 'export' && action !== 'erase')
    throw new UsageError(`gdpr has no action ${shown(action)}\n\n${GDPR_HELP}`)
  if (!mode) throw new UsageError('--mode is test or live')
  const merchantId = required(given, 'merchant')
  const [userId] = given.positionals
  const email = optional(given, 'email')
  if ((userId === undefined) === (email === undefined))
    throw new UsageError('which customer? Give the userId that the API gave, or --email ADDRESS')
  return withInstallation(async ({ db, keyStore, source, installationKeys, operator }) => {
    const { blindIndex } = await installationKeys()
    const customerKeys = createCustomerKeys({ db: keyStore, source: await source() })
    const deps: CustomerDeps = { db, customerVault: createCustomerVault({ customerKeys, indexKey: blindIndex }) }
    const caller = operator(merchantId, mode)
    const found = email === undefined ? [] : (await listCustomers(deps, caller, { limit: MOST, email })).items
    const userIds = userId === undefined ? found.map((customer) => customer.userId) : [userId]
    return action === 'export' ? exportAll(deps, caller, userIds) : eraseAll(deps, caller, userIds)
  })
}

async function exportAll(deps: CustomerDeps, caller: Caller, userIds: readonly string[]): Promise<number> {
  const { merchantId, mode } = caller
  const customers: CustomerExport[] = []
  for (const userId of userIds) {
    const held = await exportCustomer(deps, caller, userId)
    if (held) customers.push(held)
  }
  print(JSON.stringify({ merchantId, mode, exportedAt: caller.now, customers }, null, 2))
  if (customers.length > 0) return 0
  process.stderr.write(`Nothing is held about them with merchant ${shown(merchantId)} in ${mode} mode.\n`)
  return 1
}

async function eraseAll(deps: CustomerDeps, caller: Caller, userIds: readonly string[]): Promise<number> {
  for (const userId of userIds) {
    const erasedAt = await eraseCustomer(deps, caller, userId)
    print(`${shown(userId)} is erased since ${erasedAt.toISOString()}.`)
  }
  if (userIds.length > 0) return 0
  process.stderr.write(`Nothing is held about them with merchant ${shown(caller.merchantId)} in ${caller.mode} mode.\n`)
  return 1
}

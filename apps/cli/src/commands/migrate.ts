import { migrateDatabase } from '@ucanpay/gateway/database/pools'
import { print } from '../command.ts'
import { readInstallation } from '../config.ts'

export const MIGRATE_HELP = `ucanpay migrate: brings the database's schema up to date

Run it as the owner of the database, before a new release is served. It makes tables and the roles ucanpay_api,
ucanpay_checkout, ucanpay_dashboard, ucanpay_worker and ucanpay_vault; a login that serves is then made a member of the
roles that it serves: GRANT ucanpay_api TO my_login. Repeats do nothing; one that fails leaves nothing behind.`

/** `ucanpay migrate`. @returns the exit code */
export async function migrate(): Promise<number> {
  const { applied } = await migrateDatabase(readInstallation())
  for (const name of applied) print(`applied ${name}`)
  print(applied.length === 0 ? 'The schema is up to date.' : `The schema is up to date: ${applied.length} applied.`)
  return 0
}

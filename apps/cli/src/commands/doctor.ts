import { readArguments } from '../command.ts'
import { render } from '../doctor/report.ts'
import { checkComponents } from '../doctor/components.ts'
import type { Check, Row } from '../doctor/row.ts'
import { checkSessions } from '../doctor/sessions.ts'
import { checkSeparation } from '../doctor/separation.ts'
import { checkAuditLog, checkKeys, checkLogs, checkSecretFiles, checkVault } from '../doctor/stored.ts'
import { checkTransport } from '../doctor/transport.ts'
import { checkWork } from '../doctor/work.ts'
import { hasColour } from '../config.ts'
import { withInstallation, type Installation } from '../installation.ts'

export const DOCTOR_HELP = `ucanpay doctor: checks a running installation against every security practice

  ucanpay doctor [--json]

A row for each check, under the practice that it belongs to: whether it holds, what was seen, and what to do where it
does not. It changes nothing. It asks the API at UCANPAY_API_URL (https://localhost:UCANPAY_PORT where unset), with UCANPAY_CA_FILE trusted beside the usual roots,
the checkout at UCANPAY_CHECKOUT_URL, the dashboard at UCANPAY_DASHBOARD_URL, the vault at UCANPAY_VAULT_URL and the port UCANPAY_HTTP_PORT where they are set,
and the database as DATABASE_URL's login; without DATABASE_URL, the sandbox of this folder.

The exit code is 0 where everything holds, 1 where something does not.`

const CHECKS: readonly Check[] = [
  checkTransport,
  checkKeys,
  checkVault,
  checkLogs,
  checkAuditLog,
  checkSecretFiles,
  checkSessions,
  checkComponents,
  checkSeparation,
  checkWork,
]

/** `ucanpay doctor`. @returns the exit code */
export function doctor(args: readonly string[]): Promise<number> {
  const given = readArguments(args, { json: { type: 'boolean' } })
  return withInstallation(async (installation) => {
    const rows: Row[] = []
    for (const check of CHECKS) rows.push(...(await outcomeOf(check, installation)))
    rows.sort((a, b) => a.practice - b.practice)
    const broken = rows.filter(({ state }) => state === 'not held').length
    if (given.values['json'] === true) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    else process.stdout.write(render(rows, hasColour(process.stdout)))
    return broken === 0 ? 0 : 1
  })
}

/** A check that cannot be made has not shown that anything holds. */
async function outcomeOf(check: Check, installation: Installation): Promise<readonly Row[]> {
  try {
    return await check(installation)
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    const evidence = `could not be looked at: ${code ?? message}`
    const remedy =
      code === '42501' ? "run doctor with the owner's DATABASE_URL" : 'see that the installation runs, and try again'
    return [{ practice: 14, what: check.name, state: 'not held', evidence, remedy }]
  }
}

import { readFileSync, writeFileSync } from 'node:fs'
import { exportEvidence } from '@ucanpay/gateway/domain/reports/export-evidence'
import { requirePeriod } from '@ucanpay/gateway/domain/reports/report-period'
import { verifyEvidence } from '@ucanpay/gateway/domain/reports/verify-evidence'
import { GATEWAY_VERSION } from '@ucanpay/gateway/version'
import { optional, print, readArguments, shown, UsageError, type Given } from '../command.ts'
import { withInstallation, type Installation } from '../installation.ts'
import { ownPublicKeys, readPublicKeys } from './audit-log.ts'

export const EVIDENCE_HELP = `ucanpay evidence: a signed bundle for auditors

  ucanpay evidence export --merchant ID [--from DAY] [--to DAY] [--out FILE]
  ucanpay evidence verify FILE [--public-key FILE]

export writes one JSON document: practices, controls, roles, keys, rights, retention and the audit log of one merchant, with
a signed manifest. Activity is counted from DAY to DAY (YYYY-MM-DD, UTC); the last 90 days where they are left out.
verify needs nothing but the file and the gateway's public keys: --public-key is a PEM, or the JSON of its
/.well-known/jwks.json; without it, the keys of this installation.

The exit code is 0 where everything holds, 1 where something does not.`

const OPTIONS = {
  merchant: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  out: { type: 'string' },
  'public-key': { type: 'string' },
} as const

const DAY_MS = 86_400_000
const LOOK_BACK_DAYS = 90

/** `ucanpay evidence …`. @returns the exit code */
export async function evidence([action, ...args]: readonly string[]): Promise<number> {
  const given = readArguments(args, OPTIONS)
  if (action === 'export') return withInstallation((installation) => writeBundle(installation, given))
  if (action !== 'verify') throw new UsageError(`evidence has no action ${shown(action)}\n\n${EVIDENCE_HELP}`)
  const [file] = given.positionals
  if (file === undefined) throw new UsageError('evidence verify needs the name of a file')
  const publicKey = optional(given, 'public-key')
  if (publicKey !== undefined) return report(file, readPublicKeys(publicKey))
  return withInstallation((installation) => report(file, ownPublicKeys(installation)))
}

async function writeBundle(installation: Installation, given: Given): Promise<number> {
  const merchantId = optional(given, 'merchant')
  if (merchantId === undefined) throw new UsageError('evidence export needs --merchant ID')
  const caller = installation.operator(merchantId, 'live')
  const period = requirePeriod({
    from: dayOf(given, 'from') ?? new Date(caller.now.getTime() - LOOK_BACK_DAYS * DAY_MS).toISOString(),
    to: dayOf(given, 'to') ?? caller.now.toISOString(),
  })
  const deps = { db: installation.db, keys: installation.platformKeys() }
  const text = await exportEvidence(deps, caller, { period, version: GATEWAY_VERSION })
  const out = optional(given, 'out')
  if (out === undefined) process.stdout.write(text)
  else {
    writeFileSync(out, text, { mode: 0o600 })
    print(`Written to ${out}. Verify it with: ucanpay evidence verify ${out}`)
  }
  return 0
}

function dayOf(given: Given, name: 'from' | 'to'): string | undefined {
  const day = optional(given, name)
  if (day === undefined) return undefined
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))
    throw new UsageError(`--${name} is not a day, e.g. 2026-01-31`)
  return `${day}T00:00:00Z`
}

async function report(file: string, keys: Parameters<typeof verifyEvidence>[1]): Promise<number> {
  const verdict = await readVerdict(file, keys)
  if (verdict.finding === undefined) {
    print(
      `The evidence holds: ${verdict.parts} parts of merchant ${shown(verdict.merchantId)}, ${shown(verdict.madeAt)}.`,
    )
    return 0
  }
  print(`The evidence does not hold: ${verdict.finding}.`)
  return 1
}

async function readVerdict(file: string, keys: Parameters<typeof verifyEvidence>[1]) {
  try {
    return await verifyEvidence(readFileSync(file, 'utf8'), keys)
  } catch (cause) {
    throw new UsageError(`${file} is no evidence bundle`, { cause })
  }
}

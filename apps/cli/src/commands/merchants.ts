import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { MODES } from '@ucanpay/wire/api-key'
import {
  createMerchant,
  registerMerchantKey,
  setMonthlyQuota,
  setSecurityNotifyUrl,
} from '@ucanpay/gateway/domain/merchants/create-merchant'
import { numberOf, optional, print, readArguments, required, shown, table, UsageError } from '../command.ts'
import { withInstallation } from '../installation.ts'

export const MERCHANTS_HELP = `ucanpay merchants: who takes payments here

  ucanpay merchants create --name TEXT [--id ID] [--fee BASIS_POINTS] [--public-key FILE] [--security-url URL]
                           [--monthly-quota N]
  ucanpay merchants update ID [--security-url URL] [--public-key FILE] [--monthly-quota N]
  ucanpay merchants list

  --public-key FILE   PEM of the key that verifies the merchant's requests, in both modes: RSA of 2048 bits or Ed25519
  --security-url URL  where alerts go: a key in a browser, a key that leaked, a key that ends soon
  --fee 290           2.9 % of each capture
  --monthly-quota N   requests of each mode in a calendar month (UTC), then 429 until the next; none: no end, as at first`

const OPTIONS = {
  name: { type: 'string' },
  id: { type: 'string' },
  fee: { type: 'string' },
  'public-key': { type: 'string' },
  'security-url': { type: 'string' },
  'monthly-quota': { type: 'string' },
} as const

/** `ucanpay merchants …`. @returns the exit code */
export function merchants([action, ...args]: readonly string[]): Promise<number> {
  const given = readArguments(args, OPTIONS)
  const securityUrl = optional(given, 'security-url')
  if (securityUrl !== undefined && !(URL.canParse(securityUrl) && securityUrl.startsWith('https://')))
    throw new UsageError('--security-url is an https address')
  const keyFile = optional(given, 'public-key')
  const publicKey = keyFile === undefined ? undefined : readFileSync(keyFile, 'utf8')
  const quota = quotaOf(optional(given, 'monthly-quota'))
  if (action === 'list') return list()
  if (action !== 'create' && action !== 'update')
    throw new UsageError(`merchants has no action ${shown(action)}\n\n${MERCHANTS_HELP}`)
  return withInstallation(async ({ db, operator }) => {
    const merchantId =
      action === 'update'
        ? (given.positionals[0] ?? '')
        : (optional(given, 'id') ?? String(randomInt(2_000_000_000, 9_999_999_999)))
    if (!/^[0-9A-Za-z]{1,32}$/.test(merchantId))
      throw new UsageError('a merchant has a number of 1 to 32 letters and digits')
    const caller = operator(merchantId, 'live')
    await db.transaction(async (tx) => {
      if (action === 'create') {
        const feeBasisPoints = numberOf(optional(given, 'fee') ?? '0', 'fee', [0, 10_000])
        await createMerchant(tx, caller, { name: required(given, 'name'), feeBasisPoints })
      }
      if (securityUrl !== undefined) await setSecurityNotifyUrl(tx, caller, securityUrl)
      if (quota !== undefined) await setMonthlyQuota(tx, caller, quota)
      if (publicKey !== undefined) for (const mode of MODES) await registerMerchantKey(tx, caller, { mode, publicKey })
    })
    print(merchantId)
    return 0
  })
}

function quotaOf(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined
  return text === 'none' ? null : numberOf(text, 'monthly-quota', [1, 999_999_999])
}

function list(): Promise<number> {
  return withInstallation(async ({ db }) => {
    const rows = await db.query<{ merchantId: string; name: string; status: string; keys: number }>(
      `select m.merchant_id as "merchantId", m.name, m.status,
              (select count(*)::int from api_keys k where k.merchant_id = m.merchant_id and k.revoked_at is null) as keys
       from merchants m order by m.created_at, m.merchant_id`,
    )
    const lines = rows.map((row) => [row.merchantId, row.status, String(row.keys), shown(row.name)])
    print(table(['MERCHANT', 'STATUS', 'KEYS', 'NAME'], lines))
    return 0
  })
}

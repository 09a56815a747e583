import { API_KEY_KINDS, MODES, type ApiKeyKind, type Mode } from '@ucanpay/wire/api-key'
import { SCOPES } from '@ucanpay/wire/scopes'
import { findApiKey, listApiKeys, statusOf, type ApiKey } from '@ucanpay/gateway/domain/api-keys/api-key'
import { createApiKey } from '@ucanpay/gateway/domain/api-keys/create-api-key'
import { requireGrantable } from '@ucanpay/gateway/domain/api-keys/grant'
import { revokeApiKey } from '@ucanpay/gateway/domain/api-keys/revoke-api-key'
import { rollApiKey } from '@ucanpay/gateway/domain/api-keys/roll-api-key'
import type { Caller } from '@ucanpay/gateway/domain/caller'
import {
  numberOf,
  optional,
  print,
  readArguments,
  required,
  secondsOf,
  shown,
  table,
  UsageError,
  type Given,
} from '../command.ts'
import { withInstallation, type Installation } from '../installation.ts'

export const KEYS_HELP = `ucanpay keys: a merchant's API keys

  ucanpay keys create --merchant ID --kind sk|rk|pk --name TEXT [--mode test|live] [--scopes "a b"] [--expires DAYS|never]
                      [--from "CIDR CIDR"] [--rate-limit N]
  ucanpay keys list   --merchant ID [--mode test|live]
  ucanpay keys roll   KEY_ID --merchant ID [--mode test|live] [--overlap 0s..7d] [--expires DAYS]
  ucanpay keys revoke KEY_ID --merchant ID [--mode test|live] [--reason TEXT]

A key is printed once, when it is made, on standard output alone. The mode is test where it is not given; a key expires
after 90 days, and a live secret key always does. A revoked key is refused by every process within a second.

Scopes of a restricted key (rk): ${SCOPES.join(' ')}

Example: a key that may only read payments, from one network, for 30 days
  ucanpay keys create --merchant 1000000001 --kind rk --name "Till 1" --scopes payments:read --from 10.1.0.0/16 --expires 30`

const OPTIONS = {
  merchant: { type: 'string' },
  mode: { type: 'string' },
  kind: { type: 'string' },
  name: { type: 'string' },
  scopes: { type: 'string' },
  expires: { type: 'string' },
  from: { type: 'string' },
  'rate-limit': { type: 'string' },
  overlap: { type: 'string' },
  reason: { type: 'string' },
} as const
const OPERATOR = { kind: 'operator', scopes: [] } as const

/** `ucanpay keys …`. @returns the exit code */
export function keys([action, ...args]: readonly string[]): Promise<number> {
  const given = readArguments(args, OPTIONS)
  const actions: Record<string, (installation: Installation, caller: Caller, given: Given) => Promise<void>> = {
    create,
    list,
    roll,
    revoke,
  }
  const act = actions[action ?? '']
  if (!act) throw new UsageError(`keys has no action ${shown(action)}\n\n${KEYS_HELP}`)
  return withInstallation(async (installation) => {
    await act(installation, installation.operator(required(given, 'merchant'), modeOf(given)), given)
    return 0
  })
}

function modeOf(given: Given): Mode {
  const mode = optional(given, 'mode') ?? 'test'
  const found = MODES.find((name) => name === mode)
  if (!found) throw new UsageError('--mode is test or live')
  return found
}

function kindOf(given: Given): ApiKeyKind {
  const kind = API_KEY_KINDS.find((name) => name === required(given, 'kind'))
  if (!kind) throw new UsageError('--kind is sk, rk or pk')
  return kind
}

function daysOf(given: Given): number | null | undefined {
  const text = optional(given, 'expires')
  if (text === undefined) return undefined
  return text === 'never' ? null : numberOf(text, 'expires', [1, 365])
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(' ').filter(Boolean)
}

async function create({ db, installationKeys }: Installation, caller: Caller, given: Given): Promise<void> {
  const rateLimit = optional(given, 'rate-limit')
  const wanted = { kind: kindOf(given), scopes: words(optional(given, 'scopes')) }
  requireGrantable(OPERATOR, wanted)
  const { pepper } = await installationKeys()
  const minted = await db.transaction((tx) =>
    createApiKey(tx, caller, {
      ...wanted,
      mode: caller.mode,
      name: required(given, 'name'),
      expiresInDays: daysOf(given),
      ipAllowList: words(optional(given, 'from')),
      rateLimitPerS: rateLimit === undefined ? undefined : numberOf(rateLimit, 'rate-limit', [1, 1_000_000]),
      pepper,
    }),
  )
  tell(minted)
}

async function roll({ db, installationKeys }: Installation, caller: Caller, given: Given): Promise<void> {
  const apiKeyId = idOf(given)
  const overlapS = secondsOf(optional(given, 'overlap') ?? '0s', 'overlap')
  const expiresInDays = daysOf(given) ?? undefined
  const { pepper } = await installationKeys()
  tell(
    await db.transaction((tx) => rollApiKey(tx, caller, { apiKeyId, overlapS, expiresInDays, pepper, by: OPERATOR })),
  )
  process.stderr.write(`${apiKeyId} ${overlapS === 0 ? 'is revoked' : `lives on for ${overlapS} s`}.\n`)
}

async function revoke({ db }: Installation, caller: Caller, given: Given): Promise<void> {
  const apiKeyId = idOf(given)
  const reason = optional(given, 'reason') ?? 'by the operator'
  await db.transaction((tx) => revokeApiKey(tx, caller, { apiKeyId, reason, by: OPERATOR }))
  const key = await findApiKey(db, caller, apiKeyId)
  print(`${apiKeyId} is revoked since ${key.revokedAt?.toISOString() ?? 'now'}.`)
}

async function list({ db }: Installation, caller: Caller): Promise<void> {
  const rows: ApiKey[] = []
  for (let startingAfter: string | undefined; ; startingAfter = rows.at(-1)?.apiKeyId) {
    const { items, hasMore } = await listApiKeys(db, caller, { limit: 100, startingAfter })
    rows.push(...items)
    if (!hasMore) break
  }
  const day = (time: Date | null): string => time?.toISOString().slice(0, 10) ?? 'never'
  print(
    table(
      ['KEY', 'KIND', 'STATUS', 'EXPIRES', 'LAST USED', 'FROM', 'SCOPES', 'NAME'],
      rows.map((key) => [
        key.apiKeyId,
        key.kind,
        statusOf(key, caller.now),
        day(key.expiresAt),
        key.lastUsedAt ? `${key.lastUsedAt.toISOString().slice(0, 16)}Z ${key.lastUsedIp ?? ''}` : 'never',
        key.ipAllowList.join(' ') || 'anywhere',
        key.kind === 'rk' ? key.scopes.join(' ') : '–',
        shown(key.name),
      ]),
    ),
  )
}

function idOf({ positionals: [apiKeyId] }: Given): string {
  if (apiKeyId === undefined) throw new UsageError('which key? Its id is in: ucanpay keys list --merchant ID')
  return apiKeyId
}

/** The key alone on standard output, so that it can be piped into a secret store without being seen. */
function tell({ key, apiKeyId }: { key: string; apiKeyId: string }): void {
  process.stderr.write(`Made ${apiKeyId}. This is the one time that the key is shown:\n`)
  print(key)
}

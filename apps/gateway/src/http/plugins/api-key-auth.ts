import { BlockList, isIPv6 } from 'node:net'
import { parseApiKey } from '@ucanpay/wire/api-key'
import { scrub } from '@ucanpay/redaction/scrub'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Batch } from '../../database/batch.ts'
import type { Database } from '../../database/tx.ts'
import { raiseAlert } from '../../domain/alerts/raise-alert.ts'
import { ApiError } from '../../domain/api-error.ts'
import type { KeyUse } from '../../domain/api-keys/key-use.ts'
import type { LeakReports } from '../../domain/api-keys/revoke-api-key.ts'
import type { Caller } from '../../domain/caller.ts'
import type { Account } from '../../domain/merchants/account.ts'
import { SERVER_KEY_KINDS, type App } from '../app.ts'
import type { AccountCache } from './account-cache.ts'
import { addFailureStreaks, type StreakDeps } from './failure-streaks.ts'
import { searchUnreadBody } from './leaked-keys.ts'
import type { RateLimits } from './rate-limits.ts'

export interface ApiKeyAuthDeps extends StreakDeps {
  readonly db: Database
  readonly accounts: AccountCache
  readonly rateLimits: RateLimits
  readonly leaks: LeakReports
  readonly keyUse: Batch<KeyUse>
}

/**
 * Lets in whoever brings a good key on a route whose access is `api-key`, before the body is read.
 *
 * A key that nobody knows counts against its address, so that guessing is bounded; one that is known, against itself.
 *
 * @see contract §2, §5
 */
export function addApiKeyAuth(app: App, deps: ApiKeyAuthDeps): void {
  const streaks = addFailureStreaks(app, deps)
  app.addHook('onRequest', async (request, reply) => {
    const { access, scope } = request.routeOptions.config
    if (access !== 'api-key') return
    const key = await presentedKey(request, reply, deps)
    const known = deps.accounts.knows(key)
    if (!known) await deps.rateLimits.byAddress(request, reply)
    const account = await deps.accounts.find(key)
    if (!account) throw new ApiError('NOAUTH', 'the key is unknown or revoked')
    const caller = callerFrom(request, account)
    const refusal = refusalOf(request, account)
    if (refusal) {
      if (known) await deps.rateLimits.byAddress(request, reply) // Who may not use a key uses up nothing of it.
      if (refusal === 'a server key came from a browser') await alertOfBrowser(caller, deps)
      throw new ApiError('NOAUTH', refusal, { status: refusal === 'the key has expired' ? 401 : 403 })
    }
    request.account = account
    request.caller = caller
    await deps.rateLimits.byKey(request, reply, account)
    streaks.require(request, reply, account)
    deps.keyUse.add(useOf(request, account))
    refuseScope(account, scope)
  })
}

/** The key of the one place where it may stand. */
async function presentedKey(
  request: FastifyRequest,
  reply: FastifyReply,
  { rateLimits, leaks }: ApiKeyAuthDeps,
): Promise<string> {
  const key = /^Bearer ([!-~]{1,128})$/.exec(request.headers.authorization ?? '')?.[1]
  // The checksum tells a mistyped key from a wrong one without asking the database.
  if (key !== undefined && parseApiKey(key)) return key
  await rateLimits.byAddress(request, reply)
  if (key === undefined) await searchUnreadBody(request, leaks)
  throw new ApiError('NOAUTH', key === undefined ? 'no bearer key' : 'the key does not have the form of one')
}

function callerFrom(request: FastifyRequest, { merchantId, mode, apiKeyId }: Account): Caller {
  return { merchantId, mode, actor: apiKeyId, requestId: request.id, ip: request.clientIp, now: request.receivedAt }
}

/** Lists are parsed once; an account has the same one until it is read again. */
const lists = new WeakMap<readonly string[], BlockList>()

type Refusal =
  | 'the key has expired'
  | 'the merchant is suspended'
  | 'the address is not on the list of the key'
  | 'a server key came from a browser'

/** Why a key that is one opens nothing here and now, whatever the route. */
function refusalOf(request: FastifyRequest, account: Account): Refusal | undefined {
  if (account.expiresAt && account.expiresAt <= request.receivedAt) return 'the key has expired'
  if (account.suspended) return 'the merchant is suspended'
  if (!isFromItsAddresses(request, account)) return 'the address is not on the list of the key'
  const { origin, 'sec-fetch-mode': fetchMode } = request.headers
  const isBrowser = origin !== undefined || fetchMode !== undefined
  return isBrowser && SERVER_KEY_KINDS.has(account.kind) ? 'a server key came from a browser' : undefined
}

function isFromItsAddresses({ ip }: FastifyRequest, { ipAllowList }: Account): boolean {
  if (ipAllowList.length === 0) return true
  let list = lists.get(ipAllowList)
  if (!list) {
    list = new BlockList()
    for (const range of ipAllowList) {
      const [address = '', bits = ''] = range.split('/')
      list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4')
    }
    lists.set(ipAllowList, list)
  }
  return list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
}

/**
 * A browser has no business with a server's key: whoever sees this has put it into front-end code, so the merchant is
 * alerted (contract §2).
 */
async function alertOfBrowser(caller: Caller, { db }: ApiKeyAuthDeps): Promise<void> {
  await db.transaction((tx) => raiseAlert(tx, caller, { kind: 'key-in-browser', target: caller.actor }))
}

function refuseScope(account: Account, scope: string | undefined): void {
  const granted = account.kind === 'sk' || (scope !== undefined && account.scopes.includes(scope))
  if (!SERVER_KEY_KINDS.has(account.kind) || !granted) {
    throw new ApiError('NOAUTH', `the key lacks ${scope ?? 'any scope'}`, { status: 403 })
  }
}

function useOf(request: FastifyRequest, { merchantId, apiKeyId }: Account): KeyUse {
  const agent = request.headers['user-agent']
  return {
    merchantId,
    apiKeyId,
    at: request.receivedAt,
    ip: request.clientIp,
    agent: agent === undefined ? null : scrub(agent.slice(0, 512)).slice(0, 128),
  }
}

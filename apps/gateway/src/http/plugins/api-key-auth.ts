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
    if (!deps.accounts.knows(key)) await deps.rateLimits.byAddress(request, reply)
    const account = await deps.accounts.find(key)
    if (!account) throw new ApiError('NOAUTH', 'the key is unknown or revoked')
    if (account.expiresAt && account.expiresAt <= request.receivedAt)
      throw new ApiError('NOAUTH', 'the key has expired')
    if (account.suspended) throw new ApiError('NOAUTH', 'the merchant is suspended', { status: 403 })
    const caller = callerFrom(request, account)
    refuseAddress(request, account)
    if (SERVER_KEY_KINDS.has(account.kind)) await refuseBrowser(request, caller, deps)
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

function refuseAddress({ ip }: FastifyRequest, { ipAllowList }: Account): void {
  if (ipAllowList.length === 0) return
  let list = lists.get(ipAllowList)
  if (!list) {
    list = new BlockList()
    for (const range of ipAllowList) {
      const [address = '', bits = ''] = range.split('/')
      list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4')
    }
    lists.set(ipAllowList, list)
  }
  if (list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')) return
  throw new ApiError('NOAUTH', 'the address is not on the list of the key', { status: 403 })
}

/**
 * A browser has no business with a server's key: whoever sees this has put it into front-end code, so the merchant is
 * alerted (contract §2).
 */
async function refuseBrowser({ headers }: FastifyRequest, caller: Caller, { db }: ApiKeyAuthDeps): Promise<void> {
  if (headers.origin === undefined && headers['sec-fetch-mode'] === undefined) return
  await db.transaction((tx) => raiseAlert(tx, caller, { kind: 'key-in-browser', target: caller.actor }))
  throw new ApiError('NOAUTH', 'a server key came from a browser', { status: 403 })
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

import { createHmac } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../../domain/api-error.ts'
import type { Caller } from '../../domain/caller.ts'
import { leaseFromMonth, leaseFromWindow } from '../../domain/limits/lease.ts'
import type { Account } from '../../domain/merchants/account.ts'
import type { App, RouteLimit } from '../app.ts'
import { createTokenBuckets, type Verdict } from './token-buckets.ts'

/** The installation's own limits. A key may have another one (see the table api_keys). */
export interface Limits {
  /** Requests a second of one API key. */
  readonly perKeyPerS: number
  /** Requests a second of one address that has not shown a good key, or of a buyer. */
  readonly perIpPerS: number
  /** Failed requests of one key in a row; then it is refused for 60 s. */
  readonly failuresInARow: number
}

export interface LimitDeps {
  readonly db: Tx
  readonly limits: Limits
  /** Makes buckets of addresses, so that the table holds none. */
  readonly pepper: Buffer
}

/** Judges requests. Each sets the headers of contract §5, and throws where the limit is reached. */
export interface RateLimits {
  byAddress(request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** By a name of ours, e.g. an object that strangers may use. */
  byName(request: FastifyRequest, reply: FastifyReply, named: RouteLimit & { name: string }): Promise<void>
  byKey(request: FastifyRequest, reply: FastifyReply, account: Account): Promise<void>
}

/**
 * Limits that hold across processes: all of them together let no more through than one alone would.
 *
 * @see contract §5, rate limits and quota; OWASP API 4:2023
 */
export function createRateLimits({ db, limits, pepper }: LimitDeps): RateLimits {
  const buckets = createTokenBuckets()
  const addressOf = (request: FastifyRequest): string =>
    createHmac('sha256', pepper)
      .update(`rate limit ${networkOf(request.clientIp)}`)
      .digest('base64url')
      .slice(0, 22)
  const judge = (bucket: string, limit: number, windowS = 1): Promise<Verdict> =>
    buckets.take(bucket, limit, () => leaseFromWindow(db, { bucket, limit, windowS }))
  return {
    async byAddress(request, reply) {
      const address = addressOf(request)
      const own = request.routeOptions.config.limit
      const verdict = own
        ? await judge(`r ${request.routeOptions.url ?? ''} ${address}`, own.limit, own.windowS)
        : await judge(`i ${address}`, limits.perIpPerS)
      tell(request, reply, verdict)
    },
    async byName(request, reply, { name, limit, windowS }) {
      tell(request, reply, await judge(name, limit, windowS))
    },
    async byKey(request, reply, account) {
      const verdict = await judge(`k ${account.apiKeyId}`, account.rateLimitPerS ?? limits.perKeyPerS)
      tell(request, reply, verdict)
      const { monthlyQuota: quota } = account
      if (quota === null) return
      const caller: Caller = { ...account, actor: account.apiKeyId, requestId: request.id, now: request.receivedAt }
      const month = await buckets.take(`q ${account.merchantId} ${account.mode}`, quota, () =>
        leaseFromMonth(db, caller, quota),
      )
      reply.headers({ 'x-quota-limit': quota, 'x-quota-remaining': month.remaining })
      if (!month.allowed) refuse(reply, month, 'the quota of the month is used up')
    },
  }
}

function tell(request: FastifyRequest, reply: FastifyReply, verdict: Verdict): void {
  reply.headers({
    'x-ratelimit-limit': verdict.limit,
    'x-ratelimit-remaining': verdict.remaining,
    'x-ratelimit-reset': Math.ceil((request.receivedAt.getTime() + verdict.resetInMs) / 1000),
  })
  if (!verdict.allowed) refuse(reply, verdict, 'the rate limit is reached')
}

function refuse(reply: FastifyReply, verdict: Verdict, why: string): never {
  reply.header('retry-after', Math.max(1, Math.ceil(verdict.resetInMs / 1000)))
  throw new ApiError('FREQUENCY_LIMITED', why)
}

/** An IPv6 customer has 2^64 addresses at least, so the first half stands for all of them. */
function networkOf(ip: string): string {
  return ip.includes(':') && !ip.startsWith('::ffff:') ? ip.split(':').slice(0, 4).join(':') : ip
}

/** Judges by address what no key is shown for: public routes, buyers, and addresses that lead nowhere. */
export function addAddressLimits(app: App, limits: RateLimits): void {
  app.addHook('onRequest', async (request, reply) => {
    const { access, unlimited } = request.routeOptions.config
    if (access !== 'api-key' && unlimited !== true) await limits.byAddress(request, reply)
  })
}

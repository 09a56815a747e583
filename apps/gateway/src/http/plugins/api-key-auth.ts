import { parseApiKey } from '@ucanpay/wire/api-key'
import type { FastifyRequest } from 'fastify'
import type { Database } from '../../database/tx.ts'
import { ApiError } from '../../domain/api-error.ts'
import { hashApiKey } from '../../domain/api-keys/create-api-key.ts'
import { findAccount } from '../../domain/api-keys/find-account.ts'
import type { Account } from '../../domain/merchants/account.ts'
import { SERVER_KEY_KINDS, type App } from '../app.ts'

export interface ApiKeyAuthDeps {
  readonly db: Database
  readonly pepper: Buffer
}

/** A key that was read is good for this long, so that a revocation takes hold everywhere within 1 s (contract §2). */
const KEPT_MS = 500
const KEPT_ACCOUNTS = 10_000

/** Lets in whoever brings a good key on a route whose access is `api-key`, before the body is read. */
export function addApiKeyAuth(app: App, deps: ApiKeyAuthDeps): void {
  const accounts = keepAccounts(deps)
  app.addHook('onRequest', async (request) => {
    const { access, scope } = request.routeOptions.config
    if (access !== 'api-key') return
    const account = await authenticate(request, accounts)
    refuseBrowser(request)
    refuseScope(account, scope)
    request.account = account
    request.caller = {
      merchantId: account.merchantId,
      mode: account.mode,
      actor: account.apiKeyId,
      requestId: request.id,
      now: request.receivedAt,
    }
  })
}

type FindAccount = (keyHash: Buffer) => Promise<Account | undefined>

async function authenticate(
  request: FastifyRequest,
  findByHash: (key: string) => ReturnType<FindAccount>,
): Promise<Account> {
  const key = /^Bearer ([!-~]{1,128})$/.exec(request.headers.authorization ?? '')?.[1]
  if (key === undefined) throw new ApiError('NOAUTH', 'no bearer key')
  // The checksum tells a mistyped key from a wrong one without asking the database.
  if (!parseApiKey(key)) throw new ApiError('NOAUTH', 'the key does not have the form of one')
  const account = await findByHash(key)
  if (!account) throw new ApiError('NOAUTH', 'the key is unknown or revoked')
  if (account.expiresAt <= request.receivedAt) throw new ApiError('NOAUTH', 'the key has expired')
  if (account.suspended) throw new ApiError('NOAUTH', 'the merchant is suspended', { status: 403 })
  return account
}

/** A browser has no business with a server's key: whoever sees this has put it into front-end code (contract §2). */
function refuseBrowser({ headers }: FastifyRequest): void {
  if (headers.origin === undefined && headers['sec-fetch-mode'] === undefined) return
  throw new ApiError('NOAUTH', 'a server key came from a browser', { status: 403 })
}

function refuseScope(account: Account, scope: string | undefined): void {
  const granted = account.kind === 'sk' || (scope !== undefined && account.scopes.includes(scope))
  if (!SERVER_KEY_KINDS.has(account.kind) || !granted) {
    throw new ApiError('NOAUTH', `the key lacks ${scope ?? 'any scope'}`, { status: 403 })
  }
}

/** One read a key in each half second, however many requests it brings. */
function keepAccounts({ db, pepper }: ApiKeyAuthDeps): (key: string) => ReturnType<FindAccount> {
  const kept = new Map<string, { readonly until: number; readonly account: ReturnType<FindAccount> }>()
  return (key) => {
    const hash = hashApiKey(key, pepper)
    const name = hash.toString('base64')
    const now = performance.now()
    const found = kept.get(name)
    if (found && found.until > now) return found.account
    if (kept.size >= KEPT_ACCOUNTS) kept.clear()
    const account = findAccount(db, hash)
    kept.set(name, { until: now + KEPT_MS, account })
    // A read that failed is not kept: the next request asks again.
    account.catch(() => kept.delete(name))
    return account
  }
}

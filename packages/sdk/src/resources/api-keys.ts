import type {
  ApiKeyData,
  ApiKeyListData,
  CreateApiKeyRequest,
  NewApiKeyData,
  PageQuery,
  RollApiKeyRequest,
} from '@ucanpay/wire/api-key-schemas'
import type { GatewayCalls } from '../gateway-calls.ts'
import type { CallOptions } from '../options.ts'
import { Pages } from '../pages.ts'
import { listOf, type ListQuery } from './list-of.ts'
import type { Added } from './orders.ts'

/** One key of a list. */
export type ApiKeyItem = ApiKeyListData['items'][number]

/** The merchant's API keys, in the mode of the one that asks. */
export class ApiKeys {
  readonly #calls: GatewayCalls
  constructor(calls: GatewayCalls) {
    this.#calls = calls
  }

  /**
   * Makes a key; its text is in this answer and never shown again. Not asked again after a lost answer, for that would
   * make a second one: list the keys, and revoke the one that nobody holds.
   *
   * @param key.scopes of an rk, and `ipAllowList`: texts with spaces between; `expiresInDays` 1 to 365, 90 where absent
   * @throws UCanPayError
   */
  create(key: Omit<CreateApiKeyRequest, Added>, options?: CallOptions): Promise<NewApiKeyData> {
    return this.#calls.ask({ method: 'POST', route: '/v1/api-keys', members: key, options, repeatable: false })
  }

  /** Lists keys, newest first: `await` for a page (20, or `limit` up to 100), `for await` for all. */
  list(query: ListQuery<PageQuery> = {}, options?: CallOptions): Pages<ApiKeyItem, ApiKeyListData> {
    const lastOf = ({ items }: ApiKeyListData): string | undefined => items.at(-1)?.apiKeyId
    return new Pages(listOf(this.#calls, { route: '/v1/api-keys', query, options, lastOf }))
  }

  /** Reads what is known of a key; its text is not. @throws UCanPayError, `Refused.NOT_FOUND` */
  retrieve(apiKeyId: string, options?: CallOptions): Promise<ApiKeyData> {
    return this.#calls.ask({ method: 'GET', route: '/v1/api-keys/{apiKeyId}', id: apiKeyId, options })
  }

  /**
   * Replaces a key. Its text is in this answer and never shown again. Not asked again after a lost answer, for the key
   * is rolled then: `rolledInto` names the one that nobody holds; roll that one.
   *
   * @param roll.overlapS seconds that the old key lives on, 0 (at once, where absent) to 604,800; give one to a key in use
   * @throws UCanPayError, `Refused.INVALID_REQUEST` where it is not active or was rolled already
   */
  roll(apiKeyId: string, roll: Omit<RollApiKeyRequest, Added> = {}, options?: CallOptions): Promise<NewApiKeyData> {
    const call = { method: 'POST', route: '/v1/api-keys/{apiKeyId}/roll', id: apiKeyId, repeatable: false } as const
    return this.#calls.ask({ ...call, members: roll, options })
  }

  /** Revokes a key: refused everywhere within 1 s; again gives the same answer. @throws UCanPayError */
  revoke(apiKeyId: string, options?: CallOptions): Promise<ApiKeyData> {
    const route = '/v1/api-keys/{apiKeyId}/revoke'
    return this.#calls.ask({ method: 'POST', route, id: apiKeyId, members: {}, options })
  }
}

import type {
  CreateUserRequest,
  ErasedUserData,
  UpdateUserRequest,
  UserData,
  UserListData,
  UserListQuery,
} from '@ucanpay/wire/user-schemas'
import type { GatewayCalls } from '../gateway-calls.ts'
import type { CallOptions, OnceOptions } from '../options.ts'
import { Pages } from '../pages.ts'
import { listOf, type ListQuery } from './list-of.ts'
import type { Added } from './orders.ts'

/** One customer of a list. */
export type UserItem = UserListData['items'][number]

/** The merchant's customers; their personal data is encrypted at the gateway. Each write has an Idempotency-Key. */
export class Users {
  readonly #calls: GatewayCalls
  constructor(calls: GatewayCalls) {
    this.#calls = calls
  }

  /** Makes a customer. @throws UCanPayError */
  create(user: Omit<CreateUserRequest, Added>, options?: OnceOptions): Promise<UserData> {
    return this.#calls.ask({ method: 'POST', route: '/users', members: user, options, once: true })
  }

  /**
   * Lists customers, newest first: `await` for a page (20, or `limit` up to 100), `for await` for all.
   *
   * @param query.email exactly this address; it goes into the query of the request's address, as the API has it
   */
  list(query: ListQuery<UserListQuery> = {}, options?: CallOptions): Pages<UserItem, UserListData> {
    const lastOf = ({ items }: UserListData): string | undefined => items.at(-1)?.userId
    return new Pages(listOf(this.#calls, { route: '/users', query, options, lastOf }))
  }

  /** Reads a customer. @throws UCanPayError, `Refused.NOT_FOUND` */
  retrieve(userId: string, options?: CallOptions): Promise<UserData> {
    return this.#calls.ask({ method: 'GET', route: '/users/{userId}', id: userId, options })
  }

  /** Changes a customer: what is given replaces, an empty text takes away, what is absent stays. @throws UCanPayError */
  update(userId: string, user: Omit<UpdateUserRequest, Added>, options?: OnceOptions): Promise<UserData> {
    return this.#calls.ask({ method: 'PUT', route: '/users/{userId}', id: userId, members: user, options, once: true })
  }

  /** Erases a customer: nothing brings them back (GDPR 17). @throws UCanPayError, `Refused.NOT_FOUND` */
  delete(userId: string, options?: OnceOptions): Promise<ErasedUserData> {
    return this.#calls.ask({ method: 'DELETE', route: '/users/{userId}', id: userId, options, once: true })
  }
}

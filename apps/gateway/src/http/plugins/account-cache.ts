import type { Tx } from '../../database/tx.ts'
import { hashApiKey } from '../../domain/api-keys/api-key.ts'
import { findAccount } from '../../domain/api-keys/find-account.ts'
import type { Account } from '../../domain/merchants/account.ts'

/** Accounts by key, kept for a moment: one read a key in each half second, however many requests it brings. */
export interface AccountCache {
  /** True where the key was good within the last minutes: then it is not a guess, and no guesser's limit holds it up. */
  knows(key: string): boolean
  /** @returns undefined for a key that is unknown or revoked */
  find(key: string): Promise<Account | undefined>
  /** What the database tells of a change: `key <base64 of its hash>` or `merchant <id>`. */
  forget(message: string): void
  /** Forgets everything; changes may have been missed. */
  clear(): void
}

interface Kept {
  readonly until: number
  readonly account: Promise<Account | undefined>
  merchantId: string | undefined
}

/** The time limit behind the notifications, so that a revocation takes hold within 1 s without them (contract §2). */
const KEPT_MS = 500
/** Far longer than the account itself is believed: a key that was good minutes ago is still nobody's guess. */
const KNOWN_MS = 600_000
const KEPT_ACCOUNTS = 10_000

/** @param deps.pepper hashes keys; nothing else about them is kept */
export function createAccountCache({ db, pepper }: { db: Tx; pepper: Buffer }): AccountCache {
  const kept = new Map<string, Kept>()
  const read = (name: string, hash: Buffer): Promise<Account | undefined> => {
    if (kept.size >= KEPT_ACCOUNTS) kept.clear()
    const account = findAccount(db, hash)
    const entry: Kept = { until: performance.now() + KEPT_MS, account, merchantId: undefined }
    kept.set(name, entry)
    account.then(
      (found) => (entry.merchantId = found?.merchantId),
      () => kept.get(name) === entry && kept.delete(name), // A read that failed is not kept: the next request asks again.
    )
    return account
  }
  return {
    knows(key) {
      const entry = kept.get(hashApiKey(key, pepper).toString('base64'))
      return entry?.merchantId !== undefined && entry.until + KNOWN_MS > performance.now()
    },
    find(key) {
      const hash = hashApiKey(key, pepper)
      const name = hash.toString('base64')
      const found = kept.get(name)
      return found && found.until > performance.now() ? found.account : read(name, hash)
    },
    forget(message) {
      const [kind, value = ''] = message.split(' ', 2)
      if (kind === 'key') kept.delete(value)
      else for (const [name, entry] of kept) if (entry.merchantId === value) kept.delete(name)
    },
    clear: () => kept.clear(),
  }
}

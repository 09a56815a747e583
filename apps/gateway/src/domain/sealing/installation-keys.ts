import { randomBytes } from 'node:crypto'
import type { KeyEncryption, WrappedKey } from '@ucanpay/vault/key-encryption'
import type { Database, Tx } from '../../database/tx.ts'

/** Keys of the installation itself, each for one use; 32 bytes. */
export interface InstallationKeys {
  /** Hashes API keys, and the addresses that are counted. */
  readonly pepper: Buffer
  /** Makes checkout links. */
  readonly checkoutLink: Buffer
  /** Hashes what has to be found without being read. */
  readonly blindIndex: Buffer
  /** Makes the pair that cards are encrypted to on the page. */
  readonly cardEntry: Buffer
}

/** The keys do not fit the database. The message says what to do; nothing was changed. */
export class InstallationKeyError extends Error {
  override readonly name = 'InstallationKeyError'
}

const NAMES = ['api-key-pepper', 'checkout-link', 'blind-index', 'card-entry'] as const
type Name = (typeof NAMES)[number]

interface Row extends WrappedKey {
  readonly name: Name
}

/**
 * Opens the installation's keys; a new installation gets them here. That they open proves that the key source is the one
 * that the data was sealed under, so a lost or a wrong one is found before anything is served or written.
 *
 * @throws InstallationKeyError where they do not open, or some are missing from a database that has data
 * @throws KeySourceError where the source of key-encryption keys cannot be used
 */
export async function openInstallationKeys(
  { db, source }: { db: Database; source: KeyEncryption },
  now: Date,
): Promise<InstallationKeys> {
  const opened = new Map<Name, Buffer>()
  const openAll = async (): Promise<void> => {
    for (const row of await read(db)) opened.set(row.name, await openOne(source, row))
  }
  await openAll()
  if (!opened.has('card-entry')) {
    await create({ db, source }, now)
    await openAll()
  }
  const take = (name: Name): Buffer => {
    const key = opened.get(name)
    if (!key)
      throw new InstallationKeyError(
        `the database has lost the installation key ${name}: restore the table installation_keys`,
      )
    return key
  }
  return {
    pepper: take('api-key-pepper'),
    checkoutLink: take('checkout-link'),
    blindIndex: take('blind-index'),
    cardEntry: take('card-entry'),
  }
}

async function openOne(source: KeyEncryption, row: Row): Promise<Buffer> {
  try {
    return await source.unwrap(row, contextOf(row.name))
  } catch (cause) {
    if (cause instanceof Error && cause.name !== 'EnvelopeError') throw cause
    throw new InstallationKeyError(
      `the key source is not the one that this database was sealed under (${row.wrappedBy}): give the right one in UCANPAY_KEY_RING. Nothing was touched`,
      { cause },
    )
  }
}

function read(tx: Tx): Promise<Row[]> {
  return tx.query<Row>(
    `select name, wrapped_key as wrapped, wrapped_by as "wrappedBy" from installation_keys order by name`,
  )
}

async function create({ db, source }: { db: Database; source: KeyEncryption }, now: Date): Promise<void> {
  const made = await Promise.all(
    NAMES.map(async (name) => ({ name, ...(await source.wrap(randomBytes(32), contextOf(name))) })),
  )
  await db.transaction(async (tx) => {
    // Of two first starts at once the second waits here and finds the keys there.
    await tx.query('lock table installation_keys in exclusive mode')
    const there = await read(tx)
    const [used] = await tx.query(`select 1 from api_keys limit 1`)
    if (there.length === 0 && used) {
      throw new InstallationKeyError(
        'the database has data and no installation keys: restore the table installation_keys. A sandbox of an earlier version starts anew once its folder is moved away',
      )
    }
    for (const { name, wrapped, wrappedBy } of made) {
      // Nothing is stored under the card entry's key, so an installation that is older than it simply gets one.
      if (there.length > 0 && (name !== 'card-entry' || there.some((row) => row.name === name))) continue
      await tx.query(
        `insert into installation_keys (name, wrapped_key, wrapped_by, created_at) values ($1, $2, $3, $4)`,
        [name, wrapped, wrappedBy, now],
      )
    }
  })
}

/** What an installation key is wrapped for; it opens as nothing else. */
export function contextOf(name: string): { merchantId: string; purpose: string; keyId: string } {
  return { merchantId: '', purpose: 'installation', keyId: name }
}

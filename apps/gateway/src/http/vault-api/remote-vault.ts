import type { Sealed } from '@ucanpay/vault/sealed'
import type { CardKey } from '@ucanpay/wire/encrypted-card'
import { FAILURES, type FailureMsg } from '@ucanpay/wire/failures'
import { AcquirerUnknownError, type Outcome } from '../../acquirers/acquirer.ts'
import { ApiError } from '../../domain/api-error.ts'
import type { Caller } from '../../domain/caller.ts'
import type { CardVault, SealedCard } from '../../domain/cards/card-vault.ts'
import {
  PERSONAL_FIELDS,
  type CustomerVault,
  type PersonalFields,
  type SealedCustomer,
} from '../../domain/customers/customer-vault.ts'
import type { MemberProfile, MemberVault, SealedValue, StoredValue } from '../../domain/members/member-vault.ts'
import type { MintedSecret, NotificationSecrets } from '../../domain/notifications/notification-secrets.ts'
import type { PayoutVault } from '../../domain/payouts/payout-vault.ts'
import { VaultRefusedError, type VaultConnection } from '../../outbound/vault-connection.ts'
import type { SealedCustomerText } from './customers.ts'
import type { SealedValueText } from './members.ts'
import type { ClientKeys } from './keys.ts'
import type { Vault } from './vault.ts'

/** Longer than any acquirer takes, shorter than a worker waits before it asks what became of the payment. */
const AUTHORISE_LIMIT_MS = 25_000

type Ask = <Answer>(path: string, body: object) => Promise<Answer>

/** The vault in another process. @param keys what it gave at the start; a client without a page is given no card key */
export function createRemoteVault(connection: VaultConnection, keys: Partial<ClientKeys>): Vault {
  const ask: Ask = async <Answer>(path: string, body: object) => {
    try {
      return await connection.ask<Answer>(`/vault-api/${path}`, body)
    } catch (error) {
      throw translated(error)
    }
  }
  return {
    cards: remoteCards(connection, ask, keys.cardKey),
    customerVault: remoteCustomers(ask),
    memberVault: remoteMembers(ask),
    payoutVault: remotePayouts(ask),
    secrets: remoteSecrets(ask),
  }
}

/** What the vault refused for the caller's own fault is the caller's to know; that it refused us is not. */
function translated(error: unknown): unknown {
  if (
    !(error instanceof VaultRefusedError) ||
    error.status >= 500 ||
    error.msg === 'NOAUTH' ||
    !Object.hasOwn(FAILURES, error.msg)
  )
    return error
  return new ApiError(error.msg as FailureMsg, 'the vault refused', { status: error.status, cause: error })
}

function remoteCards(connection: VaultConnection, ask: Ask, cardKey: CardKey | undefined): CardVault {
  return {
    get cardKey() {
      if (cardKey) return cardKey
      throw new Error('the vault gave this process no key for cards')
    },
    async seal(_caller, { token, jwe }) {
      const card = await ask<Omit<SealedCard, 'sealed'> & { sealed: string }>('cards/seal', { token, jwe })
      return { ...card, sealed: toSealed(card.sealed) }
    },
    async authorise(_caller, { card, ...wanted }) {
      try {
        return await connection.ask<Outcome>('/vault-api/cards/authorise', { ...card, ...wanted }, AUTHORISE_LIMIT_MS)
      } catch (cause) {
        throw new AcquirerUnknownError('nobody knows whether the vault asked the acquirer', { cause })
      }
    },
  }
}

function remoteCustomers(ask: Ask): CustomerVault {
  return {
    async create(caller, userId, fields) {
      return fromText(await ask<SealedCustomerText>('customers/create', { ...of(caller), userId, fields }))
    },
    async seal(caller, { userId, keyId }, fields) {
      const body = { ...of(caller), userId, keyId, fields }
      const { customer } = await ask<{ customer: SealedCustomerText | null }>('customers/seal', body)
      return customer === null ? undefined : fromText(customer)
    },
    async open(caller, customers) {
      if (customers.length === 0) return []
      const sealed = customers.map(({ userId, keyId, sealed: fields }) => ({
        userId,
        keyId,
        sealed: Object.fromEntries(PERSONAL_FIELDS.map((name) => [name, fields[name]?.toString('base64') ?? null])),
      }))
      const body = { ...of(caller), customers: sealed }
      const answer = await ask<{ customers: (PersonalFields | null)[] }>('customers/open', body)
      return answer.customers.map((fields) => fields ?? undefined)
    },
    async indexOf(caller, email) {
      const { index } = await ask<{ index: string }>('customers/index', { ...of(caller), email })
      return Buffer.from(index, 'base64')
    },
    async destroy(caller, userId) {
      await ask('customers/destroy', { ...of(caller), userId })
    },
  }
}

const of = ({ merchantId, mode }: Caller) => ({ merchantId, mode })
const toText = ({ id, keyId, sealed }: StoredValue) => ({ id, keyId, sealed: sealed.toString('base64') })
const fromAnswer = ({ keyId, sealed }: SealedValueText): SealedValue => ({ keyId, sealed: toSealed(sealed) })

function remotePayouts(ask: Ask): PayoutVault {
  return {
    seal: async (caller, id, text) => fromAnswer(await ask('payouts/seal', { ...of(caller), id, text })),
    open: async (caller, stored) =>
      (await ask<{ text: string }>('payouts/open', { ...of(caller), ...toText(stored) })).text,
  }
}

function remoteMembers(ask: Ask): MemberVault {
  return {
    sealProfile: async (caller, id, profile) =>
      fromAnswer(await ask('members/seal-profile', { ...of(caller), id, ...profile })),
    async openProfiles(caller, members) {
      if (members.length === 0) return []
      const body = { ...of(caller), members: members.map(toText) }
      return (await ask<{ profiles: MemberProfile[] }>('members/open-profiles', body)).profiles
    },
    sealSecret: async (caller, id, secret) =>
      fromAnswer(await ask('members/seal-secret', { ...of(caller), id, secret })),
    openSecret: async (caller, factor) =>
      (await ask<{ secret: string }>('members/open-secret', { ...of(caller), ...toText(factor) })).secret,
    indexOf: async (email) => Buffer.from((await ask<{ index: string }>('members/index', { email })).index, 'base64'),
  }
}

function remoteSecrets(ask: Ask): NotificationSecrets {
  return {
    async sign({ merchantId, mode }, message) {
      const body = { merchantId, mode, ...message, at: message.at.toISOString() }
      return (await ask<{ signatures: string[] }>('notifications/sign', body)).signatures
    },
    async mint({ merchantId, mode }) {
      const body = { merchantId, mode }
      const minted = await ask<Omit<MintedSecret, 'sealed'> & { sealed: string }>('notifications/mint', body)
      return { ...minted, sealed: toSealed(minted.sealed) }
    },
  }
}

function fromText({ keyId, sealed, emailIndex, digest }: SealedCustomerText): SealedCustomer {
  const bytes = (text: string | null): Sealed | null => (text === null ? null : toSealed(text))
  return {
    keyId,
    sealed: {
      email: bytes(sealed.email),
      name: bytes(sealed.name),
      phone: bytes(sealed.phone),
      address: bytes(sealed.address),
    },
    emailIndex: emailIndex === null ? null : Buffer.from(emailIndex, 'base64'),
    digest: Buffer.from(digest, 'base64'),
  }
}

/** The vault sealed it; the bytes were only on their way. */
function toSealed(text: string): Sealed {
  return Buffer.from(text, 'base64') as Sealed
}

import { blindIndex } from '@ucanpay/vault/blind-index'
import { open, seal, type Place } from '@ucanpay/vault/envelope'
import type { Sealed } from '@ucanpay/vault/sealed'
import type { Caller } from '../caller.ts'
import type { DataKeys } from '../sealing/data-keys.ts'

/** What is personal about a member. */
export interface MemberProfile {
  readonly email: string
  /** Empty until the invitation is accepted. */
  readonly name: string
}

/** Something sealed, and the data key that did it. */
export interface SealedValue {
  readonly keyId: string
  readonly sealed: Sealed
}

/** A sealed value as it is read back. */
export interface StoredValue {
  readonly id: string
  readonly keyId: string
  readonly sealed: Buffer
}

/** Seals what is personal or secret about the members of a merchant's team. */
export interface MemberVault {
  sealProfile(caller: Caller, memberId: string, profile: MemberProfile): Promise<SealedValue>
  /** Opens many at once, in their order. */
  openProfiles(caller: Caller, members: readonly StoredValue[]): Promise<MemberProfile[]>
  /** The secret of an authenticator app. */
  sealSecret(caller: Caller, factorId: string, secret: string): Promise<SealedValue>
  openSecret(caller: Caller, factor: StoredValue): Promise<string>
  /** What finds an address in the whole installation, since whoever signs in gives nothing else. */
  indexOf(email: string): Promise<Buffer>
}

/** Seals under the merchant's data key for secrets. @param indexKey 32 bytes */
export function createMemberVault({ dataKeys, indexKey }: { dataKeys: DataKeys; indexKey: Buffer }): MemberVault {
  const sealAs = async (caller: Caller, text: string, place: Place): Promise<SealedValue> => {
    const key = await dataKeys.active(caller, 'secrets')
    return { keyId: key.keyId, sealed: seal(key, text, place) }
  }
  const openAs = async (caller: Caller, { keyId, sealed }: StoredValue, place: Place): Promise<string> =>
    open(await dataKeys.byId(caller, 'secrets', keyId), sealed, place)
  return {
    sealProfile: (caller, memberId, { email, name }) =>
      sealAs(caller, JSON.stringify({ email, name }), profilePlace(caller, memberId)),
    openProfiles: (caller, members) =>
      Promise.all(
        members.map(async (member) => {
          const text = await openAs(caller, member, profilePlace(caller, member.id))
          return JSON.parse(text) as MemberProfile
        }),
      ),
    sealSecret: (caller, factorId, secret) => sealAs(caller, secret, secretPlace(caller, factorId)),
    openSecret: (caller, factor) => openAs(caller, factor, secretPlace(caller, factor.id)),
    // In one form of Unicode, without space around it, in lower case; led by no merchant.
    indexOf: (email) =>
      Promise.resolve(
        blindIndex(indexKey, email.normalize('NFKC').trim().toLowerCase(), {
          table: 'members',
          column: 'email',
          merchantId: '',
        }),
      ),
  }
}

function profilePlace({ merchantId }: Caller, memberId: string): Place {
  return { table: 'members', column: 'sealed_member', merchantId, row: memberId }
}

function secretPlace({ merchantId }: Caller, factorId: string): Place {
  return { table: 'totp_factors', column: 'sealed_secret', merchantId, row: factorId }
}

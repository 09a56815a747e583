import type { Role } from '@ucanpay/wire/dashboard/roles'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'
import type { MemberProfile, MemberVault } from './member-vault.ts'

/** A member as it is stored: what is personal stays sealed. */
export interface MemberRow {
  readonly merchantId: string
  readonly merchantName: string
  readonly memberId: string
  readonly keyId: string
  readonly sealedMember: Buffer
  readonly role: Role
  readonly status: 'invited' | 'active' | 'disabled'
  readonly passwordHash: string | null
  readonly hasTotp: boolean
  readonly hasPasskey: boolean
  readonly createdAt: Date
  readonly lastSignInAt: Date | null
}

/** A member, opened. */
export type Member = Omit<MemberRow, 'keyId' | 'sealedMember' | 'passwordHash'> & MemberProfile

export interface MemberDeps {
  readonly db: Database
  readonly memberVault: MemberVault
}

const SELECT = `select m.merchant_id as "merchantId", t.name as "merchantName", m.member_id as "memberId", m.key_id as "keyId",
  m.sealed_member as "sealedMember", m.role, m.status, m.password_hash as "passwordHash", m.created_at as "createdAt",
  m.last_sign_in_at as "lastSignInAt",
  exists (select from totp_factors f where f.merchant_id = m.merchant_id and f.member_id = m.member_id and f.confirmed_at is not null) as "hasTotp",
  exists (select from passkeys p where p.merchant_id = m.merchant_id and p.member_id = m.member_id) as "hasPasskey"
  from members m join merchants t on t.merchant_id = m.merchant_id`

/** Finds who has an address, by its blind index; undefined where it is nobody's, or the merchant is suspended. */
export async function findByEmail(tx: Tx, emailIndex: Buffer): Promise<MemberRow | undefined> {
  const [member] = await tx.query<MemberRow>(`${SELECT} where m.email_index = $1 and t.status = 'active'`, [emailIndex])
  return member
}

/** Reads a member of the caller's merchant. @throws ApiError NOT_FOUND, for a stranger's as for none */
export async function findMember(tx: Tx, caller: Caller, memberId: string): Promise<MemberRow> {
  const [member] = await tx.query<MemberRow>(`${SELECT} where m.merchant_id = $1 and m.member_id = $2`, [
    caller.merchantId,
    memberId,
  ])
  if (!member) throw new ApiError('NOT_FOUND', 'no such member of this merchant')
  return member
}

/** The caller's merchant's team, by age; teams are small, so it comes whole. */
export async function listMembers(deps: MemberDeps, caller: Caller): Promise<Member[]> {
  const rows = await deps.db.query<MemberRow>(
    `${SELECT} where m.merchant_id = $1 order by m.created_at, m.member_id limit 500`,
    [caller.merchantId],
  )
  return openMembers(deps, caller, rows)
}

/** Opens members, in their order. */
export async function openMembers(
  { memberVault }: Pick<MemberDeps, 'memberVault'>,
  caller: Caller,
  rows: readonly MemberRow[],
): Promise<Member[]> {
  const stored = rows.map(({ memberId, keyId, sealedMember }) => ({ id: memberId, keyId, sealed: sealedMember }))
  const profiles = await memberVault.openProfiles(caller, stored)
  return rows.map((row, at) => {
    const { merchantId, merchantName, memberId, role, status, hasTotp, hasPasskey, createdAt, lastSignInAt } = row
    const known = { merchantId, merchantName, memberId, role, status, hasTotp, hasPasskey, createdAt, lastSignInAt }
    return { ...known, ...(profiles[at] ?? { email: '', name: '' }) }
  })
}

/** Whether a second factor is asked of the member. */
export function hasSecondFactor({ hasTotp, hasPasskey }: Pick<MemberRow, 'hasTotp' | 'hasPasskey'>): boolean {
  return hasTotp || hasPasskey
}

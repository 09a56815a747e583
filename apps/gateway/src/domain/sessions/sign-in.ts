import type { Tx, Database } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { findByEmail, hasSecondFactor, type MemberRow } from '../members/member.ts'
import type { MemberVault } from '../members/member-vault.ts'
import { isPassword } from '../members/passwords.ts'
import { clearAttempts, countAttempt, forgiveAttempt } from './attempts.ts'
import { beginSession, endSession, type Session } from './session.ts'

export interface SignInDeps {
  readonly db: Database
  readonly memberVault: MemberVault
  /** Hashes tokens; 32 bytes. */
  readonly pepper: Buffer
}

/** From where somebody signs in. */
export interface SignInPlace {
  readonly requestId: string
  readonly ip: string
  readonly device: string
  readonly now: Date
}

/** What a member can give as a second factor. */
export type GivenFactor = 'totp' | 'passkey' | 'recovery'

/** A step of signing in that was good: the cookie, and what is still to come. */
export interface SignedIn {
  readonly token: string
  readonly factors: readonly GivenFactor[]
}

/**
 * Signs in by address and password. Whoever has a second factor gets a session that opens nothing but the second step.
 *
 * Every refusal is the same, and comes after the same work: for an address that is nobody's, a wrong password, a locked
 * address, a member who may not sign in.
 *
 * @throws ApiError NOAUTH
 * @see PCI DSS 8.3.4, 8.4.2; OWASP ASVS 6.3
 */
export async function signIn(
  deps: SignInDeps,
  { email, password }: { email: string; password: string },
  place: SignInPlace,
): Promise<SignedIn> {
  const emailIndex = await deps.memberVault.indexOf(email)
  const allowed = await countAttempt(deps.db, emailIndex, place.now)
  const member = await findByEmail(deps.db, emailIndex)
  const good = await isPassword(password, member?.passwordHash ?? null)
  if (!allowed || !good || member?.status !== 'active') throw await refused(deps.db, { member, emailIndex }, place)
  const caller = callerOf(member, place)
  if (!hasSecondFactor(member))
    return { token: await complete(deps, caller, { member, place, emailIndex }), factors: [] }
  return deps.db.transaction(async (tx) => {
    await forgiveAttempt(tx, emailIndex, place.now)
    const { token } = await beginSession({ tx, pepper: deps.pepper }, caller, {
      memberId: member.memberId,
      level: 'password',
      secondFactor: false,
      device: place.device,
    })
    return { token, factors: factorsOf(member) }
  })
}

/** A refusal leaves a row in the audit log of the merchant whose member was tried, if it is anybody's. */
async function refused(
  db: Database,
  { member, emailIndex }: { member: MemberRow | undefined; emailIndex: Buffer },
  place: SignInPlace,
): Promise<ApiError> {
  if (member)
    await recordAudit(db, callerOf(member, place), { action: 'member.sign-in-refused', target: member.memberId })
  // Nobody's address takes as long: this writes and commits, too.
  else await db.query(`update sign_in_failures set last_at = $2 where email_index = $1`, [emailIndex, place.now])
  return new ApiError('NOAUTH', 'the address, the password or the account is not good')
}

/** What is to be done once a second factor was judged: a good one brings a session, a bad one counts as a failure. */
export interface SecondStep {
  readonly session: Session
  readonly place: SignInPlace
  readonly factor: GivenFactor
  /** Judges what was given, and uses it up. */
  readonly judge: (tx: Tx, caller: Caller) => Promise<boolean>
}

/**
 * The second step: the session of the first ends, and a new one under another id begins.
 *
 * @throws ApiError NOAUTH, the same for each kind of failure and while the address is locked
 */
export async function giveSecondFactor(deps: SignInDeps, step: SecondStep): Promise<SignedIn> {
  const { session, place } = step
  const caller = callerOf(session, place)
  const allowed = await countAttempt(deps.db, session.emailIndex, place.now)
  const good = allowed && (await deps.db.transaction((tx) => step.judge(tx, caller)))
  if (!good) {
    await recordAudit(deps.db, caller, {
      action: 'member.second-factor-refused',
      target: session.memberId,
      after: step.factor,
    })
    throw new ApiError('NOAUTH', 'the second factor is not good')
  }
  const token = await complete(deps, caller, { member: session, place, emailIndex: session.emailIndex, first: session })
  return { token, factors: [] }
}

interface Completion {
  readonly member: { readonly memberId: string }
  readonly place: SignInPlace
  readonly emailIndex: Buffer
  /** The session of the first step; absent where one step is all. */
  readonly first?: Session
}

function complete(deps: SignInDeps, caller: Caller, { member, place, emailIndex, first }: Completion): Promise<string> {
  const { memberId } = member
  return deps.db.transaction(async (tx) => {
    await clearAttempts(tx, emailIndex)
    if (first) await endSession(tx, caller, first.sessionId)
    const { token, sessionId } = await beginSession({ tx, pepper: deps.pepper }, caller, {
      memberId,
      level: 'full',
      secondFactor: first !== undefined,
      device: place.device,
      ...(first ? { since: first.createdAt } : {}),
    })
    await tx.query(`update members set last_sign_in_at = $3 where merchant_id = $1 and member_id = $2`, [
      caller.merchantId,
      memberId,
      caller.now,
    ])
    await recordAudit(tx, caller, { action: 'member.signed-in', target: memberId, after: sessionId })
    return token
  })
}

function factorsOf({ hasTotp, hasPasskey }: MemberRow): GivenFactor[] {
  return [...(hasPasskey ? (['passkey'] as const) : []), ...(hasTotp ? (['totp'] as const) : []), 'recovery']
}

function callerOf({ merchantId, memberId }: { merchantId: string; memberId: string }, place: SignInPlace): Caller {
  const { requestId, ip, now } = place
  return { merchantId, mode: 'test', actor: memberId, requestId, ip, now }
}

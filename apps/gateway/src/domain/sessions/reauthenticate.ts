import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { findMember } from '../members/member.ts'
import { isPassword } from '../members/passwords.ts'
import { clearAttempts, countAttempt } from './attempts.ts'
import { refreshSession, type Session } from './session.ts'
import { judgeTotp, type FactorDeps } from './totp.ts'

/**
 * Shows that it is still the member: by the password, and by a code of the authenticator app where the member has one.
 * Failures count like those of signing in.
 *
 * @throws ApiError NOAUTH (403) where it is not good
 * @see OWASP ASVS 7.5; PCI DSS 8.3.4
 */
export async function reauthenticate(
  deps: FactorDeps,
  caller: Caller,
  { session, password, code }: { session: Session; password: string; code?: string | undefined },
): Promise<void> {
  const allowed = await countAttempt(deps.db, session.emailIndex, caller.now)
  const member = await findMember(deps.db, caller, session.memberId)
  const knows = await isPassword(password, member.passwordHash)
  const good =
    allowed &&
    knows &&
    (!member.hasTotp ||
      (code !== undefined &&
        (await deps.db.transaction((tx) => judgeTotp({ ...deps, tx }, caller, { memberId: session.memberId, code })))))
  if (!good) {
    await recordAudit(deps.db, caller, { action: 'member.reauthentication-refused', target: session.memberId })
    throw new ApiError('NOAUTH', 'not shown to be the member', { status: 403 })
  }
  await deps.db.transaction(async (tx) => {
    await clearAttempts(tx, session.emailIndex)
    await refreshSession(tx, caller, session.sessionId)
    await recordAudit(tx, caller, { action: 'member.reauthenticated', target: session.memberId })
  })
}

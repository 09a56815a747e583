import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'
import { keepChallenge, takeChallenge } from './session.ts'

/** Where passkeys are good: nowhere else than at this origin. */
export interface RelyingParty {
  /** The dashboard's origin, e.g. `https://dashboard.example.org`. */
  readonly origin: string
}

/** A member with a session to keep the challenge on. */
export interface AskedMember {
  readonly memberId: string
  readonly sessionId: string
}

interface PasskeyRow {
  readonly factorId: string
  readonly credentialId: Buffer
  readonly publicKey: Buffer
  readonly signCount: number
  readonly transports: AuthenticatorTransport[]
}

const hostOf = ({ origin }: RelyingParty): string => new URL(origin).hostname

/** What the browser is asked for to sign in. */
export async function askForPasskey(
  deps: { tx: Tx; relyingParty: RelyingParty },
  caller: Caller,
  of: AskedMember,
): Promise<object> {
  const known = await passkeysOf(deps.tx, caller, of.memberId)
  const options = await generateAuthenticationOptions({
    rpID: hostOf(deps.relyingParty),
    userVerification: 'required',
    allowCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId.toString('base64url'),
      transports,
    })),
  })
  await keepChallenge(deps.tx, caller, { sessionId: of.sessionId, challenge: options.challenge })
  return options
}

/** Judges what the browser gave; a challenge is good once. */
export async function judgePasskey(
  deps: { tx: Tx; relyingParty: RelyingParty },
  caller: Caller,
  { memberId, sessionId, response }: AskedMember & { response: unknown },
): Promise<boolean> {
  const expectedChallenge = await takeChallenge(deps.tx, caller, sessionId)
  const given = response as AuthenticationResponseJSON
  const known = await passkeysOf(deps.tx, caller, memberId)
  const passkey = known.find(({ credentialId }) => credentialId.toString('base64url') === given.id)
  if (expectedChallenge === undefined || !passkey) return false
  const signCount = await countAfter(deps.relyingParty, { expectedChallenge, given, passkey })
  if (signCount === undefined) return false
  await deps.tx.query(
    `update passkeys set sign_count = $3, last_used_at = $4 where merchant_id = $1 and factor_id = $2`,
    [caller.merchantId, passkey.factorId, signCount, caller.now],
  )
  return true
}

interface Given {
  readonly expectedChallenge: string
  readonly given: AuthenticationResponseJSON
  readonly passkey: PasskeyRow
}

/** @returns undefined where it does not verify; the library throws for whatever is not as it should be */
async function countAfter(
  party: RelyingParty,
  { expectedChallenge, given, passkey }: Given,
): Promise<number | undefined> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: given,
      expectedChallenge,
      expectedOrigin: party.origin,
      expectedRPID: hostOf(party),
      requireUserVerification: true,
      credential: {
        id: given.id,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.signCount,
        transports: passkey.transports,
      },
    })
    return verified ? authenticationInfo.newCounter : undefined
  } catch {
    return undefined // Another origin, another challenge, a copied key: one refusal for all of them.
  }
}

/** What the browser is asked for to make a passkey. */
export async function askForNewPasskey(
  deps: { tx: Tx; relyingParty: RelyingParty },
  caller: Caller,
  of: AskedMember & { email: string; name: string },
): Promise<object> {
  const known = await passkeysOf(deps.tx, caller, of.memberId)
  const options = await generateRegistrationOptions({
    rpName: 'UCanPay',
    rpID: hostOf(deps.relyingParty),
    userName: of.email,
    userDisplayName: of.name,
    userID: new TextEncoder().encode(of.memberId),
    attestationType: 'none',
    excludeCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId.toString('base64url'),
      transports,
    })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
  })
  await keepChallenge(deps.tx, caller, { sessionId: of.sessionId, challenge: options.challenge })
  return options
}

/** Adds the passkey that the browser made. @throws ApiError PARAM_ERROR where it does not verify */
export async function addPasskey(
  deps: { tx: Tx; relyingParty: RelyingParty },
  caller: Caller,
  { memberId, sessionId, name, response }: AskedMember & { name: string; response: unknown },
): Promise<string> {
  const expectedChallenge = await takeChallenge(deps.tx, caller, sessionId)
  const made = expectedChallenge && (await verifiedPasskey(deps.relyingParty, expectedChallenge, response))
  if (!made) {
    throw new ApiError('PARAM_ERROR', 'the passkey does not verify', {
      failures: [{ pointer: '/response', rule: 'passkey' }],
    })
  }
  const factorId = newId('fac', caller.now)
  await deps.tx.query(
    `insert into passkeys (merchant_id, factor_id, member_id, name, credential_id, public_key, sign_count, transports, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      caller.merchantId,
      factorId,
      memberId,
      name,
      Buffer.from(made.id, 'base64url'),
      Buffer.from(made.publicKey),
      made.counter,
      made.transports ?? [],
      caller.now,
    ],
  )
  await recordAudit(deps.tx, caller, { action: 'member.factor-added', target: memberId, after: `passkey ${factorId}` })
  return factorId
}

async function verifiedPasskey(party: RelyingParty, expectedChallenge: string, response: unknown) {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge,
      expectedOrigin: party.origin,
      expectedRPID: hostOf(party),
      requireUserVerification: true,
    })
    return verified ? registrationInfo.credential : undefined
  } catch {
    return undefined
  }
}

function passkeysOf(tx: Tx, caller: Caller, memberId: string): Promise<PasskeyRow[]> {
  return tx.query<PasskeyRow>(
    `select factor_id as "factorId", credential_id as "credentialId", public_key as "publicKey", sign_count as "signCount",
            transports
     from passkeys where merchant_id = $1 and member_id = $2`,
    [caller.merchantId, memberId],
  )
}

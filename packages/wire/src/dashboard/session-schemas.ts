import Type from 'typebox'
import { MODES } from '../api-key.ts'
import { oneOf } from '../one-of.ts'
import { ROLES, RIGHTS } from './roles.ts'

const closed = { additionalProperties: false } as const
const time = (description: string): Type.TString => Type.String({ format: 'date-time', description })
const email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\s@\\u0000-\\u001f\\u007f]{1,64}@[^\\s@\\u0000-\\u001f\\u007f]{1,189}$',
})
/** NIST SP 800-63B-4: long ones are welcome, so the bound is that of the body's good sense. */
const newPassword = Type.String({ minLength: 12, maxLength: 128, description: 'At least 12 characters.' })
const givenPassword = Type.String({ minLength: 1, maxLength: 128 })
const totpCode = Type.String({ pattern: '^[0-9]{6}$', description: 'Six digits of an authenticator app.' })
const recoveryCode = Type.String({ pattern: '^[0-9a-z]{5}-?[0-9a-z]{5}$', description: 'One of the ten, once.' })
const linkToken = Type.String({
  pattern: '^[0-9A-Za-z_-]{43}$',
  description: 'The last part of a link that was mailed.',
})
/** What a browser's credential API gives and takes; the library that reads it checks its parts. */
const credential = Type.Object({}, { additionalProperties: true, description: 'WebAuthn, in JSON (W3C WebAuthn L3).' })

/** What a sign-in still lacks. */
export const NEXT_STEPS = ['second-factor', 'signed-in'] as const
export const FACTOR_KINDS = ['totp', 'passkey', 'recovery'] as const

export const Nothing = Type.Object({}, { ...closed, $id: 'Nothing' })

/** POST /dashboard-api/sign-in. */
export const SignInRequest = Type.Object({ email, password: givenPassword }, { ...closed, $id: 'SignInRequest' })
export const SignInData = Type.Object({
  next: oneOf(NEXT_STEPS, 'second-factor: the session opens nothing until one is given.'),
  factors: Type.Array(oneOf(FACTOR_KINDS, 'What the member can give.')),
  csrfToken: Type.String({ description: 'Of the session that this began; see GET /dashboard-api/session.' }),
})
export type SignInData = Type.Static<typeof SignInData>

/** POST /dashboard-api/sign-in/totp, …/recovery, …/passkey. */
export const TotpRequest = Type.Object({ code: totpCode }, { ...closed, $id: 'TotpRequest' })
export const RecoveryRequest = Type.Object({ code: recoveryCode }, { ...closed, $id: 'RecoveryRequest' })
export const PasskeyRequest = Type.Object({ response: credential }, { ...closed, $id: 'PasskeyRequest' })
/** Options for the browser's credential API. */
export const PasskeyOptions = Type.Object({ options: credential })

/** GET /dashboard-api/session. */
export const SessionData = Type.Object({
  memberId: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: oneOf(ROLES, 'What the member is here.'),
  rights: Type.Array(oneOf(RIGHTS, 'What the member may do.')),
  merchantId: Type.String(),
  merchantName: Type.String(),
  mode: oneOf(MODES, 'test: no money moves.'),
  hasSecondFactor: Type.Boolean({ description: 'Without one nothing in live mode opens.' }),
  csrfToken: Type.String({ description: 'Goes in the header X-CSRF-Token of every request that changes something.' }),
  serverTime: time('Now, by the server.'),
  idleEndsAt: time('When the session ends if nothing is done (15 minutes).'),
  endsAt: time('When it ends in any case (12 hours).'),
  freshUntil: Type.Optional(time('Until then the member counts as having just signed in (5 minutes).')),
})
export type SessionData = Type.Static<typeof SessionData>

/** POST /dashboard-api/session/mode. */
export const SwitchModeRequest = Type.Object(
  { mode: oneOf(MODES, 'The mode to look at.') },
  { ...closed, $id: 'SwitchModeRequest' },
)

/** POST /dashboard-api/session/reauthenticate: the password, and a second factor's code where there is one to type. */
export const ReauthenticateRequest = Type.Object(
  { password: givenPassword, code: Type.Optional(totpCode) },
  { ...closed, $id: 'ReauthenticateRequest' },
)

/** A session of the member's own. */
export const SessionRow = Type.Object({
  sessionId: Type.String(),
  device: Type.String({ description: 'Browser and system, as it says of itself.' }),
  ip: Type.String({ description: 'From where it was last used.' }),
  createdAt: time('When it was signed in.'),
  lastSeenAt: time('When it was last used.'),
  current: Type.Boolean({ description: 'The one that asks.' }),
})
export const SessionList = Type.Object({ items: Type.Array(SessionRow) })
export const SessionParams = Type.Object({ sessionId: Type.String({ minLength: 1, maxLength: 64 }) })

/** POST /dashboard-api/password. */
export const ChangePasswordRequest = Type.Object(
  { password: givenPassword, newPassword },
  { ...closed, $id: 'ChangePasswordRequest' },
)
/** POST /dashboard-api/password-reset: the answer is the same for every address. */
export const PasswordResetRequest = Type.Object({ email }, { ...closed, $id: 'PasswordResetRequest' })
export const CompletePasswordResetRequest = Type.Object(
  { token: linkToken, newPassword },
  { ...closed, $id: 'CompletePasswordResetRequest' },
)

/** POST /dashboard-api/invitations/look, …/accept. */
export const InvitationRequest = Type.Object({ token: linkToken }, { ...closed, $id: 'InvitationRequest' })
export const InvitationData = Type.Object({
  merchantName: Type.String(),
  email: Type.String(),
  role: oneOf(ROLES, 'What the member will be.'),
})
export const AcceptInvitationRequest = Type.Object(
  {
    token: linkToken,
    name: Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }),
    newPassword,
  },
  { ...closed, $id: 'AcceptInvitationRequest' },
)

/** A second factor of the member's own. */
export const FactorRow = Type.Object({
  factorId: Type.String(),
  kind: oneOf(['totp', 'passkey'], 'What it is.'),
  name: Type.String(),
  createdAt: time('When it was added.'),
  lastUsedAt: Type.Optional(time('When it was last used.')),
})
export const FactorList = Type.Object({
  items: Type.Array(FactorRow),
  recoveryCodesLeft: Type.Integer({ minimum: 0, maximum: 10 }),
})
export const FactorParams = Type.Object({ factorId: Type.String({ minLength: 1, maxLength: 64 }) })
const factorName = Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })

/** POST /dashboard-api/factors/totp, …/{factorId}/confirm. */
export const AddTotpRequest = Type.Object({ name: factorName }, { ...closed, $id: 'AddTotpRequest' })
export const AddTotpData = Type.Object({
  factorId: Type.String(),
  secret: Type.String({ description: 'Base32, for typing it in.' }),
  uri: Type.String({ description: 'otpauth://…, for a QR code.' }),
})
/** POST /dashboard-api/factors/passkey. */
export const AddPasskeyRequest = Type.Object(
  { name: factorName, response: credential },
  { ...closed, $id: 'AddPasskeyRequest' },
)
/** The first factor brings ten recovery codes, shown this once; later ones bring none. */
export const FactorAddedData = Type.Object({
  factorId: Type.String(),
  recoveryCodes: Type.Array(Type.String()),
})
export const RecoveryCodesData = Type.Object({ recoveryCodes: Type.Array(Type.String()) })

/** A member of the merchant's team. */
export const MemberRow = Type.Object({
  memberId: Type.String(),
  email: Type.String(),
  name: Type.String({ description: 'Empty until the invitation is accepted.' }),
  role: oneOf(ROLES, 'What the member may do.'),
  status: oneOf(['invited', 'active', 'disabled'], 'Only an active member signs in.'),
  hasSecondFactor: Type.Boolean(),
  createdAt: time('When the member was invited.'),
  lastSignInAt: Type.Optional(time('When the member last signed in.')),
})
export const MemberList = Type.Object({ items: Type.Array(MemberRow) })
export const MemberParams = Type.Object({ memberId: Type.String({ minLength: 1, maxLength: 64 }) })
/** POST /dashboard-api/members. */
export const InviteMemberRequest = Type.Object(
  { email, role: oneOf(ROLES, 'What the member will be.') },
  { ...closed, $id: 'InviteMemberRequest' },
)
/** POST /dashboard-api/members/{memberId}/role. */
export const ChangeRoleRequest = Type.Object(
  { role: oneOf(ROLES, 'What the member will be.') },
  { ...closed, $id: 'ChangeRoleRequest' },
)

import Type from 'typebox'
import type { SealedValue, StoredValue } from '../../domain/members/member-vault.ts'
import type { App } from '../app.ts'
import { merchantOf, OF_MERCHANT } from './of-merchant.ts'
import type { Vault } from './vault.ts'

const closed = { additionalProperties: false } as const
/** Names a row. */
export const Id = Type.String({ pattern: '^[0-9A-Za-z_]{1,64}$' })
const Base64 = Type.String({ maxLength: 16_384, pattern: '^[0-9A-Za-z+/=]*$' })
const Email = Type.String({ maxLength: 254 })
/** Members of a request that hold a sealed value. */
export const Stored = { id: Id, keyId: Id, sealed: Base64 }
const SealProfile = Type.Object({ ...OF_MERCHANT, id: Id, email: Email, name: Type.String({ maxLength: 64 }) }, closed)
const OpenProfiles = Type.Object(
  { ...OF_MERCHANT, members: Type.Array(Type.Object(Stored, closed), { maxItems: 500 }) },
  closed,
)
const SealSecret = Type.Object({ ...OF_MERCHANT, id: Id, secret: Type.String({ maxLength: 64 }) }, closed)
const OpenSecret = Type.Object({ ...OF_MERCHANT, ...Stored }, closed)
const Index = Type.Object({ email: Email }, closed)

/** A sealed value as it travels. */
export interface SealedValueText {
  readonly keyId: string
  readonly sealed: string
}

const dashboard = { clients: ['dashboard'], takesKeys: true } as const

/** POST /vault-api/members/…: what is personal or secret about members, for the dashboard; addresses for the worker's mails. */
export function vaultMemberRoutes(app: App, { memberVault }: Pick<Vault, 'memberVault'>): void {
  const path = '/vault-api/members'

  app.post(
    `${path}/seal-profile`,
    { config: { ...dashboard, access: 'vault-client' }, schema: { body: SealProfile } },
    async (request) => {
      const { id, email, name } = request.body
      return toText(await memberVault.sealProfile(merchantOf(request, request.body), id, { email, name }))
    },
  )

  app.post(
    `${path}/open-profiles`,
    {
      config: { access: 'vault-client', clients: ['dashboard', 'worker'], takesKeys: true },
      bodyLimit: 1024 * 1024,
      schema: { body: OpenProfiles },
    },
    async (request) => {
      const members = request.body.members.map(toStored)
      return { profiles: await memberVault.openProfiles(merchantOf(request, request.body), members) }
    },
  )

  app.post(
    `${path}/seal-secret`,
    { config: { ...dashboard, access: 'vault-client' }, schema: { body: SealSecret } },
    async (request) => {
      const { id, secret } = request.body
      return toText(await memberVault.sealSecret(merchantOf(request, request.body), id, secret))
    },
  )

  app.post(
    `${path}/open-secret`,
    { config: { ...dashboard, access: 'vault-client' }, schema: { body: OpenSecret } },
    async (request) => ({
      secret: await memberVault.openSecret(merchantOf(request, request.body), toStored(request.body)),
    }),
  )

  app.post(
    `${path}/index`,
    { config: { ...dashboard, access: 'vault-client' }, schema: { body: Index } },
    async (request) => ({
      index: (await memberVault.indexOf(request.body.email)).toString('base64'),
    }),
  )
}

/** A sealed value that came in a request. */
export function toStored({ id, keyId, sealed }: { id: string; keyId: string; sealed: string }): StoredValue {
  return { id, keyId, sealed: Buffer.from(sealed, 'base64') }
}

/** A sealed value for an answer. */
export function toText({ keyId, sealed }: SealedValue): SealedValueText {
  return { keyId, sealed: sealed.toString('base64') }
}

import Type from 'typebox'
import { API_KEY_KINDS, MODES } from './api-key.ts'
import { objectId } from './object-id.ts'
import { oneOf } from './one-of.ts'
import { signature } from './payment-replies.ts'
import { signatureMembers } from './payment-requests.ts'
import { SCOPES } from './scopes.ts'

const closed = { additionalProperties: false } as const

const name = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  description: 'What the key is for, in words of yours.',
})
const expiresInDays = Type.Integer({ minimum: 1, maximum: 365, description: 'Days until it expires; 90 where absent.' })
const SCOPE_PATTERN = SCOPES.join('|')

/** POST /v1/api-keys. Lists are texts with spaces between, so that a body stays flat and can be signed. */
export const CreateApiKeyRequest = Type.Object(
  {
    ...signatureMembers,
    name,
    kind: oneOf(API_KEY_KINDS, 'sk: everything. rk: what its scopes say. pk: publishable.'),
    scopes: Type.Optional(
      Type.String({
        maxLength: 256,
        pattern: `^(?:(?:${SCOPE_PATTERN})(?: (?:${SCOPE_PATTERN}))*)?$`,
        description: `For an rk, with spaces between: ${SCOPES.join(' ')}.`,
      }),
    ),
    expiresInDays: Type.Optional(expiresInDays),
    ipAllowList: Type.Optional(
      Type.String({
        maxLength: 1024,
        pattern: '^[0-9A-Fa-f:./ ]*$',
        description: 'Addresses and CIDR ranges that may use it, with spaces between; from anywhere where absent.',
      }),
    ),
  },
  { ...closed, $id: 'CreateApiKeyRequest' },
)
export type CreateApiKeyRequest = Type.Static<typeof CreateApiKeyRequest>

/** POST /v1/api-keys/{apiKeyId}/roll. */
export const RollApiKeyRequest = Type.Object(
  {
    ...signatureMembers,
    overlapS: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 604_800,
        description: 'Seconds that the old key lives on; 0, at once, where absent. At most 7 days.',
      }),
    ),
    expiresInDays: Type.Optional(expiresInDays),
  },
  { ...closed, $id: 'RollApiKeyRequest' },
)
export type RollApiKeyRequest = Type.Static<typeof RollApiKeyRequest>

/** POST /v1/api-keys/{apiKeyId}/revoke. */
export const RevokeApiKeyRequest = Type.Object({ ...signatureMembers }, { ...closed, $id: 'RevokeApiKeyRequest' })
export type RevokeApiKeyRequest = Type.Static<typeof RevokeApiKeyRequest>

export const ApiKeyParams = Type.Object({ apiKeyId: objectId('The id of a key.') })

/** A page of a list (contract §4). */
export const PageQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.String({ pattern: '^(?:[1-9][0-9]?|100)$', description: 'From 1 to 100; 20 where absent.' }),
    ),
    startingAfter: Type.Optional(objectId('The id that the page before ended with.')),
  },
  closed,
)
export type PageQuery = Type.Static<typeof PageQuery>

const time = (description: string): Type.TString => Type.String({ format: 'date-time', description })

const apiKeyMembers = {
  apiKeyId: Type.String(),
  kind: oneOf(API_KEY_KINDS, 'sk, rk or pk.'),
  mode: oneOf(MODES, 'test: no money moves.'),
  name: Type.String(),
  scopes: Type.String(),
  ipAllowList: Type.String(),
  status: oneOf(['active', 'expired', 'revoked'], 'Only an active key opens anything.'),
  createdAt: time('When it was made.'),
  expiresAt: Type.Optional(time('When it ends; never where absent.')),
  revokedAt: Type.Optional(time('When it was revoked.')),
  rolledInto: Type.Optional(Type.String({ description: 'The key that replaced it.' })),
  lastUsedAt: Type.Optional(time('When it was last used, to within some seconds.')),
  lastUsedIp: Type.Optional(Type.String({ description: 'From where.' })),
  lastUsedAgent: Type.Optional(Type.String({ description: 'The User-Agent that it came with.' })),
}

/** The `data` of an answer about one key. */
export const ApiKeyData = Type.Object({ ...apiKeyMembers, ...signature })
export type ApiKeyData = Type.Static<typeof ApiKeyData>

/** The `data` of the answer that makes a key: the one time that its text is shown. */
export const NewApiKeyData = Type.Object({
  ...apiKeyMembers,
  key: Type.String({ description: 'The key itself. It is shown this once and stored nowhere.' }),
  ...signature,
})
export type NewApiKeyData = Type.Static<typeof NewApiKeyData>

/** The `data` of a list of keys, newest first. The signature covers the members that are not lists. */
export const ApiKeyListData = Type.Object({
  items: Type.Array(Type.Object(apiKeyMembers)),
  hasMore: Type.Boolean(),
  ...signature,
})
export type ApiKeyListData = Type.Static<typeof ApiKeyListData>

/** POST /security/leaked-keys. */
export const LeakedKeysRequest = Type.Object(
  {
    keys: Type.Array(Type.String({ maxLength: 256 }), {
      minItems: 1,
      maxItems: 100,
      description: 'What was found; texts that are no key of ours do no harm.',
    }),
  },
  { ...closed, $id: 'LeakedKeysRequest' },
)

/** The answer never says which of the strings were keys. */
export const LeakedKeysData = Type.Object({
  received: Type.Integer({ minimum: 1, description: 'How many strings came.' }),
  nonceStr: signature.nonceStr,
  signType: signature.signType,
  sign: signature.sign,
})
export type LeakedKeysData = Type.Static<typeof LeakedKeysData>

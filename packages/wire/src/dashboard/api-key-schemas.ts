import Type from 'typebox'
import { API_KEY_KINDS, MODES } from '../api-key.ts'
import { PageQuery } from '../api-key-schemas.ts'
import { oneOf } from '../one-of.ts'
import { SCOPES } from '../scopes.ts'

const closed = { additionalProperties: false } as const
const time = (description: string): Type.TString => Type.String({ format: 'date-time', description })
const expiresInDays = Type.Optional(Type.Integer({ minimum: 1, maximum: 365, description: '90 where absent.' }))

/** An API key, as the dashboard lists it; its text is known to nobody. */
export const KeyRow = Type.Object(
  {
    apiKeyId: Type.String(),
    kind: oneOf(API_KEY_KINDS, 'sk: everything. rk: what its scopes say. pk: publishable.'),
    mode: oneOf(MODES, 'test: no money moves.'),
    name: Type.String(),
    scopes: Type.Array(Type.String()),
    ipAllowList: Type.Array(Type.String()),
    status: oneOf(['active', 'expired', 'revoked'], 'Only an active key opens anything.'),
    createdAt: time('When it was made.'),
    expiresAt: Type.Optional(time('When it ends; never where absent.')),
    revokedAt: Type.Optional(time('When it was revoked.')),
    rolledInto: Type.Optional(Type.String({ description: 'The key that replaced it.' })),
    lastUsedAt: Type.Optional(time('When it was last used, to within some seconds.')),
    lastUsedIp: Type.Optional(Type.String()),
    lastUsedAgent: Type.Optional(Type.String()),
  },
  { $id: 'KeyRow' },
)
export const KeyList = Type.Object({ items: Type.Array(KeyRow), hasMore: Type.Boolean() })
export const KeyListQuery = Type.Object({ ...PageQuery.properties }, closed)

/** POST /dashboard-api/api-keys. */
export const CreateKeyRequest = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }),
    kind: oneOf(API_KEY_KINDS, 'What it is.'),
    scopes: Type.Array(oneOf(SCOPES, 'What an rk may do.'), { maxItems: SCOPES.length, uniqueItems: true }),
    ipAllowList: Type.Array(Type.String({ minLength: 2, maxLength: 49 }), { maxItems: 32 }),
    expiresInDays,
  },
  { ...closed, $id: 'CreateKeyRequest' },
)
/** POST /dashboard-api/api-keys/{apiKeyId}/roll. */
export const RollKeyRequest = Type.Object(
  { overlapS: Type.Integer({ minimum: 0, maximum: 604_800 }), expiresInDays },
  { ...closed, $id: 'RollKeyRequest' },
)
/** The one time that a key's text is shown. */
export const NewKeyData = Type.Object({ ...KeyRow.properties, key: Type.String() })

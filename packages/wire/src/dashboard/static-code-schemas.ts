import Type from 'typebox'
import { PageQuery } from '../api-key-schemas.ts'
import { CURRENCIES } from '../currencies.ts'
import { objectId } from '../object-id.ts'
import { oneOf } from '../one-of.ts'
import { MAX_AMOUNT, UnifiedOrderRequest } from '../payment-requests.ts'

const closed = { additionalProperties: false } as const
const time = (description: string): Type.TString => Type.String({ format: 'date-time', description })
const amount = (description: string): Type.TInteger => Type.Integer({ minimum: 1, maximum: MAX_AMOUNT, description })
const name = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  description: 'What the team calls it, e.g. where it hangs; no buyer sees it.',
})

/** POST /dashboard-api/static-codes. */
export const CreateStaticCodeRequest = Type.Object(
  {
    name,
    subject: UnifiedOrderRequest.properties.subject,
    currency: oneOf(CURRENCIES, 'ISO 4217. A code keeps it for good.'),
    minAmt: amount('The least that a buyer may enter, in minor units.'),
    maxAmt: amount('The most. The same as `minAmt`: the amount is fixed, and no buyer enters any.'),
    notifyUrl: UnifiedOrderRequest.properties.notifyUrl,
  },
  { ...closed, $id: 'CreateStaticCodeRequest' },
)
export type CreateStaticCodeRequest = Type.Static<typeof CreateStaticCodeRequest>

/** PUT /dashboard-api/static-codes/{codeId}: what is absent stays. */
export const ChangeStaticCodeRequest = Type.Object(
  {
    name: Type.Optional(name),
    enabled: Type.Optional(Type.Boolean({ description: 'False: its page says that it is switched off.' })),
  },
  { ...closed, $id: 'ChangeStaticCodeRequest' },
)
export type ChangeStaticCodeRequest = Type.Static<typeof ChangeStaticCodeRequest>

/** A static code, as lists and its page show it. */
export const StaticCodeRow = Type.Object(
  {
    codeId: Type.String(),
    name: Type.String(),
    subject: Type.String(),
    currency: Type.String(),
    minAmt: amount('Minor units of the currency.'),
    maxAmt: amount('Minor units of the currency.'),
    notifyUrl: Type.String(),
    enabled: Type.Boolean(),
    codeUrl: Type.String({ description: 'What the printed code encodes.' }),
    createdAt: time('When it was made.'),
    lastUsedAt: Type.Optional(time('When an order was last placed by it.')),
  },
  { $id: 'StaticCodeRow' },
)
export const StaticCodeList = Type.Object({ items: Type.Array(StaticCodeRow), hasMore: Type.Boolean() })
export const StaticCodeListQuery = Type.Object({ ...PageQuery.properties }, closed)
export const StaticCodeParams = Type.Object({ codeId: objectId('The id of a static code.') })

import Type from 'typebox'
import { MAX_AMOUNT } from './payment-requests.ts'

/** How a static code's token looks: 18 random bytes in base64url, without any bits to spare. */
export const STATIC_CODE_TOKEN_PATTERN = '^[0-9A-Za-z_-]{24}$'

/** POST /checkout-api/codes/{token}/orders: what the buyer's page sends. */
export const StaticCodeOrderRequest = Type.Object(
  {
    totalAmt: Type.Integer({ minimum: 1, maximum: MAX_AMOUNT, description: "Minor units of the code's currency." }),
    formToken: Type.String({
      pattern: '^[0-9A-Za-z_-]{22}$',
      description: 'Made by the page, 128 random bits: the same form sent again gives the same order.',
    }),
  },
  { additionalProperties: false, $id: 'StaticCodeOrderRequest' },
)
/** Where the buyer goes on. */
export const StaticCodeOrderReply = Type.Object({ payUrl: Type.String() }, { $id: 'StaticCodeOrderReply' })

/** What a buyer may see of a static code. */
export interface ShownStaticCode {
  readonly merchantName: string
  readonly subject: string
  readonly currency: string
  /** Minor units. */
  readonly minAmt: number
  /** Minor units; the same as `minAmt` where the amount is fixed. */
  readonly maxAmt: number
  readonly mode: 'test' | 'live'
  readonly enabled: boolean
}

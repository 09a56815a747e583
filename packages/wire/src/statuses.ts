/** Where an order stands. `AUTHORIZED` is ours, for manual capture (contract §4). */
export const TRADE_STATUSES = [
  'NOTPAY',
  'USERPAYING',
  'AUTHORIZED',
  'SUCCESS',
  'REFUND',
  'CLOSED',
  'REVOKED',
  'PAYERROR',
] as const
export type TradeStatus = (typeof TRADE_STATUSES)[number]

/** Where a refund stands (contract §4). */
export const REFUND_STATUSES = ['PROCESSING', 'SUCCESS', 'REFUNDCLOSE', 'FAIL'] as const
export type RefundStatus = (typeof REFUND_STATUSES)[number]

/** How the buyer reaches the checkout: in an app's page, by QR code, on the mobile web (contract §4). */
export const SCENE_TYPES = ['JSAPI', 'NATIVE', 'MWEB'] as const
export type SceneType = (typeof SCENE_TYPES)[number]

export { UCanPay } from './client.ts'
export type { NewPayment, NewRefund, OnceOptions, OrderRef, RefundRef, UCanPayOptions } from './client.ts'
export {
  UCanPayConfigError,
  UCanPayConnectionError,
  UCanPayError,
  UCanPaySignatureError,
  UCanPayTimeoutError,
} from './errors.ts'
export { clientFromEnvironment } from './from-environment.ts'
export { keyFromEnvironment, keyFromFile, type KeySource } from './key-source.ts'
export { NOTIFICATION_TAKEN, verifyWebhook } from './webhooks/verify.ts'
export type { UCanPayNotification, WebhookHeaders, WebhookVerification } from './webhooks/verify.ts'
export type { PaymentData, PaymentListData, RefundListData, RestRefundData } from '@ucanpay/wire/rest-schemas'
export type { OrderData, RefundData, UnifiedOrderData } from '@ucanpay/wire/payment-replies'

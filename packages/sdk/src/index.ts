export { UCanPay } from './client.ts'
export type { CallOptions, OnceOptions, UCanPayOptions } from './options.ts'
export type { Hooks, RequestEvent, ResponseEvent, RetryEvent } from './hooks.ts'
export type { Items, Page, Pages } from './pages.ts'
export { keyFromEnvironment, keyFromFile, type KeySource } from './key-source.ts'
export {
  Refused,
  UCanPayAbortedError,
  UCanPayCertificateError,
  UCanPayConfigError,
  UCanPayConnectionError,
  UCanPayError,
  UCanPayRefusedError,
  UCanPaySignatureError,
  UCanPayTimeoutError,
} from './errors.ts'
export type { AnyFailureMsg, RefusedClass } from './errors.ts'
export { clientFromEnvironment } from './from-environment.ts'
export { NOTIFICATION_TAKEN, verifyWebhook } from './webhooks/verify.ts'
export type { UCanPayNotification, WebhookHeaders, WebhookVerification } from './webhooks/verify.ts'
export type { NewPayment, OrderRef } from './resources/orders.ts'
export type { NewRefund, RefundRef } from './resources/refunds.ts'
export type { PaymentItem, RefundItem } from './resources/payments.ts'
export type { ApiKeyItem } from './resources/api-keys.ts'
export type { UserItem } from './resources/users.ts'
export type { FailureDetail, FailureMsg } from '@ucanpay/wire/failures'
export type { ApiKeyData, ApiKeyListData, LeakedKeysData, NewApiKeyData } from '@ucanpay/wire/api-key-schemas'
export type { PaymentData, PaymentListData, RefundListData, RestRefundData } from '@ucanpay/wire/rest-schemas'
export type { OrderData, RefundData, UnifiedOrderData } from '@ucanpay/wire/payment-replies'
export type { ErasedUserData, UserData, UserListData } from '@ucanpay/wire/user-schemas'

import type { Mode } from '@ucanpay/wire/api-key'

/** On whose behalf something is done. `merchantId` and `mode` stand in every `where`. */
export interface Caller {
  readonly merchantId: string
  readonly mode: Mode
  /** For the audit log: an API key's id, `buyer`, `worker` or `operator`. */
  readonly actor: string
  readonly requestId: string | null
  /** From where; absent for what nobody asked for. */
  readonly ip?: string | undefined
  /** One time for everything that one request or one job does. */
  readonly now: Date
}

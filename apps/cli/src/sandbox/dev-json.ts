import type { SandboxCredentials } from './seed.ts'

/** What `.ucanpay/dev.json` holds (contract §8). */
export interface DevJson extends SandboxCredentials {
  readonly apiUrl: string
  readonly checkoutUrl: string
  readonly dashboardUrl: string
  readonly shopUrl: string
  readonly caFile: string
  readonly merchantPrivateKeyFile: string
  readonly platformPublicKeyFile: string
  readonly databaseUrl: string
  readonly logFile: string
}

// Written by `npm run rules -w apps/scanner`.
import type { Rule } from '../engine/rule.ts'
import { rule as envFileCommitted } from './api-keys/env-file-committed.ts'
import { rule as secretInBrowserBundle } from './api-keys/secret-in-browser-bundle.ts'
import { rule as secretInSource } from './api-keys/secret-in-source.ts'
import { rule as tlsVerificationDisabled } from './certificates/tls-verification-disabled.ts'
import { rule as cookieWithoutHttponly } from './cookies/cookie-without-httponly.ts'
import { rule as cookieWithoutSecure } from './cookies/cookie-without-secure.ts'
import { rule as plaintextCardColumn } from './encryption-at-rest/plaintext-card-column.ts'
import { rule as responseLeaksError } from './error-messages/response-leaks-error.ts'
import { rule as hstsDisabled } from './https/hsts-disabled.ts'
import { rule as oldTlsVersion } from './https/old-tls-version.ts'
import { rule as amountFromBrowser } from './open-channels/amount-from-browser.ts'
import { rule as webhookNotVerified } from './open-channels/webhook-not-verified.ts'
import { rule as cardNumberInFile } from './sealed-before-storage/card-number-in-file.ts'
import { rule as tokenInLocalStorage } from './sessions/token-in-local-storage.ts'

/** Every rule, by practice and name. */
export const ALL_RULES: readonly Rule[] = [
  envFileCommitted,
  secretInBrowserBundle,
  secretInSource,
  tlsVerificationDisabled,
  cookieWithoutHttponly,
  cookieWithoutSecure,
  plaintextCardColumn,
  responseLeaksError,
  hstsDisabled,
  oldTlsVersion,
  amountFromBrowser,
  webhookNotVerified,
  cardNumberInFile,
  tokenInLocalStorage,
]

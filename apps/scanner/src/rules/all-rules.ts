// Written by `npm run rules -w apps/scanner`.
import type { Rule } from '../engine/rule.ts'
import { rule as envFileCommitted } from './api-keys/env-file-committed.ts'
import { rule as secretInBrowserBundle } from './api-keys/secret-in-browser-bundle.ts'
import { rule as secretInSource } from './api-keys/secret-in-source.ts'
import { rule as tlsVerificationDisabled } from './certificates/tls-verification-disabled.ts'
import { rule as cookieWithoutHttponly } from './cookies/cookie-without-httponly.ts'
import { rule as cookieWithoutSecure } from './cookies/cookie-without-secure.ts'
import { rule as plaintextCardColumn } from './encryption-at-rest/plaintext-card-column.ts'
import { rule as cardDataInLog } from './error-logs/card-data-in-log.ts'
import { rule as logRequestBody } from './error-logs/log-request-body.ts'
import { rule as secretInLog } from './error-logs/secret-in-log.ts'
import { rule as responseLeaksError } from './error-messages/response-leaks-error.ts'
import { rule as hstsDisabled } from './https/hsts-disabled.ts'
import { rule as oldTlsVersion } from './https/old-tls-version.ts'
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
  cardDataInLog,
  logRequestBody,
  secretInLog,
  responseLeaksError,
  hstsDisabled,
  oldTlsVersion,
  cardNumberInFile,
  tokenInLocalStorage,
]

// Written by `npm run rules -w apps/scanner`.
import type { Rule } from '../engine/rule.ts'
import { rule as defaultPassword } from './api-keys/default-password.ts'
import { rule as dockerSecret } from './api-keys/docker-secret.ts'
import { rule as envFileCommitted } from './api-keys/env-file-committed.ts'
import { rule as jwtSecretHardcoded } from './api-keys/jwt-secret-hardcoded.ts'
import { rule as md5Signature } from './api-keys/md5-signature.ts'
import { rule as randomNotSecure } from './api-keys/random-not-secure.ts'
import { rule as secretInBrowserBundle } from './api-keys/secret-in-browser-bundle.ts'
import { rule as secretInSource } from './api-keys/secret-in-source.ts'
import { rule as secretInUrl } from './api-keys/secret-in-url.ts'
import { rule as signatureComparedUnsafely } from './api-keys/signature-compared-unsafely.ts'
import { rule as weakPasswordHash } from './api-keys/weak-password-hash.ts'
import { rule as databaseWithoutTls } from './certificates/database-without-tls.ts'
import { rule as tlsVerificationDisabled } from './certificates/tls-verification-disabled.ts'
import { rule as cookieSamesiteNone } from './cookies/cookie-samesite-none.ts'
import { rule as cookieWithoutHttponly } from './cookies/cookie-without-httponly.ts'
import { rule as cookieWithoutSecure } from './cookies/cookie-without-secure.ts'
import { rule as encryptionKeyHardcoded } from './encryption-at-rest/encryption-key-hardcoded.ts'
import { rule as plaintextCardColumn } from './encryption-at-rest/plaintext-card-column.ts'
import { rule as plaintextPersonalColumn } from './encryption-at-rest/plaintext-personal-column.ts'
import { rule as staticIv } from './encryption-at-rest/static-iv.ts'
import { rule as weakCipher } from './encryption-at-rest/weak-cipher.ts'
import { rule as cardDataInLog } from './error-logs/card-data-in-log.ts'
import { rule as cardNumberInLogFile } from './error-logs/card-number-in-log-file.ts'
import { rule as logRequestBody } from './error-logs/log-request-body.ts'
import { rule as secretInLog } from './error-logs/secret-in-log.ts'
import { rule as debugErrorHandler } from './error-messages/debug-error-handler.ts'
import { rule as responseLeaksError } from './error-messages/response-leaks-error.ts'
import { rule as stackInResponse } from './error-messages/stack-in-response.ts'
import { rule as corsAnyOriginWithCredentials } from './https/cors-any-origin-with-credentials.ts'
import { rule as framingAllowed } from './https/framing-allowed.ts'
import { rule as hstsDisabled } from './https/hsts-disabled.ts'
import { rule as insecureUrl } from './https/insecure-url.ts'
import { rule as mixedContent } from './https/mixed-content.ts'
import { rule as oldTlsVersion } from './https/old-tls-version.ts'
import { rule as scriptPolicyDisabled } from './https/script-policy-disabled.ts'
import { rule as thirdPartyScriptWithoutIntegrity } from './https/third-party-script-without-integrity.ts'
import { rule as keyWithoutExpiry } from './key-rotation/key-without-expiry.ts'
import { rule as amountFromBrowser } from './open-channels/amount-from-browser.ts'
import { rule as webhookNotVerified } from './open-channels/webhook-not-verified.ts'
import { rule as unpinnedDependency } from './scanning/unpinned-dependency.ts'
import { rule as cardDataToDatabase } from './sealed-before-storage/card-data-to-database.ts'
import { rule as cardNumberInFile } from './sealed-before-storage/card-number-in-file.ts'
import { rule as commandInjection } from './sealed-before-storage/command-injection.ts'
import { rule as cvcStored } from './sealed-before-storage/cvc-stored.ts'
import { rule as floatMoney } from './sealed-before-storage/float-money.ts'
import { rule as nosqlInjection } from './sealed-before-storage/nosql-injection.ts'
import { rule as openRedirect } from './sealed-before-storage/open-redirect.ts'
import { rule as sqlInjection } from './sealed-before-storage/sql-injection.ts'
import { rule as jwtWithoutExpiry } from './sessions/jwt-without-expiry.ts'
import { rule as sessionNotRegenerated } from './sessions/session-not-regenerated.ts'
import { rule as sessionSecretHardcoded } from './sessions/session-secret-hardcoded.ts'
import { rule as sessionWithoutIdleTimeout } from './sessions/session-without-idle-timeout.ts'
import { rule as tokenInLocalStorage } from './sessions/token-in-local-storage.ts'

/** Every rule, by practice and name. */
export const ALL_RULES: readonly Rule[] = [
  defaultPassword,
  dockerSecret,
  envFileCommitted,
  jwtSecretHardcoded,
  md5Signature,
  randomNotSecure,
  secretInBrowserBundle,
  secretInSource,
  secretInUrl,
  signatureComparedUnsafely,
  weakPasswordHash,
  databaseWithoutTls,
  tlsVerificationDisabled,
  cookieSamesiteNone,
  cookieWithoutHttponly,
  cookieWithoutSecure,
  encryptionKeyHardcoded,
  plaintextCardColumn,
  plaintextPersonalColumn,
  staticIv,
  weakCipher,
  cardDataInLog,
  cardNumberInLogFile,
  logRequestBody,
  secretInLog,
  debugErrorHandler,
  responseLeaksError,
  stackInResponse,
  corsAnyOriginWithCredentials,
  framingAllowed,
  hstsDisabled,
  insecureUrl,
  mixedContent,
  oldTlsVersion,
  scriptPolicyDisabled,
  thirdPartyScriptWithoutIntegrity,
  keyWithoutExpiry,
  amountFromBrowser,
  webhookNotVerified,
  unpinnedDependency,
  cardDataToDatabase,
  cardNumberInFile,
  commandInjection,
  cvcStored,
  floatMoney,
  nosqlInjection,
  openRedirect,
  sqlInjection,
  jwtWithoutExpiry,
  sessionNotRegenerated,
  sessionSecretHardcoded,
  sessionWithoutIdleTimeout,
  tokenInLocalStorage,
]

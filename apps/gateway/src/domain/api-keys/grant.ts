import type { ApiKeyKind } from '@ucanpay/wire/api-key'
import { SCOPES } from '@ucanpay/wire/scopes'
import { ApiError } from '../api-error.ts'

/** What somebody may hand out: everything for the operator and a secret key, else the scopes that they hold. */
export interface Grantor {
  readonly kind: ApiKeyKind | 'operator'
  readonly scopes: readonly string[]
}

/** What a key is, or is to be. */
export interface Grant {
  readonly kind: ApiKeyKind
  readonly scopes: readonly string[]
}

/**
 * Refuses to hand out more than one has: a restricted key that may make keys would else make itself a secret one.
 *
 * @throws ApiError NOAUTH (403); PARAM_ERROR where the scopes do not go with the kind
 * @see OWASP API 5:2023
 */
export function requireGrantable(grantor: Grantor, grant: Grant): void {
  const unknown = grant.scopes.some((scope) => !(SCOPES as readonly string[]).includes(scope))
  const misplaced = grant.kind === 'rk' ? grant.scopes.length === 0 : grant.scopes.length > 0
  if (unknown || misplaced) {
    throw new ApiError('PARAM_ERROR', 'a restricted key has scopes, and no other kind has', {
      failures: [{ pointer: '/scopes', rule: 'scopes' }],
    })
  }
  requireHeld(grantor, grant)
}

/** Refuses what touches a key that may do more than oneself. @throws ApiError NOAUTH (403) */
export function requireHeld(grantor: Grantor, grant: Grant): void {
  if (grantor.kind === 'operator' || grantor.kind === 'sk') return
  const more = grant.kind === 'sk' || grant.scopes.some((scope) => !grantor.scopes.includes(scope))
  if (more) throw new ApiError('NOAUTH', 'the key may do more than the one that asks for it', { status: 403 })
}

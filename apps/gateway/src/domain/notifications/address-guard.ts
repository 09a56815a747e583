import type { Mode } from '@ucanpay/wire/api-key'
import { ApiError } from '../api-error.ts'

/** Decides whether notifications may go to an address: by its form, and by where its host resolves to. */
export interface AddressGuard {
  allows(notifyUrl: string, mode: Mode): Promise<boolean>
}

/**
 * Refuses an address that notifications may not go to. It is checked again when the socket is opened.
 *
 * @throws ApiError PARAM_ERROR
 * @see contract §6, notifyUrl
 */
export async function requireAllowed(addresses: AddressGuard, notifyUrl: string, mode: Mode): Promise<void> {
  if (await addresses.allows(notifyUrl, mode)) return
  throw new ApiError('PARAM_ERROR', 'notifications may not go to this address', {
    failures: [{ pointer: '/notifyUrl', rule: 'address' }],
  })
}

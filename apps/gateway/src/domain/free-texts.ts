import { findCardNumbers } from '@ucanpay/redaction/card-numbers'
import { ApiError } from './api-error.ts'

/**
 * Refuses a card number in words that are stored and shown as they are: it has no place outside the vault.
 *
 * @param texts by their name on the wire
 * @throws ApiError PARAM_ERROR
 * @see product practice 6; PCI DSS 3.5.1
 */
export function refuseCardNumbers(texts: Readonly<Record<string, string | undefined>>): void {
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined || findCardNumbers(text).length === 0) continue
    throw new ApiError('PARAM_ERROR', `there is a card number in ${name}`, {
      failures: [{ pointer: `/${name}`, rule: 'cardNumber' }],
    })
  }
}

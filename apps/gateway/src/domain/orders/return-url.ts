import type { Mode } from '@ucanpay/wire/api-key'
import { ApiError } from '../api-error.ts'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Refuses an address that a buyer must not be sent to: anything but https (in test mode http to this machine, too),
 * and one with credentials in it.
 *
 * @throws ApiError PARAM_ERROR
 */
export function checkReturnUrl(text: string, mode: Mode): void {
  const refusal = new ApiError('PARAM_ERROR', 'returnUrl is not an https address', {
    failures: [{ pointer: '/returnUrl', rule: 'format' }],
  })
  if (!URL.canParse(text)) throw refusal
  const url = new URL(text)
  const secure =
    url.protocol === 'https:' || (mode === 'test' && url.protocol === 'http:' && LOOPBACK.has(url.hostname))
  if (!secure || url.username !== '' || url.password !== '') throw refusal
}

import { isIP } from 'node:net'
import type { Mode } from '@ucanpay/wire/api-key'
import { isLoopbackAddress, isPublicAddress } from './address-ranges.ts'

const MAX_LENGTH = 256
/** Names that mean this machine or this network wherever they are resolved. */
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|localdomain|arpa)$/

/**
 * Reads a notification address by the contract's rules of form: https, no credentials, no query, no fragment, in live
 * mode no port but 443 and no host of this machine. In test mode this machine is allowed, there over plain http too.
 *
 * @returns undefined where it is not allowed; the host of a returned one is normalised
 * @see contract §6, notifyUrl
 */
export function readNotifyUrl(text: string, mode: Mode): URL | undefined {
  if (text.length > MAX_LENGTH || !URL.canParse(text)) return undefined
  // What `new URL` would repair or hide is refused as it was written: spaces, backslashes, a third slash, "?" and "#"
  // with nothing after.
  if (!/^https?:\/\/[!-.0-~][!-~]*$/i.test(text) || /[?#\\@]/.test(text)) return undefined
  const url = new URL(text)
  const host = hostOf(url)
  const here = host === 'localhost' || isLoopbackAddress(host)
  if (mode === 'test' && here) return url
  if (url.protocol !== 'https:') return undefined
  if (mode === 'live' && url.port !== '') return undefined
  if (isIP(host) !== 0) return isPublicAddress(host) ? url : undefined
  return isPublicName(host) ? url : undefined
}

/** The host as a resolver takes it: an IPv6 address without brackets, a name without its last dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

/** A name of several labels, none of them empty ("localhost.." ends in an empty one and means localhost all the same). */
function isPublicName(host: string): boolean {
  return /^[^.]+(?:\.[^.]+)+$/.test(host) && !LOCAL_NAMES.test(host)
}

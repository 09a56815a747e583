import { Resolver as DnsResolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Mode } from '@ucanpay/wire/api-key'
import { isLoopbackAddress, isPublicAddress } from './address-ranges.ts'
import { OutboundError } from './outbound-error.ts'

/** Asks for all addresses of a name; throws where there are none. */
export type Resolver = (name: string) => Promise<readonly string[]>

/** Names of merchants seldom have more, and a name with a thousand addresses would keep us dialling. */
const MAX_ADDRESSES = 8

/**
 * Asks the name servers that this machine is configured with.
 *
 * Not `dns.lookup`: that one occupies a thread of the few that also sign and seal, so that a handful of names whose
 * servers never answer would hold up the whole process; and it tries a name within our own domain as well.
 */
export const systemResolver: Resolver = async (name) => {
  // By RFC 6761 §6.3 this name never leaves the machine, whatever a name server says.
  if (name === 'localhost') return ['127.0.0.1', '::1']
  const dns = new DnsResolver({ timeout: 2_000, tries: 2 })
  const answers = await Promise.allSettled([dns.resolve4(name), dns.resolve6(name)])
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
}

/**
 * Resolves a host to the addresses that may be dialled. If any of its addresses may not, none is used: a name that points
 * both outside and inside is an attack, or will be taken for one.
 *
 * @param host a name or an address, as `hostOf` gives it
 * @returns the addresses to dial, one at least, and no others
 * @throws OutboundError `dns` where it does not resolve; `refused_address`
 */
export async function resolveAllowed(host: string, mode: Mode, resolver: Resolver): Promise<readonly string[]> {
  const addresses = isIP(host) === 0 ? await resolve(host, resolver) : [host]
  const allowed = (address: string): boolean =>
    isPublicAddress(address) || (mode === 'test' && isLoopbackAddress(address))
  if (addresses.length === 0) throw new OutboundError('dns')
  if (!addresses.every(allowed)) throw new OutboundError('refused_address')
  return addresses.slice(0, MAX_ADDRESSES)
}

async function resolve(name: string, resolver: Resolver): Promise<readonly string[]> {
  try {
    return await resolver(name)
  } catch (error) {
    throw new OutboundError('dns', { cause: error })
  }
}

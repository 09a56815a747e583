import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Mode } from '@ucanpay/wire/api-key'
import { isLoopbackAddress, isPublicAddress } from './address-ranges.ts'
import { OutboundError } from './outbound-error.ts'

/** Asks for all addresses of a name. */
export type Resolver = (name: string) => Promise<readonly string[]>

/** The system's own resolver. */
export const systemResolver: Resolver = async (name) => {
  const found = await lookup(name, { all: true, verbatim: true })
  return found.map(({ address }) => address)
}

/**
 * Resolves a host to an address that may be dialled. If any of its addresses may not, none is used: a name that points
 * both outside and inside is an attack, or will be taken for one.
 *
 * @param host a name or an address, as `hostOf` gives it
 * @returns the address to dial, and no other
 * @throws OutboundError `dns` where it does not resolve; `refused_address`
 */
export async function resolveAllowed(host: string, mode: Mode, resolver: Resolver): Promise<string> {
  const addresses = isIP(host) === 0 ? await resolve(host, resolver) : [host]
  const allowed = (address: string): boolean =>
    isPublicAddress(address) || (mode === 'test' && isLoopbackAddress(address))
  const [first] = addresses
  if (first === undefined) throw new OutboundError('dns')
  if (!addresses.every(allowed)) throw new OutboundError('refused_address')
  return first
}

async function resolve(name: string, resolver: Resolver): Promise<readonly string[]> {
  try {
    return await resolver(name)
  } catch (error) {
    throw new OutboundError('dns', { cause: error })
  }
}

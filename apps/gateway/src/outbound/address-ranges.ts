import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Public by its number, yet answered by the machine's own cloud: Azure hands out credentials there.
 * What other clouds use (169.254.169.254, 100.100.100.200, 192.0.0.192, fd00:ec2::254) is in no public range.
 */
const CLOUD_HOST_ADDRESSES: ReadonlySet<string> = new Set(['168.63.129.16'])

/**
 * True for an address that anyone on the internet may dial: global unicast and nothing else. What is not known to be
 * public is refused, so a range that nobody thought of is refused too.
 *
 * IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo, compatible) is refused whole: no public receiver needs it, and each form is
 * a way to write a private address differently.
 *
 * @param address as a resolver gives it; anything else (a name, 0x7f.1, a number, an address with a zone) is not public
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  if (parsed.kind() === 'ipv4') return !CLOUD_HOST_ADDRESSES.has(address)
  const [first = 0, second = 0] = (parsed as ipaddr.IPv6).parts
  // 2000::/3 is all that is assigned as global unicast; within it, 2001::/23 is for protocols, 2001:db8::/32 and
  // 3fff::/20 for documentation, 2002::/16 for 6to4 (RFC 6890, RFC 9637).
  const globalUnicast = first >= 0x2000 && first <= 0x3fff
  const special = (first === 0x2001 && (second < 0x0200 || second === 0x0db8)) || first === 0x2002 || first === 0x3fff
  return globalUnicast && !special
}

/** True for this machine's own addresses in their own notation: 127.0.0.0/8 and ::1, not ::ffff:127.0.0.1. */
export function isLoopbackAddress(address: string): boolean {
  return isIP(address) !== 0 && ipaddr.parse(address).range() === 'loopback'
}

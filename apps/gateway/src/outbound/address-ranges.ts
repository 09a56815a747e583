import ipaddr from 'ipaddr.js'

/**
 * True for an address that anyone on the internet may dial: global unicast and nothing else. What is not known to be
 * public is refused, so a range that nobody thought of is refused too.
 *
 * IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo, compatible) is refused whole: no public receiver needs it, and each form is
 * a way to write a private address differently.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  if (parsed.kind() === 'ipv4') return true
  const [first = 0, second = 0] = (parsed as ipaddr.IPv6).parts
  // 2000::/3 is all that is assigned as global unicast; within it, 2001::/23 is for protocols, 2001:db8::/32 and
  // 3fff::/20 for documentation, 2002::/16 for 6to4 (RFC 6890, RFC 9637).
  const globalUnicast = first >= 0x2000 && first <= 0x3fff
  const special = (first === 0x2001 && (second < 0x0200 || second === 0x0db8)) || first === 0x2002 || first === 0x3fff
  return globalUnicast && !special
}

/** True for this machine's own addresses: 127.0.0.0/8 and ::1. */
export function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === 'loopback'
}

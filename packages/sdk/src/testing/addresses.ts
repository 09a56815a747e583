import { BlockList, isIP, isIPv4 } from 'node:net'

const MAX_LENGTH = 256
/** Names that mean this machine or this network wherever they are resolved. */
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|localdomain|arpa)$/
/** What is not public of IPv4 (RFC 6890), and one address that a cloud answers itself. */
const RESERVED = (
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 ' +
  '192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 ' +
  '203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32'
).split(' ')
/** Of 2000::/3, which is all that is assigned, what is for protocols, documentation, tunnels. */
const RESERVED_V6 = '2001::/23 2001:db8::/32 2002::/16 3fff::/20'.split(' ')

const reserved = listOf(RESERVED, 'ipv4')
const reservedV6 = listOf(RESERVED_V6, 'ipv6')
const assignedV6 = listOf(['2000::/3'], 'ipv6')

function listOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    list.addSubnet(address, Number(bits), family)
  }
  return list
}

/**
 * True for an address that the gateway would take for notifications in test mode: this machine, or a public host by https;
 * no query, no credentials. Names are not resolved here.
 *
 * @see contract §6
 */
export function isNotifyUrl(text: string): boolean {
  if (text.length > MAX_LENGTH || !URL.canParse(text)) return false
  if (!/^https?:\/\/[!-.0-~][!-~]*$/i.test(text) || /[?#\\@]/.test(text)) return false
  const url = new URL(text)
  if (isThisMachine(url)) return true
  if (url.protocol !== 'https:') return false
  const host = hostOf(url)
  if (isIP(host) !== 0) return isPublicAddress(host)
  return /^[^.]+(?:\.[^.]+)+$/.test(host) && !LOCAL_NAMES.test(host)
}

/** True for an address that a buyer may be sent back to in test mode. */
export function isReturnUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  const here = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  return (protocol === 'https:' || (protocol === 'http:' && here)) && username === '' && password === ''
}

/** True where the host is this machine and nothing else. */
export function isThisMachine(url: URL): boolean {
  const host = hostOf(url)
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !reserved.check(address)
  return assignedV6.check(address, 'ipv6') && !reservedV6.check(address, 'ipv6')
}

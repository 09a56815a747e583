import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { UCanPayConfigError } from '../errors.ts'

/** A request, as far as sessions are concerned, whatever framework it came in by. */
export interface Visit {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly cookie: string
  readonly site: string | undefined
  readonly origin: string | undefined
  readonly host: string
  /** It came over HTTPS, to us or to the proxy before us. */
  readonly isSecure: boolean
  readonly ip: string
  readonly device: string
  readonly accept: string | undefined
}

type Header = (name: string) => string | undefined
interface Connection {
  readonly isSecure: boolean
  readonly ip: string
}

/** @param proxies how many TLS proxies of ours stand before this process; what they say is believed, no more */
export function visitOfNode(request: IncomingMessage & { readonly originalUrl?: string }, proxies: number): Visit {
  const { method = 'GET', headers, socket } = request
  const header: Header = (name) => headers[name]?.toString()
  const connection = { isSecure: (socket as Partial<TLSSocket>).encrypted === true, ip: socket.remoteAddress ?? '' }
  const address = request.originalUrl ?? request.url ?? '/'
  return visitOf({ method, path: address.split('?', 1)[0] ?? '', header }, connection, proxies)
}

export function visitOfWeb({ method, url, headers }: Request, proxies: number): Visit {
  const { pathname, protocol, host } = new URL(url)
  const header: Header = (name) => headers.get(name) ?? (name === 'host' ? host : undefined)
  return visitOf({ method, path: pathname, header }, { isSecure: protocol === 'https:', ip: '' }, proxies)
}

function visitOf(
  { method, path, header }: { method: string; path: string; header: Header },
  direct: Connection,
  proxies: number,
): Visit {
  const isSecure = proxies > 0 ? hop(header('x-forwarded-proto'), 1) === 'https' : direct.isSecure
  const ip = proxies > 0 ? (hop(header('x-forwarded-for'), proxies) ?? direct.ip) : direct.ip
  return {
    method: method.toUpperCase(),
    path,
    cookie: header('cookie') ?? '',
    site: header('sec-fetch-site'),
    origin: header('origin'),
    host: header('host') ?? header(':authority') ?? '',
    isSecure,
    ip: /^[0-9a-fA-F.:]{2,45}$/.test(ip) ? ip : '',
    device: (header('user-agent') ?? '').replace(/[^ -~]/g, '').slice(0, 200),
    accept: header('accept'),
  }
}

/** What the proxy that is `back` steps before us wrote; each adds at the end, so a caller's own lies stand before it. */
function hop(list: string | undefined, back: number): string | undefined {
  return list?.split(',').at(-back)?.trim()
}

/** @throws UCanPayConfigError where it is no number of proxies */
export function checkedProxies(proxies: number): number {
  if (Number.isInteger(proxies) && proxies >= 0 && proxies <= 10) return proxies
  throw new UCanPayConfigError('trustProxy is how many proxies of yours stand before this process, e.g. 1.')
}

/**
 * Whether a page of this very site sent a request, or nothing would change by it. Browsers say so in `Sec-Fetch-Site`,
 * which no page can set; older ones send their `Origin` with whatever changes something. What says neither is refused.
 *
 * @param own the site's origins; where there are none, the host that the request was sent to
 * @see OWASP Cross-Site Request Forgery Prevention, "Fetch Metadata headers"
 */
export function isOwnOrHarmless({ method, site, origin, host }: Visit, own: readonly string[]): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return true
  if (site !== undefined) return site === 'same-origin'
  return own.length > 0 ? own.includes(origin ?? '') : host !== '' && origin === `https://${host}`
}

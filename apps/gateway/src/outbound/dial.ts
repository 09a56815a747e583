import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext } from 'node:tls'
import type { Mode } from '@ucanpay/wire/api-key'
import { isLoopbackAddress } from './address-ranges.ts'
import { hostOf } from './notify-url.ts'
import { OutboundError } from './outbound-error.ts'
import { resolveAllowed, type Resolver } from './resolve-allowed.ts'

/** Where to, and what holds on the way there. */
export interface Dialling {
  readonly target: URL
  readonly mode: Mode
  readonly resolver: Resolver
  /** The roots and the lowest protocol version that are accepted. */
  readonly secureContext: SecureContext
  /** Ends the attempt in whatever state it is, and the socket later on. */
  readonly signal: AbortSignal
}

/** How long one of several addresses may take before the next one is tried. */
const NEXT_ADDRESS_AFTER_MS = 1_500

/**
 * Opens a connection to an address that was checked a moment before, and to no other: the name is not resolved again
 * between the check and the call. Over TLS the certificate has to be for the name.
 *
 * @throws OutboundError
 */
export async function dial({ target, mode, resolver, secureContext, signal }: Dialling): Promise<Socket> {
  const host = hostOf(target)
  const addresses = await inTime(resolveAllowed(host, mode, resolver), signal)
  const secure = target.protocol === 'https:'
  // Without TLS nothing shows who is at the other end, so that end has to be this machine.
  if (!secure && !addresses.every(isLoopbackAddress)) throw new OutboundError('refused_address')
  const place = {
    host,
    port: Number(target.port) || (secure ? 443 : 80),
    lookup: answering(addresses),
    autoSelectFamily: true, // Tries the addresses in turn.
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
  }
  const socket = secure
    ? connectTls({
        ...place,
        // An address has no server name (RFC 6066 §3); its certificate is checked against `host` all the same.
        ...(isIP(host) === 0 ? { servername: host } : {}),
        secureContext,
        rejectUnauthorized: true, // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing.
        ALPNProtocols: ['http/1.1'],
      })
    : connectPlain(place)
  signal.addEventListener('abort', () => socket.destroy(), { once: true })
  return opened(socket, secure, signal)
}

/** A name server has no time limit that we could rely on; where it is too late its answer is not used any more. */
function inTime<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new OutboundError('timeout')), { once: true })
    answer.then(resolve, reject)
  })
}

/** Stands in for the name resolution of the socket, with what was checked. */
function answering(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_name, options, callback) => {
    const [first] = found
    if (options.all === true) callback(null, found)
    else callback(null, first?.address ?? '', first?.family)
  }
}

function opened(socket: Socket, secure: boolean, signal: AbortSignal): Promise<Socket> {
  let connected = false
  return new Promise((resolve, reject) => {
    const fail = (cause?: NodeJS.ErrnoException): void => {
      socket.destroy()
      if (signal.aborted) reject(new OutboundError('timeout', { cause }))
      else if (!connected) reject(new OutboundError('connect', { cause }))
      else reject(new OutboundError(cause === undefined || cause.code === 'ECONNRESET' ? 'closed' : 'tls', { cause }))
    }
    socket.once('connect', () => {
      connected = true
    })
    socket.once(secure ? 'secureConnect' : 'connect', () => resolve(socket))
    // These stay for good. An error between now and the moment when the HTTP client listens would end the process.
    socket.on('error', fail)
    socket.once('close', () => fail())
  })
}

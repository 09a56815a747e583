import { X509Certificate } from 'node:crypto'
import { Agent, request } from 'node:https'
import * as tls from 'node:tls'
import {
  UCanPayCertificateError,
  UCanPayConfigError,
  UCanPayConnectionError,
  UCanPayError,
  UCanPayTimeoutError,
} from './errors.ts'
import { identityCheck } from './pins.ts'

/** One HTTPS exchange. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole of it, in milliseconds. */
  readonly timeoutMs: number
  /** Ends it; its reason is what is thrown. */
  readonly signal: AbortSignal
}

/** What came back. */
export interface Reply {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly date: string | undefined
  readonly requestId: string | undefined
  readonly text: string
}

/** Whom to trust. */
export interface Trust {
  /** PEM, beside the roots that Node trusts (those of NODE_EXTRA_CA_CERTS among them, from Node 22.15 on). */
  readonly ca: readonly string[]
  /** SPKI pins, of which the chain has to have one; any key where there is none. */
  readonly pins: readonly string[]
}

const BODY_LIMIT_BYTES = 1024 * 1024
/** Failures before a byte of the request can have gone out. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
/** How OpenSSL and Node name what is wrong with a certificate. */
const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)|INVALID_(?:CA|PURPOSE)$|HOSTNAME_MISMATCH$)/

/** Opens connections to the gateway, and keeps them. Certificates are verified; no option turns that off. */
export class Transport {
  readonly #agent: Agent

  /** @throws UCanPayConfigError where a pin or a certificate is not one */
  constructor({ ca, pins }: Trust) {
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 64,
      // Made once: an agent that is given the certificates themselves reads all of them again for each connection, and
      // writes all of them into the name that it looks up for each request, which takes 20 ms.
      secureContext: contextOf(ca),
      rejectUnauthorized: true, // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing.
      checkServerIdentity: identityCheck(pins), // Explicit too: a stub in the place of Node's own is not asked.
      maxCachedSessions: 0, // A resumed session would skip that check.
    })
  }

  /** @throws UCanPayConnectionError where no whole answer came; redirects are answers and are not followed */
  send({ method, url, headers, body, timeoutMs, signal }: Exchange): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { method, headers, agent: this.#agent })
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', aborted)
      }
      const fail = (error: Error): void => {
        end()
        outgoing.destroy()
        reject(error)
      }
      const aborted = (): void => fail(signal.reason as Error)
      const timer = setTimeout(() => {
        fail(new UCanPayTimeoutError(`The gateway did not answer within ${timeoutMs} ms.`))
      }, timeoutMs)
      signal.addEventListener('abort', aborted)
      const lost = (cause: Error): void => fail(lostBy(cause))
      outgoing.on('error', lost) // Not once: what a destroyed request has to say still is heard.
      outgoing.once('response', (incoming) => {
        const chunks: Buffer[] = []
        let size = 0
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > BODY_LIMIT_BYTES) fail(new UCanPayConnectionError('The answer is longer than any of the gateway.'))
          else chunks.push(chunk)
        })
        incoming.on('error', lost)
        incoming.once('end', () => {
          end()
          const { 'retry-after': retryAfter, date, 'request-id': requestId } = incoming.headers
          const text = Buffer.concat(chunks).toString('utf8')
          const id = typeof requestId === 'string' ? requestId : undefined
          resolve({ status: incoming.statusCode ?? 0, retryAfter, date, requestId: id, text })
        })
      })
      if (signal.aborted) aborted()
      else outgoing.end(body)
    })
  }

  /** Lets go of connections. */
  close(): void {
    this.#agent.destroy()
  }
}

function contextOf(ca: readonly string[]): tls.SecureContext {
  try {
    for (const pem of ca) new X509Certificate(pem) // Node's context drops what is none without a word.
  } catch {
    throw new UCanPayConfigError('ca is not made of certificates in PEM.')
  }
  return tls.createSecureContext({
    minVersion: 'TLSv1.2',
    ...(ca.length > 0 ? { ca: [...trustedRoots(), ...ca] } : {}),
  })
}

/** True where the request cannot have reached the gateway. */
export function isUnsent(error: UCanPayError): boolean {
  return UNSENT.has(codeOf(error.cause)) || error instanceof UCanPayCertificateError
}

/** Node's own errors name hosts and codes, never headers; the key is in none of them. */
function lostBy(cause: Error): UCanPayError {
  if (cause instanceof UCanPayError) return cause
  const code = codeOf(cause)
  if (!CERTIFICATE.test(code)) {
    return new UCanPayConnectionError(`The gateway cannot be reached: ${code}.`, undefined, { cause })
  }
  const what = `The certificate of the gateway does not verify: ${code}.`
  const todo = 'If its authority is your own, give its certificate as ca; nothing turns the verification off.'
  return new UCanPayCertificateError(`${what} ${todo}`, undefined, { cause: withoutCertificate(cause) })
}

/** Node hangs the whole certificate on the error, which is more than anybody wants to read in a log. */
function withoutCertificate(cause: Error): Error {
  Reflect.deleteProperty(cause, 'cert')
  return cause
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** What Node trusts by default; older ones tell only the roots that they are built with. */
function trustedRoots(): readonly string[] {
  const { getCACertificates } = tls as Partial<Pick<typeof tls, 'getCACertificates'>>
  return getCACertificates?.('default') ?? tls.rootCertificates
}

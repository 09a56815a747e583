import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls, rootCertificates } from 'node:tls'
import type { Mode } from '@ucanpay/wire/api-key'
import { Agent, request as send, type buildConnector } from 'undici'
import { hostOf, readNotifyUrl } from './notify-url.ts'
import { OutboundError, type OutboundReason } from './outbound-error.ts'
import { resolveAllowed, systemResolver, type Resolver } from './resolve-allowed.ts'

/** What a receiver answered. */
export interface OutboundReply {
  readonly status: number
  /** At most its first 4 KiB. */
  readonly body: string
  readonly durationMs: number
}

/** What goes out. */
export interface OutboundRequest {
  readonly headers: object
  readonly body: string
  readonly mode: Mode
  /** For everything: name, connection, answer, body. */
  readonly timeoutMs: number
}

/** The gateway's only way out. */
export interface Outbound {
  /** @throws OutboundError where no answer came; any answer, a redirect too, is returned and never followed */
  post(url: string, request: OutboundRequest): Promise<OutboundReply>
  close(): Promise<void>
}

export interface OutboundOptions {
  /** PEM certificates that are trusted beside the usual roots. */
  readonly extraCa?: readonly string[]
  readonly resolver?: Resolver
}

const BODY_LIMIT_BYTES = 4 * 1024
const HEADER_LIMIT_BYTES = 16 * 1024

/**
 * Opens the way out. Each connection goes to the very address that was checked a moment before, over TLS that is
 * verified against the host's name; there is no switch that turns either off, and no proxy of the environment is used.
 *
 * @see contract §6, notifyUrl; OWASP API7:2023 (server-side request forgery)
 */
export function createOutbound({ extraCa = [], resolver = systemResolver }: OutboundOptions = {}): Outbound {
  const ca = [...rootCertificates, ...extraCa]
  const agentOf = (mode: Mode): Agent =>
    new Agent({
      connect: connector({ mode, ca, resolver }),
      maxHeaderSize: HEADER_LIMIT_BYTES,
      connections: 16, // To one receiver at once; a slow one does not take up everything.
      pipelining: 0, // No keep-alive: the next request resolves and checks anew.
    })
  const agents: Record<Mode, Agent> = { test: agentOf('test'), live: agentOf('live') }
  return {
    post: (url, request) => post(agents[request.mode], url, request),
    async close() {
      await Promise.all([agents.test.close(), agents.live.close()])
    },
  }
}

async function post(agent: Agent, url: string, request: OutboundRequest): Promise<OutboundReply> {
  const target = readNotifyUrl(url, request.mode)
  if (!target) throw new OutboundError('refused_address')
  const startedAt = performance.now()
  const signal = AbortSignal.timeout(request.timeoutMs)
  try {
    const { statusCode, body } = await send(target, {
      method: 'POST',
      dispatcher: agent,
      headers: request.headers as Record<string, string>,
      body: request.body,
      signal,
      reset: true,
    })
    const text = await readStart(body)
    return { status: statusCode, body: text, durationMs: performance.now() - startedAt }
  } catch (error) {
    if (signal.aborted) throw new OutboundError('timeout', { cause: error })
    throw error instanceof OutboundError ? error : new OutboundError(reasonOf(error), { cause: error })
  }
}

/** Reads what is needed to know a good answer; the rest, however long, is not waited for. */
async function readStart(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= BODY_LIMIT_BYTES) break // Leaving the loop destroys the stream, and the connection with it.
  }
  return Buffer.concat(chunks).subarray(0, BODY_LIMIT_BYTES).toString('utf8')
}

interface Connecting {
  readonly mode: Mode
  readonly ca: readonly string[]
  readonly resolver: Resolver
}

function connector(connecting: Connecting): buildConnector.connector {
  return (options, callback) => {
    open(connecting, options).then(
      (socket) => callback(null, socket as Parameters<typeof callback>[1] & Socket),
      (error: unknown) => callback(error instanceof Error ? error : new OutboundError('connect'), null),
    )
  }
}

async function open({ mode, ca, resolver }: Connecting, options: buildConnector.Options): Promise<Socket> {
  const host = hostOf(new URL(`${options.protocol}//${options.hostname}`))
  const address = await resolveAllowed(host, mode, resolver)
  const secure = options.protocol === 'https:'
  const port = Number(options.port) || (secure ? 443 : 80)
  const socket = secure
    ? connectTls({
        host: address,
        port,
        // Verified against the name that was asked for, although an address is dialled. An address has no SNI (RFC 6066 §3).
        ...(host === address ? {} : { servername: host }),
        ca: [...ca],
        minVersion: 'TLSv1.2',
        rejectUnauthorized: true, // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing.
        ALPNProtocols: ['http/1.1'],
      })
    : connectPlain({ host: address, port })
  return new Promise((resolve, reject) => {
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
    socket.once('error', (error) => {
      socket.destroy()
      reject(new OutboundError(reasonOf(error), { cause: error }))
    })
  })
}

/** OpenSSL and Node.js name certificate and protocol failures like this. */
const TLS_CODES = /^(?:ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA)/

function reasonOf(error: unknown): OutboundReason {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (error instanceof OutboundError) return error.reason
  if (typeof code === 'string' && TLS_CODES.test(code)) return 'tls'
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'UND_ERR_HEADERS_OVERFLOW') return 'closed'
  if (cause instanceof OutboundError) return cause.reason
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' ? 'timeout' : 'connect'
}

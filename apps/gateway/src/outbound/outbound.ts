import type { Socket } from 'node:net'
import { createSecureContext, rootCertificates } from 'node:tls'
import type { Mode } from '@ucanpay/wire/api-key'
import { Client, type buildConnector } from 'undici'
import { dial, type Dialling } from './dial.ts'
import { readNotifyUrl } from './notify-url.ts'
import { OutboundError, type OutboundReason } from './outbound-error.ts'
import { systemResolver, type Resolver } from './resolve-allowed.ts'

/** What a receiver answered. */
export interface OutboundReply {
  readonly status: number
  /** At most its first 4 KiB. */
  readonly body: string
  readonly durationMs: number
}

/** What goes out. */
export interface OutboundRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly mode: Mode
  /** For everything: name, connection, answer, body. */
  readonly timeoutMs: number
}

/** The gateway's only way out. */
export interface Outbound {
  /** @throws OutboundError where no answer came; any answer, a redirect too, is returned and never followed */
  post(url: string, request: OutboundRequest): Promise<OutboundReply>
  /** Takes no further requests and waits for those under way, which have their own time limits. */
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
 * Opens the way out. Each request has a connection of its own, to the very address that was checked a moment before, over
 * TLS that is verified against the host's name; there is no switch that turns either off, and no proxy of the environment
 * is used.
 *
 * @see contract §6, notifyUrl; OWASP API7:2023 (server-side request forgery)
 */
export function createOutbound({ extraCa = [], resolver = systemResolver }: OutboundOptions = {}): Outbound {
  // Made once: to read the 150 roots takes longer than a whole request.
  const secureContext = createSecureContext({ ca: [...rootCertificates, ...extraCa], minVersion: 'TLSv1.2' })
  const running = new Set<Promise<OutboundReply>>()
  let closed = false
  return {
    async post(url, request) {
      if (closed) throw new OutboundError('closed')
      const target = readNotifyUrl(url, request.mode)
      if (!target) throw new OutboundError('refused_address')
      const signal = AbortSignal.timeout(request.timeoutMs)
      const reply = post({ target, mode: request.mode, resolver, secureContext, signal }, request)
      running.add(reply)
      try {
        return await reply
      } finally {
        running.delete(reply)
      }
    },
    async close() {
      closed = true
      await Promise.allSettled(running)
    },
  }
}

async function post(dialling: Dialling, { headers, body }: OutboundRequest): Promise<OutboundReply> {
  const { target, signal } = dialling
  const startedAt = performance.now()
  const socket = await dial(dialling)
  const client = new Client(target.origin, { connect: once(socket), maxHeaderSize: HEADER_LIMIT_BYTES, allowH2: false })
  try {
    const reply = await client.request({ method: 'POST', path: target.pathname, headers, body, signal, reset: true })
    const text = await readStart(reply.body)
    return { status: reply.statusCode, body: text, durationMs: performance.now() - startedAt }
  } catch (error) {
    throw new OutboundError(signal.aborted ? 'timeout' : reasonOf(error), { cause: error })
  } finally {
    await client.destroy()
    socket.destroy() // Whatever became of the request, no connection is left behind.
  }
}

/** Hands the HTTP client a connection that is open already; it never opens one itself, not even to try again. */
function once(socket: Socket): buildConnector.connector {
  let given = false
  return (_options, callback) => {
    const first = !given
    given = true
    // Not at once: the client does not reckon with a connection that is there before it has finished asking.
    process.nextTick(() =>
      first && !socket.destroyed ? callback(null, socket) : callback(new OutboundError('closed'), null),
    )
  }
}

/** Reads what is needed to know a good answer; the rest, however long, is not waited for. */
async function readStart(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= BODY_LIMIT_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, BODY_LIMIT_BYTES).toString('utf8')
}

/** What the HTTP client's own failures mean; those of the connection come as `OutboundError` already. */
function reasonOf(error: unknown): OutboundReason {
  const { code, name } = error as { code?: unknown; name?: unknown }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'too_large'
  return name === 'HTTPParserError' ? 'not_http' : 'closed'
}

import { Agent, request } from 'node:https'
import { rootCertificates } from 'node:tls'
import { UCanPayConnectionError, UCanPayTimeoutError } from './errors.ts'

/** One HTTPS exchange. */
export interface Exchange {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole of it. */
  readonly timeoutMs: number
}

/** What came back. */
export interface Reply {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly text: string
}

const BODY_LIMIT_BYTES = 1024 * 1024

/** Opens connections to the gateway, and keeps them. Certificates are verified; no option turns that off. */
export class Transport {
  readonly #agent: Agent

  constructor(extraCa: readonly string[]) {
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 64,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true, // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing.
      ...(extraCa.length > 0 ? { ca: [...rootCertificates, ...extraCa] } : {}),
    })
  }

  /** @throws UCanPayConnectionError where no whole answer came; redirects are answers and are not followed */
  send(exchange: Exchange): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const outgoing = request(exchange.url, {
        method: exchange.method,
        headers: exchange.headers,
        agent: this.#agent,
      })
      const timer = setTimeout(() => {
        fail(new UCanPayTimeoutError(`The gateway did not answer within ${exchange.timeoutMs} ms.`))
      }, exchange.timeoutMs)
      const fail = (error: Error): void => {
        clearTimeout(timer)
        outgoing.destroy()
        reject(error)
      }
      // Node's own errors name hosts and codes, never headers; the key is in none of them.
      const lost = (cause: Error): void =>
        fail(new UCanPayConnectionError(`The gateway cannot be reached: ${codeOf(cause)}.`, undefined, { cause }))
      outgoing.once('error', lost)
      outgoing.once('response', (incoming) => {
        const chunks: Buffer[] = []
        let size = 0
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > BODY_LIMIT_BYTES) fail(new UCanPayConnectionError('The answer is longer than any of the gateway.'))
          else chunks.push(chunk)
        })
        incoming.once('error', lost)
        incoming.once('end', () => {
          clearTimeout(timer)
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: incoming.statusCode ?? 0, retryAfter: incoming.headers['retry-after'], text })
        })
      })
      outgoing.end(exchange.body)
    })
  }

  /** Lets go of idle connections. */
  close(): void {
    this.#agent.destroy()
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

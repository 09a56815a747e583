import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { failureBody, type FailureMsg } from '@ucanpay/wire/failures'
import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../../domain/clock.ts'
import { newId } from '../../domain/ids.ts'
import { ApiError } from '../../domain/api-error.ts'
import type { App } from '../app.ts'
import { headersOf } from './headers.ts'

/** Answers what no route ever sees. */
export interface BrokenRequests {
  /** What is not HTTP, or too large or too slow in its headers: 400, and the connection ends; without a word, if none came. */
  readonly refuse: (error: Error & { code?: string }, socket: Socket) => void
  addTo(app: App): void
}

/** Headers that say who asks, and what the body is and where it ends: of two, a proxy before us may have read the other. */
const ONCE = ['host', 'authorization', 'content-type', 'transfer-encoding'] as const

/**
 * Gives the contract's failure where Node.js has words of its own: for what cannot be parsed, CONNECT, an `Expect` that
 * nobody knows, and a `Host` that is missing.
 *
 * @see contract §1, §5; RFC 9112 §3.2 and §11.2 (request smuggling)
 */
export function createBrokenRequests({ clock, log }: { clock: Clock; log: FastifyBaseLogger }): BrokenRequests {
  const end = (socket: Duplex, msg: FailureMsg, code: string | undefined): void => {
    const now = clock.now()
    const requestId = newId('req', now)
    const body = failureBody(msg, { requestId, timestamp: now.toISOString() })
    log.info({ requestId, status: body.status, code: code ?? null }, 'what came was no request')
    const json = JSON.stringify(body)
    const headers = {
      ...headersOf(requestId),
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(json),
      connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    socket.end([`HTTP/1.1 ${body.status} ${body.error}`, ...lines, '', json].join('\r\n'))
  }
  return {
    refuse(error, socket) {
      // A browser opens connections before it has anything to say. What it found in one, it would take for the answer to
      // what it sends there next, however much later.
      const isSilent = socket.bytesRead === 0
      if (isSilent || error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
      else end(socket, 'PARAM_ERROR', error.code)
    },
    addTo(app) {
      app.server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
        socket.on('error', () => socket.destroy())
        end(socket, 'REQUIRE_POST_METHOD', 'CONNECT')
      })
      // RFC 9110 §10.1.1 allows an expectation to be passed over.
      app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
      app.addHook('onRequest', (request, reply, done) => {
        const refusal = refusalOf(request.raw)
        if (refusal) reply.header('connection', 'close') // Where its body ends is not sure, so neither is what comes next.
        done(refusal)
      })
    },
  }
}

function refusalOf({ rawHeaders, headers, httpVersion }: IncomingMessage): ApiError | undefined {
  const names = rawHeaders.filter((_text, at) => at % 2 === 0).map((name) => name.toLowerCase())
  const twice = ONCE.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (twice !== undefined) return new ApiError('PARAM_ERROR', `the header ${twice} came more than once`)
  const coding = headers['transfer-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    return new ApiError('PARAM_ERROR', 'a transfer coding beside chunked')
  }
  const noHost = headers.host === undefined && httpVersion === '1.1'
  return noHost ? new ApiError('PARAM_ERROR', 'no Host header') : undefined
}

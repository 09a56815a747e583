import { createServer, type IncomingMessage, type Server } from 'node:http'
import { failureBody } from '@ucanpay/wire/failures'
import type { FastifyBaseLogger } from 'fastify'
import { findSecretKeys, type LeakReports } from '../domain/api-keys/revoke-api-key.ts'
import type { Clock } from '../domain/clock.ts'
import { newId } from '../domain/ids.ts'
import { readText } from './plugins/leaked-keys.ts'

export interface PlainHttpDeps {
  readonly leaks: LeakReports
  readonly clock: Clock
  readonly log: FastifyBaseLogger
}

/**
 * A listener on plain HTTP that serves nothing. Every request gets 403, without a redirect, which would only hide the
 * mistake; a secret key that was sent over the open wire is revoked at once (contract §1).
 */
export function createPlainHttp(deps: PlainHttpDeps): Server {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16 * 1024 },
    (request, response) => {
      const requestId = newId('req', deps.clock.now())
      const now = deps.clock.now()
      const body = failureBody('NOAUTH', { status: 403, requestId, timestamp: now.toISOString() })
      refuse(deps, request, { requestId, now })
        .catch((error: unknown) => deps.log.error({ err: error, requestId }, 'a key over plain HTTP was not revoked'))
        .finally(() => {
          response.writeHead(403, {
            'content-type': 'application/json; charset=utf-8',
            'cache-control': 'no-store',
            'x-content-type-options': 'nosniff',
            'strict-transport-security': 'max-age=63072000; includeSubDomains',
            'request-id': requestId,
            connection: 'close',
          })
          response.end(JSON.stringify(body))
        })
    },
  )
  server.maxConnections = 256
  return server
}

async function refuse(
  { leaks }: PlainHttpDeps,
  request: IncomingMessage,
  at: { requestId: string; now: Date },
): Promise<void> {
  const sent = `${request.url ?? ''} ${request.rawHeaders.join(' ')} ${await readText(request)}`
  const ip = request.socket.remoteAddress
  await leaks(findSecretKeys(sent), { kind: 'key-over-http', ip, ...at })
}

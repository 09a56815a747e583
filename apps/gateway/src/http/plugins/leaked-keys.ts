import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../domain/api-error.ts'
import { findSecretKeys, type LeakKind, type LeakReports } from '../../domain/api-keys/revoke-api-key.ts'
import type { App } from '../app.ts'

const BODY_LIMIT_BYTES = 64 * 1024

/**
 * Refuses a request that has a secret key in its address or its body, and takes the key out of use: addresses and
 * bodies end up in logs, histories and caches (contract §2).
 */
export function addLeakedKeyGuard(app: App, leaks: LeakReports): void {
  app.addHook('onRequest', async (request) => {
    const keys = findSecretKeys(decoded(request.url))
    if (keys.length > 0) await refuse(request, { keys, kind: 'key-in-url', leaks })
  })
  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.config.takesKeys === true || !request.bodyRead) return
    const keys = findSecretKeys(JSON.stringify(request.body))
    if (keys.length > 0) await refuse(request, { keys, kind: 'key-in-body', leaks })
  })
}

/**
 * Looks for a secret key in the body of a request that is refused anyway, because it has none where it belongs: the
 * commonest way to send one wrongly is to send it in the body alone.
 */
export async function searchUnreadBody(request: FastifyRequest, leaks: LeakReports): Promise<void> {
  const { 'content-length': length = '0', 'transfer-encoding': chunked } = request.headers
  if (chunked === undefined && !(Number(length) > 0 && Number(length) <= BODY_LIMIT_BYTES)) return
  const keys = findSecretKeys(await readText(request.raw))
  if (keys.length > 0) await refuse(request, { keys, kind: 'key-in-body', leaks })
}

async function refuse(
  request: FastifyRequest,
  { keys, kind, leaks }: { keys: readonly string[]; kind: LeakKind; leaks: LeakReports },
): Promise<never> {
  await leaks(keys, { kind, requestId: request.id, ip: request.clientIp, now: request.receivedAt })
  throw new ApiError('NOAUTH', `a secret key came as ${kind}, and is taken for leaked`)
}

/** Percent-encoding hides a key from nobody who reads the log. */
function decoded(url: string): string {
  if (!url.includes('%')) return url
  return url.replace(/%[0-7][0-9A-Fa-f]/g, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
}

/**
 * The beginning of a body, as much as a body may have. The rest stays unread; the connection lives, so that an answer can follow.
 *
 * @throws what the stream throws, where the sender breaks off
 */
export async function readText(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += part.length
    parts.push(part)
    if (length > BODY_LIMIT_BYTES) break
  }
  return Buffer.concat(parts).toString('latin1')
}

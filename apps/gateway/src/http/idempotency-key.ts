import { createHmac } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tx } from '../database/tx.ts'
import { ApiError } from '../domain/api-error.ts'
import { requestHash } from '../domain/idempotency/request-hash.ts'
import { runOnce, type Task } from '../domain/idempotency/run-once.ts'
import { callerOf, signedPathOf } from './signed-success.ts'

/**
 * What a request's `Idempotency-Key` is kept as; undefined where it has none. A key of the form that ours have is kept as
 * it is, any other as its HMAC: whatever else a merchant made it of is not for us to keep.
 *
 * @param pepper 32 bytes
 * @throws ApiError PARAM_ERROR where it is not 1 to 255 visible characters of ASCII
 */
export function idempotencyKeyOf({ headers }: FastifyRequest, pepper: Buffer): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[!-~]{1,255}$/.test(key)) {
    throw new ApiError('PARAM_ERROR', 'the Idempotency-Key is not 1 to 255 visible characters of ASCII', {
      failures: [{ pointer: '/headers/idempotency-key', rule: 'pattern' }],
    })
  }
  if (/^[0-9A-Za-z_-]{1,64}$/.test(key)) return key
  return createHmac('sha256', pepper).update(`idempotency key ${key}`).digest('base64url')
}

/** What doing something once needs. */
export interface OnceDeps {
  readonly db: Tx
  readonly pepper: Buffer
}

/**
 * Performs a request's task once for its `Idempotency-Key`, if it has one. A repeat is told by the header
 * `idempotent-replayed: true`.
 *
 * @throws ApiError what `runOnce` throws
 */
export async function doOnce<Result>(
  { db, pepper }: OnceDeps,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  task: Task<Result>,
): Promise<Result> {
  const caller = callerOf(request)
  const idempotencyKey = idempotencyKeyOf(request, pepper)
  const claim = idempotencyKey === undefined ? undefined : { idempotencyKey, requestHash: hashOf(request, pepper) }
  const { result, repeated } = await runOnce({ db, claim }, caller, task)
  if (repeated) reply.header('idempotent-replayed', 'true')
  return result
}

function hashOf(request: FastifyRequest, pepper: Buffer): Buffer {
  const members = (request.body ?? {}) as Readonly<Record<string, unknown>>
  return requestHash(pepper, callerOf(request), { method: request.method, path: signedPathOf(request), members })
}

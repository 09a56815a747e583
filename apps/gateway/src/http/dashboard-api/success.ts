import type { FastifyRequest } from 'fastify'
import type { Success } from '../signed-success.ts'

/** The body of a success to a browser: as the contract's, without a signature, because TLS ends where it is read. */
export function dashboardSuccess<Data extends object>(request: FastifyRequest, data: Data): Success<Data> {
  return { code: 0, msg: 'SUCCESS', data, timestamp: request.receivedAt.toISOString() }
}

import type { FastifyRequest } from 'fastify'
import type { Success } from '../signed-success.ts'

/** The body of a success to the dashboard: the contract's, unsigned, since TLS and the cookie say who speaks to whom. */
export function dashboardSuccess<Data>(request: FastifyRequest, data: Data): Success<Data> {
  return { code: 0, msg: 'SUCCESS', data, timestamp: request.receivedAt.toISOString() }
}

import assert from 'node:assert'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../domain/caller.ts'
import type { PlatformKeys } from '../domain/signatures/platform-keys.ts'
import { signData, type SignatureMembers } from '../domain/signatures/sign-data.ts'

/** The body of a success (contract §4). */
export interface Success<Data> {
  readonly code: 0
  readonly msg: 'SUCCESS'
  readonly data: Data
  readonly timestamp: string
}

/** Signs a `data` for the account that asked, over the path of the endpoint that answers. */
export async function signedSuccess<Data extends object>(
  keys: PlatformKeys,
  request: FastifyRequest,
  data: Data,
): Promise<Success<Data & SignatureMembers>> {
  assert(request.account, 'only routes with an API key are answered with a signature')
  const signed = await signData(keys, request.account, { data, path: signedPathOf(request) })
  return { code: 0, msg: 'SUCCESS', data: signed, timestamp: request.receivedAt.toISOString() }
}

/** The caller of a route that has one; the plugins have set it before a handler runs. */
export function callerOf(request: FastifyRequest): Caller {
  assert(request.caller, 'the route has no caller')
  return request.caller
}

/** The path that signatures are over: the route's, with its parameters filled in as they were understood. */
export function signedPathOf(request: FastifyRequest): string {
  const params = request.params as Readonly<Record<string, string>>
  return (request.routeOptions.url ?? '').replace(/:([A-Za-z]+)/g, (_all, name: string) => params[name] ?? '')
}

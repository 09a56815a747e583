import type { FailureMsg } from '@ucanpay/wire/failures'
import { connection, type SessionData } from './connection.ts'
import { ApiFailure, type Needs } from './failure.ts'
import type { Operations } from './schema.ts'

/** Every operation by its method and path, as the OpenAPI document names it. */
export type Operation = keyof Operations
/** What an operation answers. */
export type Data<O extends Operation> = Operations[O]['data']

type Loose<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] }
/** A part of a request that the operation has: required where it has a required member, not allowed where it is empty. */
type Part<Name extends string, T> = T extends undefined
  ? object
  : string extends keyof T
    ? object
    : object extends T
      ? Readonly<Partial<Record<Name, Loose<T>>>>
      : Readonly<Record<Name, Loose<T>>>

/** Params, query and body of an operation, as far as it has them. */
export type Input<O extends Operation> = Part<'params', Operations[O]['params']> &
  Part<'query', Operations[O]['query']> &
  Part<'body', Operations[O]['body']>

/** How a call is made, whatever the operation. */
export interface CallManner {
  /** Made by the page and not by the member: it does not keep the session awake. */
  readonly passive?: boolean
  readonly signal?: AbortSignal
}

interface AnyInput extends CallManner {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
}

/** The arguments after the operation: none are needed where it takes nothing. */
export type CallArguments<O extends Operation> =
  object extends Input<O> ? [input?: Input<O> & CallManner] : [input: Input<O> & CallManner]

/** Calls that are made without a session; a 401 there is an answer, not the end of one. */
const WITHOUT_SESSION = /^POST \/dashboard-api\/(?:sign-in|password-reset|invitations)/

/**
 * Makes a call of the dashboard's own API. Where the gateway wants to see that it is still the same person, the
 * member is asked for the password and the call is made once more.
 *
 * @throws {ApiFailure} for every answer but a success
 */
export async function call<O extends Operation>(operation: O, ...[input]: CallArguments<O>): Promise<Data<O>> {
  const given: AnyInput = input ?? {}
  let response = await send(operation, given)
  if (needsOf(response) === 'reauthentication' && (await connection.reauthenticate()))
    response = await send(operation, given)
  return (await read(operation, response)) as Data<O>
}

/** The address of a download, which the browser fetches by itself with the session's cookie. */
export function downloadUrl(path: string, query: Readonly<Record<string, string | undefined>>): string {
  return path + queryOf(query)
}

async function send(
  operation: Operation,
  { params = {}, query = {}, body, passive, signal }: AnyInput,
): Promise<Response> {
  const [method = 'GET', template = ''] = operation.split(' ')
  const path = template.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''))
  const headers: Record<string, string> = { accept: 'application/json' }
  if (passive) headers['x-passive'] = '1'
  if (method !== 'GET') {
    headers['content-type'] = 'application/json'
    if (connection.csrfToken !== '') headers['x-csrf-token'] = connection.csrfToken
  }
  try {
    return await fetch(path + queryOf(query), {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiFailure({ msg: 'OFFLINE', status: 0 })
  }
}

function queryOf(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

interface Reply {
  readonly data?: unknown
  readonly msg?: FailureMsg
  readonly requestId?: string
}

async function read(operation: Operation, response: Response): Promise<unknown> {
  const reply = (await response.json().catch(() => ({}))) as Reply
  if (response.ok && reply.data !== undefined) {
    noteSession(reply.data)
    return reply.data
  }
  if (response.status === 401 && !WITHOUT_SESSION.test(operation)) connection.onLost()
  const requestId = reply.requestId ?? response.headers.get('request-id') ?? undefined
  const needs = needsOf(response)
  throw new ApiFailure({
    msg: reply.msg ?? 'SYSTEMERROR',
    status: response.status,
    ...(requestId === undefined ? {} : { requestId }),
    ...(needs ? { needs } : {}),
  })
}

/** Several calls answer with the session: wherever one comes from, it is the newest word. */
function noteSession(data: unknown): void {
  if (typeof data !== 'object' || data === null || !('csrfToken' in data)) return
  const session = data as SessionData
  connection.csrfToken = session.csrfToken
  connection.onSession(session)
}

function needsOf(response: Response): Needs | undefined {
  if (response.status !== 403) return undefined
  const needs = response.headers.get('x-needs')
  return needs === 'reauthentication' || needs === 'second-factor' ? needs : undefined
}

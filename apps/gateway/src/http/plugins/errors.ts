import { FAILURES, failureBody, type FailureDetail, type FailureMsg } from '@ucanpay/wire/failures'
import { StrictJsonError } from '@ucanpay/wire/strict-json'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Batch } from '../../database/batch.ts'
import { ApiError } from '../../domain/api-error.ts'
import { NeedsError } from '../../domain/needs-error.ts'
import type { ErrorRecord } from '../../domain/error-records/error-record.ts'
import { describeError } from '../../observability/log.ts'
import type { App } from '../app.ts'

/** A failure as the caller is told of it. */
interface Told {
  readonly msg: FailureMsg
  readonly status?: number | undefined
  readonly failures?: readonly FailureDetail[] | undefined
}

/** SQLSTATE classes, Node.js codes and our own that mean: the database or the vault is away, not: we are wrong. */
const AWAY = /^(?:08|57P|53)|^(?:VAULT_AWAY|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/

/** Answers every failure with the contract's one body, and keeps the story for the log and the error records. */
export function addErrorAnswers(app: App, errors: Pick<Batch<ErrorRecord>, 'add'>): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const told = tell(error)
    if (error instanceof NeedsError) reply.header('x-needs', error.needs)
    if ((told.status ?? FAILURES[told.msg].statuses[0]) >= 500) request.log.error({ err: error }, 'request failed')
    else request.log.info({ err: error }, 'request refused')
    const answered = answerFailure(request, reply, told)
    if (told.msg !== 'FREQUENCY_LIMITED') errors.add(recordOf(request, reply, { error, told })) // A flood leaves no records.
    return answered
  })
  const methodsOf = addRouteShapes(app)
  app.setNotFoundHandler((request, reply) => {
    // A page's address may look like any other; where it has handed on what is no page, its own method is not right.
    const allowed = methodsOf(request.url).filter((method) => method !== request.method)
    if (allowed.length > 0) {
      reply.header('allow', allowed.join(', '))
      return answerFailure(request, reply, { msg: 'REQUIRE_POST_METHOD' })
    }
    return answerFailure(request, reply, { msg: 'NOT_FOUND' })
  })
}

/** Which methods an address answers, also where a part of it names an object: 405 is not 404 there, either. */
function addRouteShapes(app: App): (url: string) => readonly string[] {
  const routes: { shape: RegExp; methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    const methods = [method].flat().filter((one) => one !== 'HEAD')
    const shape = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+')
    routes.push({ shape: new RegExp(`^${shape}$`), methods })
  })
  return (url) => {
    const path = /^[^?#]*/.exec(url)?.[0] ?? ''
    return [...new Set(routes.flatMap(({ shape, methods }) => (shape.test(path) ? methods : [])))].sort()
  }
}

function recordOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { error, told }: { error: Error; told: Told },
): ErrorRecord {
  const { caller } = request
  return {
    requestId: request.id,
    at: request.receivedAt,
    merchantId: caller?.merchantId ?? null,
    mode: caller?.mode ?? null,
    actor: caller?.actor ?? null,
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    msg: told.msg,
    error: { ...describeError(error), ...(told.failures ? { failures: told.failures } : {}) },
  }
}

/** Sends the contract's body for a failure; in test mode an authenticated caller also learns where and which rule. */
export function answerFailure(request: FastifyRequest, reply: FastifyReply, told: Told): FastifyReply {
  const body = failureBody(told.msg, {
    status: told.status,
    requestId: request.id,
    timestamp: request.receivedAt.toISOString(),
    detail: mayKnowRules(request) ? told.failures : undefined,
  })
  if (body.status === 401) reply.header('www-authenticate', 'Bearer')
  // A page's own policy has no place on a failure; the headers of contract §1 are there since the request came in.
  return reply.code(body.status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body)
}

/** A developer in test mode, and our own pages, which put it into words (contract §5). */
function mayKnowRules({ account, url }: FastifyRequest): boolean {
  return account?.mode === 'test' || url.startsWith('/dashboard-api/')
}

/** Which failure an error is. Whatever is not foreseen is `SYSTEMERROR`, and none of its words reach the caller. */
function tell(error: FastifyError): Told {
  if (error instanceof ApiError) return { msg: error.msg, status: error.status, failures: error.failures }
  if (error instanceof StrictJsonError) return { msg: 'PARAM_ERROR', failures: [{ pointer: '', rule: error.rule }] }
  if (error.validation) return tellOfValidation(error.validation)
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { msg: 'PARAM_ERROR', status: 413 }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return { msg: 'PARAM_ERROR', status: 415 }
  if (AWAY.test(error.code)) return { msg: 'SYSTEMERROR', status: 503 }
  const status = error.statusCode ?? 500
  return status < 500 ? { msg: 'PARAM_ERROR' } : { msg: 'SYSTEMERROR' }
}

function tellOfValidation(problems: NonNullable<FastifyError['validation']>): Told {
  const failures = problems.map(({ instancePath, keyword, params }) => ({
    // For a missing member the rule's own path ends at its parent; an unknown member's name is the caller's text, so it stays out.
    pointer: keyword === 'required' ? `${instancePath}/${String(params['missingProperty'])}` : instancePath,
    rule: keyword,
  }))
  const missing = problems.every((problem) => problem.keyword === 'required')
  return { msg: missing ? 'LACK_PARAMS' : 'PARAM_ERROR', failures }
}

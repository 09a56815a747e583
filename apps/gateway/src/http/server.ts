import { AjvCompiler } from '@fastify/ajv-compiler'
import { isIP } from 'node:net'
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls'
import fastify, { LogController, type FastifyBaseLogger, type FastifyServerOptions } from 'fastify'
import type { Batch } from '../database/batch.ts'
import type { LeakReports } from '../domain/api-keys/revoke-api-key.ts'
import type { ErrorRecord } from '../domain/error-records/error-record.ts'
import type { Clock } from '../domain/clock.ts'
import { newId } from '../domain/ids.ts'
import type { App } from './app.ts'
import { requireAccess } from './plugins/access.ts'
import { createBrokenRequests } from './plugins/broken-requests.ts'
import { addErrorAnswers, answerFailure } from './plugins/errors.ts'
import { addHeaders, headersOf } from './plugins/headers.ts'
import { addJsonBody } from './plugins/json-body.ts'
import { addLeakedKeyGuard } from './plugins/leaked-keys.ts'

/** Certificate chain and key, PEM. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
  /** PEM of the authority that clients must have a certificate of; no client needs one where it is undefined. */
  readonly clientCa?: string | undefined
}

export interface ServerDeps {
  readonly tls: TlsFiles
  readonly log: FastifyBaseLogger
  readonly clock: Clock
  readonly leaks: LeakReports
  readonly errors: Pick<Batch<ErrorRecord>, 'add'>
  /** Addresses and ranges of proxies whose `X-Forwarded-For` is believed; none where empty. */
  readonly trustedProxies: readonly string[]
}

const BODY_LIMIT_BYTES = 64 * 1024
const MAX_HEADER_BYTES = 16 * 1024
/** TLS 1.2 with forward secrecy and authenticated encryption only; TLS 1.3 has no other kind (contract §1). */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':')

/** How keys are agreed on. The first outlasts a quantum computer; an older OpenSSL does not know it. No finite fields. */
const GROUPS = ['X25519MLKEM768', 'X25519', 'P-256', 'P-384'].filter(isKnownGroup).join(':')

/** One for all servers of a process: what schemas have in common is compiled once. */
const buildValidator = AjvCompiler()

/** What every server of ours has in common: HTTPS, limits, headers, strict bodies, the contract's failures. */
export function createServer(deps: ServerDeps): App {
  const broken = createBrokenRequests(deps)
  const options: FastifyServerOptions = {
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => newId('req', deps.clock.now()),
    requestIdHeader: false, // A caller does not choose the number under which we keep its record.
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: deps.trustedProxies.length > 0 ? [...deps.trustedProxies] : false,
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { maxParamLength: MAX_HEADER_BYTES }, // Each route's schema has a bound of its own, and is asked after the key.
    schemaController: { compilersFactory: { buildValidator } },
    // Fastify's own choice drops unknown members and turns "7" into 7; the contract refuses both.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: false } },
    // A path that cannot be decoded is answered before any hook runs; it gets the contract's answer all the same.
    frameworkErrors: (_error, request, reply) => {
      request.receivedAt = deps.clock.now()
      answerFailure(request, reply.headers(headersOf(request.id)), { msg: 'PARAM_ERROR' })
    },
    clientErrorHandler: broken.refuse,
  }
  const app = fastify({
    ...options,
    https: {
      ...transportOf(deps.tls),
      ciphers: CIPHERS,
      ecdhCurve: GROUPS,
      honorCipherOrder: true,
      handshakeTimeout: 10_000,
      headersTimeout: 10_000,
      connectionsCheckingInterval: 1_000, // Slow senders are cut off within a second of their time.
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false, // Node.js would answer in its own words; the plug-in for broken requests does in the contract's.
    },
  } as FastifyServerOptions) as unknown as App
  app.decorateRequest('account', null)
  app.decorateRequest('caller', null)
  app.decorateRequest('clientIp', '')
  app.decorateRequest('receivedAt')
  app.decorateRequest('bodyRead', false)
  app.addHook('onRequest', (request, _reply, done) => {
    request.receivedAt = deps.clock.now()
    request.clientIp = isIP(request.ip) === 0 ? (request.socket.remoteAddress ?? '') : request.ip
    done()
  })
  requireAccess(app)
  addHeaders(app)
  broken.addTo(app)
  addLeakedKeyGuard(app, deps.leaks)
  addJsonBody(app)
  addErrorAnswers(app, deps.errors)
  logRequests(app)
  return app
}

function isKnownGroup(group: string): boolean {
  try {
    createSecureContext({ ecdhCurve: group })
    return true
  } catch {
    return false
  }
}

/** Where clients are ours, nothing older than TLS 1.3 has to be borne, and none without a certificate is heard. */
function transportOf({ cert, key, clientCa }: TlsFiles): SecureContextOptions & TlsOptions {
  if (clientCa === undefined) return { cert, key, minVersion: 'TLSv1.2' }
  return { cert, key, minVersion: 'TLSv1.3', ca: clientCa, requestCert: true, rejectUnauthorized: true }
}

/** One line a request, of an allow list: the route and not the address, because an address can hold anything. */
function logRequests(app: App): void {
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        merchantId: request.caller?.merchantId ?? null,
        mode: request.caller?.mode ?? null,
        actor: request.caller?.actor ?? null,
      },
      'request',
    )
    done()
  })
}

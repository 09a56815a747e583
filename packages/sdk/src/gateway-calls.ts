import { randomBytes, type KeyObject } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SignatureScheme } from '@ucanpay/wire/string-to-sign'
import { endOf, until } from './call-end.ts'
import { refusalOf, UCanPayConfigError, UCanPayConnectionError, UCanPayError, UCanPaySignatureError } from './errors.ts'
import { tell, type Hooks, type RequestEvent, type ResponseEvent } from './hooks.ts'
import { keysNow, maskedSource, type KeySource } from './key-source.ts'
import {
  readOrigin,
  readPrivateKey,
  readPublicKeys,
  requireCallOptions,
  TRACEPARENT,
  type OnceOptions,
  type UCanPayOptions,
} from './options.ts'
import { isWorthRetrying, pauseBefore, readRetryAfter, type Failed } from './retry.ts'
import { readJwks, signMembers, verifyMembers } from './signing.ts'
import { isUnsent, Transport, type Exchange, type Reply } from './transport.ts'

const USER_AGENT = 'ucanpay-sdk/0.1.0'

/** What is asked of the gateway. */
export interface Call {
  readonly method: Exchange['method']
  /** The template; `{id}` is filled in. */
  readonly route: string
  /** 1 to 64 of [0-9A-Za-z_-]. */
  readonly id?: string | undefined
  readonly query?: object | undefined
  readonly members?: object | undefined
  readonly options?: OnceOptions | undefined
  /** The endpoint takes an Idempotency-Key: one is made where none is given. */
  readonly once?: boolean
  /** False where asking twice would do it twice, or lose what the first answer said. */
  readonly repeatable?: boolean
  /**
   * `account`: with the key, and the answer is signed for the account. `anybody`: without a key, in the contract's own
   * scheme. `unsigned`: without a key, and the body itself is the answer, whatever its status.
   */
  readonly as?: 'account' | 'anybody' | 'unsigned'
}

/** What a try came to. */
type Outcome = { readonly answer: Record<string, unknown>; readonly reply: Reply } | Refusal
interface Refusal extends Failed {
  /** The one that was refused. */
  readonly key?: string | undefined
  readonly requestId?: string | undefined
}
/** One try of a call. */
interface Try {
  readonly call: Call
  readonly path: string
  readonly attempt: number
  readonly signal: AbortSignal
  readonly idempotencyKey: string | undefined
  /** Not this one again: the gateway refused it. */
  readonly refusedKey: string | undefined
}

/** Asks the gateway: signs, sends, verifies, and asks again where that is safe. */
export class GatewayCalls {
  readonly #apiKey: KeySource
  readonly #baseUrl: string
  readonly #merchantId: string | undefined
  readonly #privateKey: KeyObject | undefined
  readonly #transport: Transport
  readonly #scheme: SignatureScheme
  readonly #limits: { readonly timeoutMs: number; readonly deadlineMs: number; readonly maxRetries: number }
  readonly #hooks: Hooks
  readonly #traceparent: (() => string | undefined) | undefined
  readonly #givenKeys: readonly KeyObject[] | undefined
  #fetchedKeys: Promise<readonly KeyObject[]> | undefined

  /** @throws UCanPayConfigError for anything that cannot work or is not safe */
  constructor(options: UCanPayOptions) {
    const { apiKey, platformKeys, ca = [], pins = [], timeoutMs = 10_000 } = options
    if (typeof apiKey !== 'function' && [apiKey].flat().every((key) => !key)) {
      throw new UCanPayConfigError('apiKey is missing.')
    }
    this.#apiKey = maskedSource(apiKey)
    this.#baseUrl = readOrigin(options.baseUrl)
    this.#merchantId = options.merchantId
    this.#privateKey = readPrivateKey(options.privateKey)
    this.#transport = new Transport({ ca: [ca].flat(), pins })
    this.#scheme = options.signatureScheme ?? 'guide-2024'
    this.#limits = { timeoutMs, deadlineMs: options.deadlineMs ?? 60_000, maxRetries: options.maxRetries ?? 2 }
    this.#hooks = options.hooks ?? {}
    this.#traceparent = options.traceparent
    this.#givenKeys = platformKeys === undefined ? undefined : readPublicKeys(platformKeys)
  }

  /** The gateway's origin. */
  get baseUrl(): string {
    return this.#baseUrl
  }

  /**
   * Asks, and asks again where that is safe, until an answer, the last try, the deadline or the signal. The caller names
   * what the endpoint answers; the signature vouches for it.
   *
   * @throws UCanPayError of every kind
   */
  async ask<Data>(call: Call): Promise<Data> {
    const { options = {}, once = false } = call
    requireCallOptions(options, once)
    const path = pathOf(call)
    const deadlineMs = options.deadlineMs ?? this.#limits.deadlineMs
    const end = endOf({ signal: options.signal, deadlineMs })
    try {
      const idempotencyKey = once ? (options.idempotencyKey ?? newNumber()) : undefined
      const outcome = await this.#askUntil({ call, path, signal: end.signal, idempotencyKey, endsAt: end.at })
      return (call.as === 'unsigned' ? outcome : outcome['data']) as Data
    } finally {
      end.release()
    }
  }

  /** The keys that answers are signed with. */
  platformKeys(signal?: AbortSignal): Promise<readonly KeyObject[]> {
    if (this.#givenKeys) return Promise.resolve(this.#givenKeys)
    const keys = (this.#fetchedKeys ??= this.#fetchKeys())
    return signal ? until(signal, keys) : keys
  }

  /** Lets go of connections. */
  close(): void {
    this.#transport.close()
  }

  async #askUntil(
    asked: Omit<Try, 'attempt' | 'refusedKey'> & { readonly endsAt: number },
  ): Promise<Record<string, unknown>> {
    const { call, signal, endsAt } = asked
    const maxRetries = call.options?.maxRetries ?? this.#limits.maxRetries
    let refusedKey: string | undefined
    let left = maxRetries
    for (let attempt = 1; ; attempt++) {
      const trial = { ...asked, attempt, refusedKey }
      const { outcome, event } = await this.#observed(trial)
      if ('answer' in outcome) return outcome.answer
      const { error } = outcome
      if (signal.aborted) throw tried(signal.reason as UCanPayError, attempt)
      // The gateway does not know this key any more. If the source has another one now, it was rolled meanwhile.
      const rolled =
        refusedKey === undefined && outcome.key !== undefined && (await this.#hasOther(outcome.key, signal))
      if (!rolled && (left-- <= 0 || !isWorthRetrying(outcome, call.repeatable ?? true))) throw tried(error, attempt)
      if (rolled) refusedKey = outcome.key
      const pauseMs = rolled ? 0 : pauseBefore(maxRetries - left - 1, error.retryAfterMs)
      if (performance.now() + pauseMs >= endsAt) throw tried(error, attempt)
      tell(this.#hooks.onRetry, { ...event, pauseMs })
      await sleep(pauseMs, undefined, { signal }).catch(() => {
        throw tried(signal.reason as UCanPayError, attempt)
      })
    }
  }

  async #observed(trial: Try): Promise<{ outcome: Outcome; event: ResponseEvent }> {
    const { call, attempt } = trial
    const event: RequestEvent = { method: call.method, route: call.route, attempt }
    const startedAt = performance.now()
    tell(this.#hooks.onRequest, event)
    const outcome = await this.#try(trial).catch((error: unknown): Outcome => {
      if (error instanceof UCanPayError) return { error, unsent: isUnsent(error) }
      throw error
    })
    const durationMs = performance.now() - startedAt
    const ended: ResponseEvent =
      'answer' in outcome
        ? { ...event, status: outcome.reply.status, msg: 'SUCCESS', requestId: outcome.reply.requestId, durationMs }
        : { ...event, ...toldOf(outcome), durationMs }
    tell(this.#hooks.onResponse, ended)
    return { outcome, event: ended }
  }

  async #try(trial: Try): Promise<Outcome> {
    const { call, path, signal } = trial
    const { method, members, query, as = 'account' } = call
    // Before anything is sent: without them the answer could not be believed.
    if (as !== 'unsigned') await this.platformKeys(signal)
    const key = as === 'account' ? await this.#keyNow(signal, trial.refusedKey) : undefined
    const reply = await this.#transport.send({
      method,
      url: new URL(`${path}${queryOf(query)}`, this.#baseUrl),
      headers: this.#headersOf(trial, key),
      ...(members ? { body: JSON.stringify(as === 'account' ? this.#signed(path, members) : members) } : {}),
      timeoutMs: call.options?.timeoutMs ?? this.#limits.timeoutMs,
      signal,
    })
    const answer = readJson(reply.text)
    if (as === 'unsigned' && (reply.status === 200 || reply.status === 503)) return { answer, reply }
    if (reply.status !== 200) {
      const error = refusalOf(reply.status, answer)
      Object.assign(error, { retryAfterMs: readRetryAfter(reply.retryAfter, reply.date) })
      const isUnknownKey = reply.status === 401 && error.msg === 'NOAUTH'
      return { error, requestId: reply.requestId, ...(isUnknownKey ? { key } : {}) }
    }
    await this.#requireSigned(answer['data'], { path, scheme: as === 'anybody' ? 'guide-2024' : this.#scheme, signal })
    return { answer, reply }
  }

  #headersOf({ call, idempotencyKey }: Try, key: string | undefined): Record<string, string> {
    const traceparent = call.options?.traceparent ?? this.#currentTrace()
    return {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      'user-agent': USER_AGENT,
      ...(call.members ? { 'content-type': 'application/json' } : {}),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(traceparent === undefined ? {} : { traceparent }),
    }
  }

  /** What the option gives; nothing where it throws or gives what is none, for no payment fails for a trace. */
  #currentTrace(): string | undefined {
    try {
      const traceparent = this.#traceparent?.()
      return traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined
    } catch {
      return undefined
    }
  }

  async #keyNow(signal: AbortSignal, refused?: string): Promise<string> {
    const keys = await until(signal, keysNow(this.#apiKey, 'API key'))
    const key = keys.find((each) => each !== refused) ?? keys[0] ?? ''
    if (!/^[!-~]{1,128}$/.test(key)) {
      throw new UCanPayConfigError('The API key is not 1 to 128 visible characters of ASCII; is there a line too many?')
    }
    return key
  }

  #hasOther(refused: string, signal: AbortSignal): Promise<boolean> {
    return this.#keyNow(signal, refused).then(
      (key) => key !== refused,
      () => false, // What is told then is the refusal.
    )
  }

  #signed(path: string, members: object): object {
    const named = { ...(this.#merchantId === undefined ? {} : { merchantId: this.#merchantId }), ...members }
    return this.#privateKey ? signMembers(this.#privateKey, named, { scheme: this.#scheme, path }) : named
  }

  async #requireSigned(
    data: unknown,
    { signal, ...rules }: { path: string; scheme: SignatureScheme; signal: AbortSignal },
  ): Promise<void> {
    const members = (data ?? {}) as Record<string, unknown>
    if (verifyMembers(await this.platformKeys(signal), members, rules)) return
    // The gateway may have changed its key since we asked; once more, and then it is not the gateway.
    if (!this.#givenKeys) {
      this.#fetchedKeys = this.#fetchKeys()
      if (verifyMembers(await this.platformKeys(signal), members, rules)) return
    }
    throw new UCanPaySignatureError('The answer is not signed by the gateway.')
  }

  async #fetchKeys(): Promise<readonly KeyObject[]> {
    try {
      const reply = await this.#transport.send({
        method: 'GET',
        url: new URL('/.well-known/jwks.json', this.#baseUrl),
        headers: { 'user-agent': USER_AGENT },
        timeoutMs: this.#limits.timeoutMs,
        signal: new AbortController().signal, // Other calls wait for it as well: none of them ends it.
      })
      const answer = readJson(reply.text)
      if (reply.status !== 200) throw refusalOf(reply.status, answer)
      const keys = readJwks(answer)
      if (keys.length === 0) throw new UCanPayConnectionError('The gateway tells no public keys.')
      return keys
    } catch (error) {
      this.#fetchedKeys = undefined // What failed is not kept: the next call asks again.
      throw error
    }
  }
}

function toldOf({ error, requestId }: Refusal): Pick<ResponseEvent, 'status' | 'msg' | 'requestId'> {
  return { status: error.status, msg: error.msg ?? error.name, requestId: error.requestId ?? requestId }
}

/** Says on the error how often it was tried. */
function tried(error: UCanPayError, tries: number): UCanPayError {
  Object.assign(error, { tries })
  if (tries > 1) error.message += ` (after ${tries} tries)`
  return error
}

/** Every call names one thing by its number; a number that is none would make another path of it. */
function pathOf({ route, id }: Call): string {
  if (!route.includes('{')) return route
  if (typeof id !== 'string' || !/^[0-9A-Za-z_-]{1,64}$/.test(id)) {
    throw new UCanPayConfigError('The number in the path is not 1 to 64 of [0-9A-Za-z_-].')
  }
  return route.replace(/\{[a-zA-Z]+\}/, id)
}

function queryOf(query: object = {}): string {
  const texts = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return texts.length === 0 ? '' : `?${new URLSearchParams(texts).toString()}`
}

function readJson(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {} // A proxy's page, say; the status tells what is to be told.
  }
}

/** 32 characters of [0-9a-f]: nobody else's order or refund has this number. */
export function newNumber(): string {
  return randomBytes(16).toString('hex')
}

import type { AnyFailureMsg } from './errors.ts'

/** One try of a call, as metrics and traces need it: no address, no header, no body, no key. */
export interface RequestEvent {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** The template, e.g. `/v1/payments/{id}`: as many of them as there are endpoints. */
  readonly route: string
  /** 1 for the first. */
  readonly attempt: number
}

/** How a try ended. */
export interface ResponseEvent extends RequestEvent {
  /** Undefined where no answer came. */
  readonly status: number | undefined
  /** `SUCCESS`, the gateway's `msg`, or the name of the error where no answer came. */
  readonly msg: AnyFailureMsg
  readonly requestId: string | undefined
  readonly durationMs: number
}

/** A try that is going to be repeated. */
export interface RetryEvent extends ResponseEvent {
  /** Until the next try. */
  readonly pauseMs: number
}

/** Told of each try; what a hook throws or rejects with is dropped, and no call waits for one. */
export interface Hooks {
  readonly onRequest?: (event: RequestEvent) => unknown
  readonly onResponse?: (event: ResponseEvent) => unknown
  readonly onRetry?: (event: RetryEvent) => unknown
}

/** Tells a hook. */
export function tell<Event>(hook: ((event: Event) => unknown) | undefined, event: Event): void {
  if (!hook) return
  const drop = (): void => undefined // A payment does not fail for a metric.
  try {
    Promise.resolve(hook(event)).catch(drop)
  } catch {
    drop()
  }
}

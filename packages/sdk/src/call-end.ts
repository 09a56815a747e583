import { UCanPayAbortedError, UCanPayTimeoutError } from './errors.ts'

/** When a call ends, whatever it is doing. */
export interface CallEnd {
  /** Aborted by the caller's signal or at the deadline; its reason is the error to throw. */
  readonly signal: AbortSignal
  /** On the clock of `performance.now()`. */
  readonly at: number
  /** Has to be called once the call has ended by itself. */
  release(): void
}

/** Watches a caller's signal and the deadline for one call. @param ends.deadlineMs from now */
export function endOf({ signal, deadlineMs }: { signal: AbortSignal | undefined; deadlineMs: number }): CallEnd {
  const controller = new AbortController()
  const late = (): void =>
    controller.abort(new UCanPayTimeoutError(`The call did not end within its deadline of ${deadlineMs} ms.`))
  const aborted = (): void => {
    const why = 'The call was ended by its signal; what it asked for may have been done.'
    controller.abort(new UCanPayAbortedError(why, undefined, { cause: signal?.reason }))
  }
  const timer = setTimeout(late, deadlineMs)
  if (signal?.aborted) aborted()
  else signal?.addEventListener('abort', aborted)
  return {
    signal: controller.signal,
    at: performance.now() + deadlineMs,
    release: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
    },
  }
}

/** What is waited for, or the signal's reason if that comes first. */
export async function until<Value>(signal: AbortSignal, wanted: Promise<Value>): Promise<Value> {
  let ended: (() => void) | undefined
  const end = new Promise<never>((_resolve, reject) => {
    ended = () => reject(signal.reason as Error)
    if (signal.aborted) ended()
    else signal.addEventListener('abort', ended)
  })
  try {
    return await Promise.race([wanted, end])
  } finally {
    if (ended) signal.removeEventListener('abort', ended)
    wanted.catch(() => undefined) // Nobody waits for it any more.
  }
}

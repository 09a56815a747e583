import { keepPreviousData, useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { hasJustActed } from '../session/member-acts.ts'
import { useSession } from '../session/session-context.ts'
import { call, type CallArguments, type CallManner, type Data, type Input, type Operation } from './client.ts'
import { takeEarly, takeEarlyData } from './early-answers.ts'
import { asFailure, type ApiFailure } from './failure.ts'

type Reading = Extract<Operation, `GET ${string}`>
/** How a query is kept, beside what it asks for. */
export interface ApiOptions<O extends Reading> {
  /** False: not asked for (yet). */
  readonly enabled?: boolean
  /** Milliseconds between two looks, while somebody looks at the page; false where it will not change by itself. */
  readonly refetchInterval?: number | ((data: Data<O> | undefined) => number | false)
  /** Shows the answer before while the next one is on its way: for lists. */
  readonly keepPrevious?: boolean
}

/**
 * Reads by GET and keeps the answer for this mode. The first read counts as the member's own act, and so does one that
 * follows an act of theirs, as going back to a list does; when the page looks again by itself, the call says so and does
 * not keep the session awake.
 */
export function useApi<O extends Reading>(
  operation: O,
  input: Input<O>,
  { enabled = true, refetchInterval, keepPrevious = false }: ApiOptions<O> = {},
): UseQueryResult<Data<O>, ApiFailure> {
  const { mode } = useSession()
  return useQuery<Data<O>, ApiFailure>({
    queryKey: [mode, operation, input],
    // Asked for before this code was there: with the page's first sight.
    initialData: () => takeEarlyData(operation, input),
    queryFn: ({ client, queryKey, signal }) => {
      const early = takeEarly(operation, input)
      if (early) return early
      const manner: CallManner = { passive: client.getQueryData(queryKey) !== undefined && !hasJustActed(), signal }
      return call(operation, ...([{ ...input, ...manner }] as unknown as CallArguments<O>))
    },
    enabled,
    ...(refetchInterval === undefined
      ? {}
      : {
          refetchInterval:
            typeof refetchInterval === 'number' ? refetchInterval : ({ state }) => refetchInterval(state.data),
        }),
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  })
}

/** An act of the member's: `run` it, and show its `failure` where it was refused. */
export interface Action<O extends Operation> {
  /** Undefined where it failed; the reason is then in `failure`. */
  readonly run: (...input: CallArguments<O>) => Promise<Data<O> | undefined>
  readonly busy: boolean
  readonly failure: ApiFailure | undefined
  /** Forgets the failure, e.g. when a dialog is opened again. */
  readonly reset: () => void
}

/** An operation that changes something. After a success everything on the page is read anew. */
export function useAction<O extends Operation>(operation: O): Action<O> {
  const client = useQueryClient()
  const { mutateAsync, isPending, error, reset } = useMutation<Data<O>, unknown, CallArguments<O>>({
    mutationFn: (input) => call(operation, ...input),
    onSuccess: () => {
      void client.invalidateQueries()
    },
  })
  return {
    // The failure is shown from `error`; to the caller it is enough that nothing came back.
    run: (...input) => mutateAsync(input).catch(() => undefined),
    busy: isPending,
    failure: error === null ? undefined : asFailure(error),
    reset,
  }
}

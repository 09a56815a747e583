import { call, type CallArguments, type Data, type Operation } from './client.ts'

interface EarlyAnswer {
  readonly answer: Promise<unknown>
  readonly askedAt: number
  data?: unknown
}

/** An answer that nobody has taken by then is thrown away: it is read anew. */
const FRESH_MS = 10_000

const answers = new Map<string, EarlyAnswer>()

function keyOf(operation: Operation, input: unknown): string {
  return `${operation} ${JSON.stringify(input)}`
}

/** Asks for what the page will want, while the page's own code is still on its way. */
export function askEarly<O extends Operation>(operation: O, ...input: CallArguments<O>): Promise<Data<O>> {
  const answer = call(operation, ...input)
  const early: EarlyAnswer = { answer, askedAt: performance.now() }
  answers.set(keyOf(operation, input[0] ?? {}), early)
  answer.then(
    (data) => {
      early.data = data
    },
    // Whoever takes the answer hears of a failure.
    () => undefined,
  )
  return answer
}

/** The early answer, where it is still on its way or failed: each is taken once. */
export function takeEarly<O extends Operation>(operation: O, input: unknown): Promise<Data<O>> | undefined {
  return take(operation, input)?.answer as Promise<Data<O>> | undefined
}

/** The early answer, where it has come already. */
export function takeEarlyData<O extends Operation>(operation: O, input: unknown): Data<O> | undefined {
  if (answers.get(keyOf(operation, input))?.data === undefined) return undefined
  return take(operation, input)?.data as Data<O> | undefined
}

/** Throws the early answers away: they are of another mode, or of another member. */
export function dropEarly(): void {
  answers.clear()
}

function take(operation: Operation, input: unknown): EarlyAnswer | undefined {
  const key = keyOf(operation, input)
  const early = answers.get(key)
  answers.delete(key)
  return early && performance.now() - early.askedAt < FRESH_MS ? early : undefined
}

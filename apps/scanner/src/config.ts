/** What the surroundings say about the output. */
export interface Environment {
  /** NO_COLOR (no-color.org) wins over a terminal; FORCE_COLOR over a pipe. */
  readonly colour: boolean
  readonly isTerminal: boolean
}

/** The only reader of the environment. */
export function readEnvironment(): Environment {
  const { NO_COLOR, FORCE_COLOR } = process.env
  const isTerminal = process.stdout.isTTY
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && FORCE_COLOR !== ''
  return { colour: (isTerminal || isForced) && (NO_COLOR === undefined || NO_COLOR === ''), isTerminal }
}

/** Tells the time. Everything that depends on time asks one, so that tests can move it. */
export interface Clock {
  now(): Date
}

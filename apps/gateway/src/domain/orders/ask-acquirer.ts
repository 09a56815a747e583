import type { Acquirer, Outcome } from '../../acquirers/acquirer.ts'
import type { Mode } from '@ucanpay/wire/api-key'

/** The acquirer of a mode; undefined where none is connected. */
export type Acquirers = (mode: Mode) => Acquirer | undefined

/**
 * Waits for an acquirer's answer, and gives nothing where none can be had: after an error or a time-out nobody knows
 * what the acquirer did, so the attempt stays open and a look-up settles it. It is never guessed.
 *
 * @param ask one call of the port
 */
export async function answerOf<Answer = Outcome>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Error && error.name === 'AcquirerUnknownError') return undefined
    throw error
  }
}

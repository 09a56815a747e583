import type { Refusal } from '../acquirer.ts'

/** How the sandbox treats a card. Absent members mean: at once, and well. */
export interface CardBehaviour {
  readonly refusal?: Refusal
  /** Asks the buyer for a challenge first. */
  readonly challenge?: boolean
  /** Answers after this many milliseconds. */
  readonly delayMs?: number
  /** Acts, and its answer never arrives. */
  readonly answerLost?: boolean
  /** Never arrives at the acquirer at all. */
  readonly requestLost?: boolean
  /** Is asked twice, as a network that repeats itself would. */
  readonly duplicated?: boolean
  /** Refunds of payments with it are refused. */
  readonly refundsFail?: boolean
}

/**
 * The test cards. The first group is contract §7's; the second is ours, for what networks do. Any other Luhn-valid
 * number succeeds, and so does every card of the second group but `requestLost`, in the end.
 */
const TEST_CARDS = new Map<string, CardBehaviour>([
  ['4000000000000002', { refusal: 'declined' }],
  ['4000000000009995', { refusal: 'insufficient_funds' }],
  ['4000000000000119', { refusal: 'processor_error' }],
  ['4000000000003220', { challenge: true }],
  ['4000000000000341', { refusal: 'declined' }], // Attaches (is sealed and gets a token), then fails on charge.

  ['4000000000005407', { delayMs: 4_000 }],
  ['4000000000006405', { answerLost: true }],
  ['4000000000007403', { requestLost: true }],
  ['4000000000008401', { duplicated: true }],
  ['4000000000005126', { refundsFail: true }],
])

/** What the sandbox does with a card number. */
export function behaviourOf(cardNumber: string): CardBehaviour {
  return TEST_CARDS.get(cardNumber) ?? {}
}

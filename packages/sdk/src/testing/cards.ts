import { isLuhnValid } from '@ucanpay/wire/card-number'
import { UCanPayConfigError } from '../errors.ts'

/** Why a payment was declined, as the buyer's page says it. */
export type DeclineReason = 'declined' | 'insufficient_funds' | 'processor_error' | 'challenge_failed'

/** How a payment ends, in words instead of a card number. */
export type PaymentOutcome =
  | 'success'
  | 'declined'
  | 'insufficient-funds'
  | 'processor-error'
  | 'challenge'
  /** The money moves and the answer is lost: `USERPAYING` until `settlePayments`. */
  | 'answer-lost'
  /** The request never arrives: `USERPAYING`, and after 20 s and `settlePayments` it can be paid again. */
  | 'request-lost'
  /** Succeeds, and its refunds are refused. */
  | 'refunds-fail'

/** How a card is treated. */
export interface CardBehaviour {
  readonly refusal?: DeclineReason
  readonly challenge?: boolean
  readonly answerLost?: boolean
  readonly requestLost?: boolean
  readonly refundsFail?: boolean
}

const OUTCOMES: Readonly<Record<PaymentOutcome, CardBehaviour>> = {
  success: {},
  declined: { refusal: 'declined' },
  'insufficient-funds': { refusal: 'insufficient_funds' },
  'processor-error': { refusal: 'processor_error' },
  challenge: { challenge: true },
  'answer-lost': { answerLost: true },
  'request-lost': { requestLost: true },
  'refunds-fail': { refundsFail: true },
}

/** The test cards of docs/test-cards.md that do anything but succeed. */
const CARDS = new Map<string, PaymentOutcome>([
  ['4000000000000002', 'declined'],
  ['4000000000009995', 'insufficient-funds'],
  ['4000000000000119', 'processor-error'],
  ['4000000000003220', 'challenge'],
  ['4000000000000341', 'declined'],
  ['4000000000006405', 'answer-lost'],
  ['4000000000007403', 'request-lost'],
  ['4000000000005126', 'refunds-fail'],
])

/** What a buyer pays with: a test card's number, or how it ends. It succeeds where both are absent. */
export interface Payment {
  readonly card?: string
  readonly outcome?: PaymentOutcome
}

/** @throws UCanPayConfigError for what is no card number */
export function behaviourOf({ card, outcome }: Payment): CardBehaviour {
  if (card === undefined) return OUTCOMES[outcome ?? 'success']
  const number = card.replaceAll(' ', '')
  // The number itself stays out of the error: somebody may have tried a real one.
  if (!/^[0-9]{12,19}$/.test(number) || !isLuhnValid(number)) throw new UCanPayConfigError('card is no card number.')
  return OUTCOMES[outcome ?? CARDS.get(number) ?? 'success']
}

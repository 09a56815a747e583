import type { Mode } from '@ucanpay/wire/api-key'

/** What a card payment needs. It lives in memory alone, between the vault and the acquirer. */
export interface CardToCharge {
  readonly number: string
  readonly expiryMonth: number
  readonly expiryYear: number
  readonly holderName: string
  /** Absent where the card is on file: the code is never stored (PCI DSS 3.3.1.2). */
  readonly securityCode?: string
}

/** Why an acquirer refused, in our own closed list; an acquirer's words are mapped to it and go no further. */
export const REFUSALS = [
  'declined',
  'insufficient_funds',
  'processor_error',
  'challenge_failed',
  'not_received',
] as const
export type Refusal = (typeof REFUSALS)[number]

/** What became of an operation. */
export type Outcome =
  | { readonly status: 'succeeded' }
  | { readonly status: 'refused'; readonly reason: Refusal }
  | { readonly status: 'challenge'; readonly challengeUrl: string }

/** An operation's own number, made before it is asked for; asking twice under one number does it once. */
interface Operation {
  readonly operationId: string
  readonly mode: Mode
}

export interface AuthoriseRequest extends Operation {
  /** Minor units. */
  readonly amount: number
  readonly currency: string
  /** True takes the money at once; false holds it for a capture. */
  readonly capture: boolean
  readonly card: CardToCharge
  /** Where a challenge sends the buyer back to. */
  readonly returnUrl: string
}

/** An operation on an earlier authorisation, named by that one's `operationId`. */
export interface FollowUpRequest extends Operation {
  readonly authorisationId: string
  /** Minor units. */
  readonly amount: number
}

/** The answer never came, or came broken: nobody knows what the acquirer did. Only a look-up can tell. */
export class AcquirerUnknownError extends Error {
  override readonly name = 'AcquirerUnknownError'
}

/**
 * An acquirer, as the gateway needs it. Every method settles within the time limit of the connection behind it.
 *
 * Each operation is idempotent under its `operationId`. A method that throws `AcquirerUnknownError` may have acted.
 */
export interface Acquirer {
  readonly name: string
  /** Asks for the money. @throws AcquirerUnknownError */
  authorise(request: AuthoriseRequest): Promise<Outcome>
  /** Takes held money, all or part; what is left of the hold is released. @throws AcquirerUnknownError */
  capture(request: FollowUpRequest): Promise<Outcome>
  /**
   * Releases held money, or takes back an authorisation whose fate is unknown: one that has not arrived yet is
   * refused when it does. @throws AcquirerUnknownError
   */
  void(request: FollowUpRequest): Promise<Outcome>
  /** Gives captured money back, all or part. @throws AcquirerUnknownError */
  refund(request: FollowUpRequest): Promise<Outcome>
  /** What became of an operation; `unseen` where the acquirer never got it. @throws AcquirerUnknownError */
  lookUp(operation: {
    readonly operationId: string
    readonly mode: Mode
  }): Promise<Outcome | { readonly status: 'unseen' }>
}

/** An envelope that does not open. Which of the many reasons it was is nobody's business but an attacker's. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
  constructor() {
    super('the envelope cannot be opened')
  }
}

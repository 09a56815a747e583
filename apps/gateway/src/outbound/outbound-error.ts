/** Why no answer came, in a closed list that may be shown to the merchant. */
export type OutboundReason = 'refused_address' | 'dns' | 'connect' | 'tls' | 'timeout' | 'closed'

/** An outgoing request that got no answer. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly reason: OutboundReason
  constructor(reason: OutboundReason, options?: ErrorOptions) {
    super(`no answer: ${reason}`, options)
    this.reason = reason
  }
}

/** Why no answer came, in a closed list that may be shown to the merchant. */
export type OutboundReason =
  | 'refused_address' // Its form or where its name leads to is not allowed; nothing was dialled.
  | 'dns' // The name does not resolve.
  | 'connect' // Nobody takes the connection.
  | 'tls' // No secure connection came about: certificate, name or protocol version.
  | 'timeout'
  | 'too_large' // Its headers are longer than is read.
  | 'not_http' // What it answered is not HTTP.
  | 'closed' // It ended the connection before it had answered, or we are being shut down.

/** An outgoing request that got no answer. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly reason: OutboundReason
  constructor(reason: OutboundReason, options?: ErrorOptions) {
    super(`no answer: ${reason}`, options)
    this.reason = reason
  }
}

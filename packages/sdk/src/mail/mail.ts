import { checkMail, type MailData, type MailFilterOptions } from './check-mail.ts'
import { requireSafeServer, type MailTransport } from './safe-server.ts'

export { assertSendable } from './assert-sendable.ts'
export type { MailFilterOptions } from './check-mail.ts'
export type { AllowedData } from './check-text.ts'
export type { MailTransport } from './safe-server.ts'
export { SensitiveDataError, type SensitiveFinding, type SensitiveKind } from './sensitive-data-error.ts'

/** A plug-in of nodemailer. */
export type MailPlugin = (mail: { data: object }, done: (error?: Error | null) => void) => void

/**
 * A plug-in that refuses mails with card data, keys or personal data: `transport.use('compile', sensitiveFilter())`.
 * `safeTransport` also sees to TLS and to what other plug-ins write into the mail after it.
 *
 * @see product practice 7; PCI DSS 4.2.2
 */
export function sensitiveFilter(options: MailFilterOptions = {}): MailPlugin {
  return plugin(options, true)
}

/** How a transport is made safe. */
export interface SafeTransportOptions extends MailFilterOptions {
  /** For a mail catcher on your own machine: mail leaves in the clear. */
  readonly dangerouslyAllowPlainSmtp?: boolean
}

/**
 * Makes a transport of nodemailer safe, and gives it back: mails with card data, keys or personal data are refused, and
 * its server is spoken to by verified TLS alone.
 *
 * @throws UCanPayConfigError where mail could leave in the clear or the certificate is not verified
 */
export function safeTransport<T extends MailTransport>(transport: T, options: SafeTransportOptions = {}): T {
  requireSafeServer(transport, options.dangerouslyAllowPlainSmtp)
  transport.use('compile', plugin(options, true))
  // Once more when all plug-ins had their turn: one that fills in templates may have come after the first look.
  transport.use('stream', plugin(options, false))
  return transport
}

function plugin(options: MailFilterOptions, mayOpen: boolean): MailPlugin {
  return ({ data }, done) => {
    checkMail(data as MailData, options, mayOpen).then(
      () => done(),
      (error: unknown) => done(error instanceof Error ? error : new Error('the mail could not be looked through')),
    )
  }
}

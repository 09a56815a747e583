import { UCanPayConfigError } from '../errors.ts'

/** A transport of nodemailer, as far as it matters here. */
export interface MailTransport {
  readonly transporter: object
  use(step: string, plugin: (mail: { data: object }, done: (error?: Error | null) => void) => void): unknown
}

/** What nodemailer is told of a server. */
interface ServerOptions {
  host?: unknown
  port?: unknown
  secure?: unknown
  requireTLS?: unknown
  ignoreTLS?: unknown
  opportunisticTLS?: unknown
  tls?: TlsOptions
}
interface TlsOptions {
  rejectUnauthorized?: unknown
  checkServerIdentity?: unknown
  minVersion?: unknown
}

/**
 * Sees to it that a mail server is spoken to by TLS alone, with its certificate verified, whatever
 * `NODE_TLS_REJECT_UNAUTHORIZED` says. Transports that speak no SMTP are left as they are.
 *
 * @throws UCanPayConfigError which says the line to write instead
 * @see product practices 1 and 2
 */
export function requireSafeServer({ transporter }: MailTransport, dangerouslyAllowPlainSmtp = false): void {
  const { name, options } = transporter as { name?: unknown; options?: ServerOptions }
  if (typeof name !== 'string' || !name.startsWith('SMTP') || typeof options !== 'object') return
  const { tls = {} } = options
  if (tls.rejectUnauthorized === false || tls.checkServerIdentity !== undefined) {
    throw new UCanPayConfigError(
      "The mail server's certificate is not verified: leave tls.rejectUnauthorized and tls.checkServerIdentity out, and name a CA of your own by tls: { ca: readFileSync('ca.pem') }.",
    )
  }
  if (tls.minVersion === 'TLSv1' || tls.minVersion === 'TLSv1.1') {
    throw new UCanPayConfigError("Old versions of TLS can be broken: write tls: { minVersion: 'TLSv1.2' }.")
  }
  const isSecure = options.secure === true || (options.secure === undefined && Number(options.port) === 465)
  const isPlain =
    options.ignoreTLS === true || options.opportunisticTLS === true || (!isSecure && options.requireTLS !== true)
  if (isPlain && !dangerouslyAllowPlainSmtp) {
    throw new UCanPayConfigError(
      'Mail could leave in the clear: write secure: true with port 465, or requireTLS: true (without ignoreTLS and opportunisticTLS) with any other.',
    )
  }
  options.tls = { minVersion: 'TLSv1.2', ...tls, rejectUnauthorized: true }
}

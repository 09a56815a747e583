import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'

/** A message in plain text. It has passed the filter of outgoing messages. */
export interface Mail {
  /** Also its Message-ID, so that a message that is sent twice is seen as one. */
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Sends mail. */
export interface Mailer {
  /** @throws MailError where it was not taken */
  send(mail: Mail): Promise<void>
  close(): void
}

/** Where mail goes: a server, or, in a sandbox, files that its developer reads. */
export type MailPlace =
  | {
      readonly kind: 'smtp'
      /** `smtps://user:password@host:465` or `smtp://…:587`, where TLS is begun by STARTTLS. */
      readonly url: string
      readonly from: string
      /** PEM certificates that are trusted beside the usual roots. */
      readonly extraCa: readonly string[]
    }
  | { readonly kind: 'folder'; readonly folder: string }

/** A message was not taken. Its own words may quote addresses, so they stay out of the log. */
export class MailError extends Error {
  override readonly name = 'MailError'
  readonly code: string
  constructor(code: string, options?: ErrorOptions) {
    super('the mail was not taken', options)
    this.code = code
  }
}

const LIMIT_MS = 20_000

/** Opens the way for mail. */
export function createMailer(place: MailPlace): Mailer {
  return place.kind === 'smtp' ? smtpMailer(place) : folderMailer(place.folder)
}

/** By SMTP over TLS, with the certificate verified; a server that offers no TLS gets nothing (product practices 1, 2, 7). */
function smtpMailer({ url, from, extraCa }: Extract<MailPlace, { kind: 'smtp' }>): Mailer {
  const { hostname, port, protocol, username, password } = new URL(url)
  const transport = createTransport({
    host: hostname,
    port: Number(port === '' ? (protocol === 'smtps:' ? 465 : 587) : port),
    secure: protocol === 'smtps:',
    requireTLS: true,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(extraCa.length > 0 ? { ca: [...extraCa] } : {}) },
    connectionTimeout: LIMIT_MS,
    greetingTimeout: LIMIT_MS,
    socketTimeout: LIMIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ id, to, subject, text }) {
      try {
        await transport.sendMail({ from, to, subject, text, messageId: `<${id}@${hostname}>` })
      } catch (error) {
        throw new MailError((error as { code?: string }).code ?? 'unknown')
      }
    },
    close: () => transport.close(),
  }
}

/** Into files that their owner alone reads. For the sandbox, where there is no server and nobody to write to. */
function folderMailer(folder: string): Mailer {
  return {
    async send({ id, to, subject, text }) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Under its name it is whole: whoever looks into the folder meanwhile would read half a mail.
      const part = join(folder, `.${id}.part`)
      await writeFile(part, `To: ${to}\nSubject: ${subject}\n\n${text}\n`, { mode: 0o600 })
      await rename(part, join(folder, `${id}.txt`))
    },
    close: () => undefined,
  }
}

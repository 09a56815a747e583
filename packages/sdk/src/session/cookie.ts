import { createHash, randomBytes } from 'node:crypto'
import { UCanPayConfigError } from '../errors.ts'

/** `__Host-`: a browser takes it over HTTPS alone, for this host alone, and no other host can set it. */
export type SessionCookieName = `__Host-${string}`

/** `Lax` is sent where somebody follows a link to you; `Strict` is not: they seem to be signed out on the first page. */
export type SessionSameSite = 'Lax' | 'Strict'

/** The session's cookie. It has no `Domain` and no `Max-Age`: it lives as long as the browser, the server says how long. */
export class SessionCookie {
  readonly name: string
  readonly #sameSite: SessionSameSite
  /** @throws UCanPayConfigError where the name does not begin with `__Host-`, or SameSite is neither */
  constructor(name: SessionCookieName, sameSite: SessionSameSite) {
    if (!/^__Host-[0-9A-Za-z_-]{1,64}$/.test(name))
      throw new UCanPayConfigError("The cookie's name begins with __Host-, and goes on with letters, digits, _ and -.")
    if (!['Lax', 'Strict'].includes(sameSite)) throw new UCanPayConfigError('sameSite is Lax or Strict.')
    this.name = name
    this.#sameSite = sameSite
  }

  /**
   * The token of a request. Two cookies of the name are none: one of them was put there by somebody else, and which it
   * is nobody knows.
   */
  read(header: string): string | undefined {
    const start = `${this.name}=`
    // Spaces and tabs alone are taken off: a name behind other blanks is another name, which any host may have set.
    const pairs = header.split(';').map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    const own = pairs.filter((pair) => pair.startsWith(start))
    const token = own[0]?.slice(start.length) ?? ''
    return own.length === 1 && /^[0-9A-Za-z_-]{43}$/.test(token) ? token : undefined
  }

  /** @param token undefined takes the cookie back */
  write(token: string | undefined): string {
    const attributes = `Path=/; Secure; HttpOnly; SameSite=${this.#sameSite}`
    return `${this.name}=${token ?? ''}; ${attributes}${token === undefined ? '; Max-Age=0' : ''}`
  }
}

/** 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** All that the store gets of a token. There is nothing to guess in 256 random bits, so a plain hash will do. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

import { Pool } from 'undici'

/** Where the vault is, and who we are to it. */
export interface VaultPlace {
  /** Its origin, https. */
  readonly url: string
  /** The certificates that its own is checked against, PEM; no other is trusted. */
  readonly ca: string
  /** Our client certificate and its key, PEM. */
  readonly cert: string
  readonly key: string
}

/** The line to the vault. */
export interface VaultConnection {
  /**
   * Asks one thing.
   *
   * @throws VaultRefusedError where it answered otherwise than with 200; VaultAwayError where no answer came, whether or
   *   not it acted
   */
  ask<Answer>(path: string, body: object, timeoutMs?: number): Promise<Answer>
  close(): Promise<void>
}

/** No answer came from the vault. */
export class VaultAwayError extends Error {
  override readonly name = 'VaultAwayError'
  readonly code = 'VAULT_AWAY'
}

/** The vault refused, by one of the contract's names. */
export class VaultRefusedError extends Error {
  override readonly name = 'VaultRefusedError'
  readonly msg: string
  readonly status: number
  constructor(msg: string, status: number) {
    super(`the vault answered ${status} ${msg}`)
    this.msg = msg
    this.status = status
  }
}

const TIME_LIMIT_MS = 5_000
const ANSWER_LIMIT_BYTES = 1024 * 1024

/** Opens the line: TLS 1.3, both sides with certificates of the installation's own authority. */
export function connectVault({ url, ca, cert, key }: VaultPlace): VaultConnection {
  const pool = new Pool(url, {
    connections: 32,
    pipelining: 1, // A slow acquirer holds up nobody behind it.
    allowH2: false,
    maxResponseSize: ANSWER_LIMIT_BYTES,
    connect: { ca, cert, key, minVersion: 'TLSv1.3', rejectUnauthorized: true, timeout: 3_000 },
  })
  return {
    async ask<Answer>(path: string, body: object, timeoutMs = TIME_LIMIT_MS) {
      let status: number
      let answer: unknown
      try {
        const reply = await pool.request({
          method: 'POST',
          path,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(timeoutMs),
        })
        status = reply.statusCode
        answer = await reply.body.json()
      } catch (cause) {
        throw new VaultAwayError('the vault did not answer', { cause })
      }
      if (status === 200) return answer as Answer
      const { msg } = (answer ?? {}) as { msg?: unknown }
      throw new VaultRefusedError(typeof msg === 'string' ? msg : 'SYSTEMERROR', status)
    },
    close: () => pool.close(),
  }
}

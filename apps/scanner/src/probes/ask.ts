import { request as requestPlainly, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestSafely } from 'node:https'
import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { ownVersion } from '../installation.ts'
import { MOST_BYTES, MOST_MS, type Budget } from './budget.ts'

const MOST_HEADER_BYTES = 65_536

/** An answer, as far as it was read. */
export interface Answer {
  readonly url: string
  readonly status: number
  /** By lower-case name; the values of one that came more than once, in their order. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** At most a mebibyte. */
  readonly body: string
  /** More of the body was to come. */
  readonly isCut: boolean
}

/** What to ask. */
export interface Question {
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Authorities to trust beside the usual ones. */
  readonly ca: readonly string[]
}

/**
 * Takes any certificate, however weak: what is wrong with it is examined on its own, and a request carries nothing
 * that is secret.
 */
export function examining(host: string, ca: readonly string[]): ConnectionOptions {
  return {
    ca: [...ca],
    // ucanpay-audit-ignore tls-verification-disabled: the certificate is what is examined, and no secret is sent
    rejectUnauthorized: false,
    // ucanpay-audit-ignore old-tls-version: a site with nothing better has to be told so
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
    ...(isIP(host) === 0 ? { servername: host } : {}),
  }
}

/**
 * Asks once and follows nothing. It ends after MOST_MS or MOST_BYTES, whatever the other side does.
 *
 * @throws Error where no answer came
 */
export async function ask(question: Question, budget: Budget): Promise<Answer> {
  const { url, method = 'GET', headers = {}, body, ca } = question
  const address = new URL(url)
  const isSafe = address.protocol === 'https:'
  const host = bareHost(address)
  const port = Number(address.port || (isSafe ? 443 : 80))
  budget.take(`${host}:${port}`)
  const options: RequestOptions = {
    host,
    port,
    method,
    // What URL takes for malformed stays as it was written.
    path: url.slice(address.origin.length).replace(/#.*/s, '').padStart(1, '/'),
    headers: { 'user-agent': `ucanpay-audit/${ownVersion()} (security check by the owner)`, accept: '*/*', ...headers },
    agent: false,
    maxHeaderSize: MOST_HEADER_BYTES,
    signal: AbortSignal.timeout(MOST_MS),
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = isSafe ? requestSafely({ ...options, ...examining(host, ca) }) : requestPlainly(options)
    request.on('response', resolve)
    request.on('error', reject)
    request.end(body)
  })
  return { url, status: response.statusCode ?? 0, headers: headersOf(response), ...(await bodyOf(response)) }
}

/** The same, and undefined where no answer came. */
export async function answerOrNone(question: Question, budget: Budget): Promise<Answer | undefined> {
  return await ask(question, budget).catch(() => undefined)
}

/** The host without the brackets of an IPv6 address. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

/** Whether it is a page that a browser shows. */
export function isPage({ status, headers }: Answer): boolean {
  return status >= 200 && status < 300 && /html/i.test(headers.get('content-type')?.[0] ?? '')
}

function headersOf({ rawHeaders }: IncomingMessage): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[at + 1] ?? ''])
  }
  return headers
}

/** What came until the limit, the deadline, or the end. */
async function bodyOf(response: IncomingMessage): Promise<Pick<Answer, 'body' | 'isCut'>> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of response) {
      parts.push(part as Buffer)
      length += (part as Buffer).length
      if (length >= MOST_BYTES) break
    }
  } catch {
    // A body that breaks off, or never ends: what came of it is judged.
  } finally {
    response.destroy()
  }
  return { body: Buffer.concat(parts).subarray(0, MOST_BYTES).toString('utf8'), isCut: !response.complete }
}

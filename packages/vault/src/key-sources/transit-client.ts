import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { KeySourceError } from '../key-encryption.ts'
import { errorCode } from './error-code.ts'
import { isLoopback } from './loopback.ts'

/** How a Transit server is reached. */
export interface TransitServer {
  /** The server alone, without a path: `https://vault.internal:8200`. */
  readonly address: string
  /** Asked before every request, so that a renewed token is used at once. No error quotes it. */
  readonly token: () => string
  /** PEM of the authority that the server's certificate must come from, in place of the system's own. */
  readonly ca?: string
  readonly namespace?: string
  /** For a whole request, from the connection to the last byte; 5000 where it is not given. */
  readonly timeoutMs?: number
  /** For tests alone: plain HTTP, and only to 127.0.0.1 or localhost. */
  readonly allowLoopbackHttp?: boolean
}

/** An answer as it came, of any status. `body` is undefined where it is no JSON. */
export interface TransitAnswer {
  readonly status: number
  readonly body: unknown
}

/** @param path below `/v1/` @throws KeySourceError where no answer comes */
export type TransitCall = (path: string, body?: object) => Promise<TransitAnswer>

const ANSWER_BYTES = 65_536
const TIMEOUT_MS = 5_000

/**
 * POST where there is a body, else GET, with a connection for each request. Redirects are answers like any other: the
 * token goes to the address that was configured and to no other.
 *
 * @throws KeySourceError where the address or the namespace cannot be used
 */
export function transitClient(server: TransitServer): TransitCall {
  const url = readAddress(server)
  const namespace = readNamespace(server.namespace)
  const timeoutMs = server.timeoutMs ?? TIMEOUT_MS
  return (path, body) => {
    const text = body && JSON.stringify(body)
    const options: RequestOptions = {
      method: text === undefined ? 'GET' : 'POST',
      agent: false,
      headers: {
        'x-vault-token': readToken(server.token),
        'x-vault-request': 'true',
        ...namespace,
        ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    }
    return exchange({ url: new URL(`/v1/${path}`, url), options, text, ca: server.ca, timeoutMs })
  }
}

interface Exchange {
  readonly url: URL
  readonly options: RequestOptions
  readonly text: string | undefined
  readonly ca: string | undefined
  readonly timeoutMs: number
}

async function exchange({ url, options, text, ca, timeoutMs }: Exchange): Promise<TransitAnswer> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request =
        url.protocol === 'http:'
          ? httpRequest(url, { ...options, signal }, resolve)
          : // Said aloud, because a variable of the environment could turn the check off for the whole process.
            httpsRequest(
              url,
              { ...options, signal, rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
              resolve,
            )
      request.on('error', reject).end(text)
    })
    return { status: response.statusCode ?? 0, body: parsed(await readLimited(response)) }
  } catch (error) {
    if (error instanceof KeySourceError) throw error
    if (signal.aborted) throw new KeySourceError(`${url.origin} did not answer within ${timeoutMs} ms`)
    throw new KeySourceError(
      `${url.origin} cannot be reached (${errorCode(error)}): check the address, the network and the certificate's authority`,
    )
  }
}

async function readLimited(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    // Leaving the loop by an error also closes the connection.
    if (length > ANSWER_BYTES) throw new KeySourceError(`the Transit server's answer is over ${ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // The parser's own words would quote the answer, which may hold a data key.
  }
}

function readAddress({ address, allowLoopbackHttp }: TransitServer): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || url.username || url.password || url.pathname !== '/' || url.search || url.hash) {
    throw new KeySourceError('the Transit address is not of the form https://host:8200')
  }
  if (url.protocol === 'https:') return url
  if (url.protocol === 'http:' && allowLoopbackHttp && isLoopback(url)) return url
  throw new KeySourceError(
    'the Transit address is not https://: data keys and the token would cross the network openly',
  )
}

function readNamespace(namespace: string | undefined): Record<string, string> {
  if (namespace === undefined) return {}
  if (!/^[\w./-]{1,128}$/.test(namespace)) throw new KeySourceError('the Transit namespace has an unknown form')
  return { 'x-vault-namespace': namespace }
}

function readToken(token: () => string): string {
  let text: string
  try {
    text = token().trim()
  } catch (error) {
    if (error instanceof KeySourceError) throw error
    throw new KeySourceError(`the Transit token cannot be read (${errorCode(error)})`)
  }
  if (!/^[\x21-\x7e]+$/.test(text)) throw new KeySourceError('the Transit token is empty or not one word')
  return text
}

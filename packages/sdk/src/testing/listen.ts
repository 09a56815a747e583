import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { withoutKeys } from './account.ts'
import { answerRequest, orderedFailure, type ReadRequest, type Speaker, type TestAnswer } from './answer-request.ts'
import type { FaultKind } from './faults.ts'
import type { BuiltGateway } from './gateway.ts'
import { readBytes } from './read-body.ts'

/** A gateway that listens. */
export interface Listener {
  readonly url: string
  close(): Promise<void>
}

/** Serves on a free port of this machine, over TLS 1.2 and 1.3. */
export async function listenOnLoopback(gateway: BuiltGateway): Promise<Listener> {
  const { cert, key } = gateway.certificates
  const server = createServer({ cert, key, minVersion: 'TLSv1.2' })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const speaker = gateway.speaker(url)
  server.on('request', (request, response) => {
    // A connection that breaks while it is read is the client's doing; there is nobody to answer.
    void serve(gateway, speaker, { request, response }).catch(() => response.destroy())
  })
  server.unref() // A test that forgets to close it still ends.
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

async function serve(gateway: BuiltGateway, speaker: Speaker, { request, response }: Exchange): Promise<void> {
  const [path = '', query = ''] = splitUrl(request.url ?? '')
  const fault = gateway.faults.take(path)
  if (fault === 'connection-refused') {
    response.destroy()
    return
  }
  const { method = 'GET', headers } = request
  const read: ReadRequest = { method, path, query, headers, body: await readBytes(request) }
  const answer = fault === 'timeout' ? undefined : answerWith(fault, speaker, read)
  gateway.requests.push(recordOf(read, fault === 'lost-answer' ? undefined : answer?.status))
  if (fault === 'timeout') return // The connection stays open until one of the two closes it.
  if (!answer) {
    response.destroy()
    return
  }
  const body = 'text' in answer ? answer.text : JSON.stringify(answer.body)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(body) })
  response.end(method === 'HEAD' ? undefined : body)
}

type Sent = TestAnswer | (Omit<TestAnswer, 'body'> & { readonly text: string })

function answerWith(fault: FaultKind | undefined, speaker: Speaker, read: ReadRequest): Sent | undefined {
  if (fault === 429 || fault === 500 || fault === 503) return orderedFailure(speaker, fault)
  const answer = answerRequest(speaker, read)
  if (fault === 'lost-answer') return undefined
  if (fault === 'bad-signature') return { ...answer, body: withBadSignature(answer.body) }
  if (fault !== 'garbage') return answer
  return { status: 200, headers: { 'content-type': 'text/html' }, text: '<html><body>Welcome to nginx!</body></html>' }
}

function withBadSignature(body: object): object {
  const { data } = body as { data?: { sign?: string } }
  if (typeof data?.sign !== 'string') return body
  const bytes = Buffer.from(data.sign, 'base64')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  return { ...body, data: { ...data, sign: bytes.toString('base64') } }
}

function splitUrl(url: string): string[] {
  const at = url.indexOf('?')
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)]
}

function recordOf({ method, path, query, headers, body }: ReadRequest, status: number | undefined) {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    name === 'authorization' || value === undefined ? [] : [[name, withoutKeys(String(value))] as const],
  )
  return {
    method,
    path: withoutKeys(path),
    query: withoutKeys(query),
    headers: Object.fromEntries(kept),
    body: parsed(withoutKeys(body.bytes.toString('utf8'))),
    status,
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

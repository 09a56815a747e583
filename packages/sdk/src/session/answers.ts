import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { SessionCookie } from './cookie.ts'
import type { SessionAnswer } from './opened-session.ts'

/** An answer that carries a session is kept by no cache but where the application itself keeps it to one browser. */
function cacheControl({ cookie, isPersonal }: SessionAnswer, given: string): string | undefined {
  if (cookie === undefined && (!isPersonal || /\b(?:no-store|private)\b/i.test(given))) return undefined
  return 'no-store'
}

/**
 * Has Node.js' response take the session's headers along at the last moment, when all that the request changed is known
 * and no other part of the application can lose them.
 */
export function sealNode(response: ServerResponse, answer: SessionAnswer, cookie: SessionCookie): void {
  const writeHead = response.writeHead.bind(response) as (status: number, text?: string) => ServerResponse
  const sealed = (status: number, ...rest: unknown[]): ServerResponse => {
    response.writeHead = writeHead as ServerResponse['writeHead']
    const text = typeof rest[0] === 'string' ? rest[0] : undefined
    takeHeaders(response, text === undefined ? rest[0] : rest[1])
    const cached = cacheControl(answer, String(response.getHeader('cache-control') ?? ''))
    if (cached !== undefined) response.setHeader('cache-control', cached)
    if (answer.cookie) {
      const others = [response.getHeader('set-cookie') ?? []].flat().map(String)
      response.setHeader('set-cookie', [...others, cookie.write(answer.cookie.token)])
    }
    return text === undefined ? writeHead(status) : writeHead(status, text)
  }
  response.writeHead = sealed
}

/** The headers that `writeHead` was given would take the place of ours; so they go in one by one before. */
function takeHeaders(response: ServerResponse, given: unknown): void {
  if (typeof given !== 'object' || given === null) return
  const pairs = Array.isArray(given) ? pairsOf(given) : Object.entries(given as OutgoingHttpHeaders)
  const seen = new Set<string>()
  for (const [name, value] of pairs) {
    if (value === undefined) continue
    const known = seen.has(name.toLowerCase()) ? [response.getHeader(name) ?? []].flat().map(String) : []
    response.setHeader(name, known.length > 0 ? [...known, ...[value].flat().map(String)] : value)
    seen.add(name.toLowerCase())
  }
}

function pairsOf(list: readonly unknown[]): [string, OutgoingHttpHeader | undefined][] {
  if (Array.isArray(list[0])) return list as [string, OutgoingHttpHeader][]
  return list.flatMap((name, at) => (at % 2 === 0 ? [[String(name), list[at + 1] as OutgoingHttpHeader]] : []))
}

/** The headers that an answer of the web takes along. */
export function sealedHeaders(answer: SessionAnswer, cookie: SessionCookie, given: Headers): [string, string][] {
  const cached = cacheControl(answer, given.get('cache-control') ?? '')
  return [
    ...(cached === undefined ? [] : [['cache-control', cached] as [string, string]]),
    ...(answer.cookie ? [['set-cookie', cookie.write(answer.cookie.token)] as [string, string]] : []),
  ]
}

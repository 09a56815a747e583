import type { RequestListener } from 'node:http'
import type { TLSSocket } from 'node:tls'

/** Serves what speaks the web's Request and Response, as Next.js and Hono's server do. */
export function webListener(answer: (request: Request) => Promise<Response>): RequestListener {
  return (incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = 'GET', headers, url = '/', socket } = incoming
      const scheme = (socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http'
      const hasBody = method !== 'GET' && method !== 'HEAD'
      const request = new Request(`${scheme}://${headers.host ?? ''}${url}`, {
        method,
        headers: headers as Record<string, string>,
        ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
      })
      void answer(request).then(async (response) => {
        outgoing.statusCode = response.status
        for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
        outgoing.end(Buffer.from(await response.arrayBuffer()))
      })
    })
  }
}

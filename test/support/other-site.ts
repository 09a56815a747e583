import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { testCertificates } from '../../apps/gateway/test/support/gateway.ts'

/** A server of somebody else's. */
export interface OtherSite {
  /** Another origin of the same site (`localhost`, another port): cookies go along there, whatever their SameSite. */
  readonly sameSite: string
  /** Another site altogether. */
  readonly crossSite: string
  /** The page that is served at a path from now on. */
  serve(path: string, html: string): void
  close(): Promise<void>
}

/** Starts one on a free loopback port. */
export async function startOtherSite(): Promise<OtherSite> {
  const pages = new Map<string, string>()
  const server = createServer({ cert: testCertificates.cert, key: testCertificates.key }, (request, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(pages.get(request.url ?? '') ?? '<!doctype html><title>Other</title><h1>Other</h1>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    sameSite: `https://localhost:${port}`,
    crossSite: `https://127.0.0.1:${port}`,
    serve: (path, html) => void pages.set(path, html),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

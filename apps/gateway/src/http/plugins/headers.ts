import type { App } from '../app.ts'

const TWO_YEARS_S = 63_072_000

/** Headers of every response (contract §1). */
const ALWAYS = {
  'strict-transport-security': `max-age=${TWO_YEARS_S}; includeSubDomains`,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'x-frame-options': 'DENY', // For what does not know `frame-ancestors`.
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
} as const

/** Nothing but our own files, no inline code, no framing, no script injection by string (contract §1; PCI DSS 6.4.3). */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** An answer that is no page needs nothing at all. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** The headers of contract §1, for an answer that is no page. */
export function headersOf(requestId: string): Record<string, string> {
  return { ...ALWAYS, 'content-security-policy': DATA_POLICY, 'request-id': requestId }
}

/** Puts the headers of contract §1 on every response; a page then sets `content-security-policy` to its own. */
export function addHeaders(app: App): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headersOf(request.id))
    done()
  })
}

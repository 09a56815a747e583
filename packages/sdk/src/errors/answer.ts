import { STATUS_CODES } from 'node:http'

/** What a caller gets: all there is in it. */
export interface ErrorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What an answer is made of. */
export interface Told {
  readonly status: number
  readonly message: string
  readonly requestId: string
  /** The caller's `Accept` header. */
  readonly accept: string | undefined
}

/** Writes an error as JSON or, for a browser that asks for a page, as a small page that loads nothing. */
export function answerOf({ status, message, requestId, accept }: Told): ErrorAnswer {
  const error = STATUS_CODES[status] ?? 'Error'
  const isPage = wantsPage(accept)
  return {
    status,
    headers: {
      'content-type': `${isPage ? 'text/html' : 'application/json'}; charset=utf-8`,
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
    body: isPage ? pageOf(error, message, requestId) : JSON.stringify({ status, error, message, requestId }),
  }
}

/** HTML where it is named before JSON; whoever takes anything gets JSON. */
function wantsPage(accept: string | undefined): boolean {
  const page = accept?.indexOf('text/html') ?? -1
  const json = accept?.indexOf('json') ?? -1
  return page >= 0 && (json < 0 || page < json)
}

function pageOf(title: string, message: string, requestId: string): string {
  const [safeTitle, safeMessage] = [title, message].map(escapeHtml)
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${safeTitle ?? ''}</title>` +
    `<h1>${safeTitle ?? ''}</h1><p>${safeMessage ?? ''}</p><p>Request ${requestId}</p></html>`
  )
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

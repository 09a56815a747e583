import type { FailureMsg } from '@ucanpay/wire/failures'

/** Why there is no answer to show. `offline` where nothing came. */
export interface Refusal {
  readonly failure: FailureMsg | 'offline'
  readonly requestId?: string
}

const TIME_LIMIT_MS = 20_000

/** Asks the gateway, of the page's own origin: by POST where there is a body. */
export async function askGateway(path: string, body?: object): Promise<{ readonly data: unknown } | Refusal> {
  let response: Response
  try {
    response = await fetch(path, {
      method: body ? 'POST' : 'GET',
      headers: body ? { 'content-type': 'application/json' } : {},
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
      cache: 'no-store',
    })
  } catch {
    return { failure: 'offline' } // No connection, or no answer in time.
  }
  const requestId = response.headers.get('request-id')
  try {
    const answer = (await response.json()) as { msg: FailureMsg }
    if (response.ok) return { data: answer }
    return { failure: answer.msg, ...(requestId === null ? {} : { requestId }) }
  } catch {
    return { failure: 'SYSTEMERROR', ...(requestId === null ? {} : { requestId }) } // Some proxy's page.
  }
}

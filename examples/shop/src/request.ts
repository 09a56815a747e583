import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

const BODY_LIMIT_BYTES = 64 * 1024
const COOKIE = '__Host-buyer'

/** A request that the shop does not answer, with the status that says why. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest'
  readonly status: number
  constructor(status: number) {
    super(`refused with ${status}`)
    this.status = status
  }
}

/** The whole body, as the bytes that came. @throws RefusedRequest where it is longer than the shop takes */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT_BYTES) throw new RefusedRequest(413)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Refuses a form that another site's page sent. Browsers say where a request comes from; forms of ours are same-origin. */
export function refuseOtherOrigins(request: IncomingMessage): void {
  const site = request.headers['sec-fetch-site']
  if (site !== 'same-origin') throw new RefusedRequest(403)
}

/** Who is buying: a random number in a cookie that scripts cannot read and that never leaves over plain http. */
export function buyerOf(request: IncomingMessage, response: ServerResponse): string {
  const found = new RegExp(`(?:^|; )${COOKIE}=([0-9a-f]{32})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1]
  if (found !== undefined) return found
  const buyer = randomBytes(16).toString('hex')
  response.setHeader('set-cookie', `${COOKIE}=${buyer}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000`)
  return buyer
}

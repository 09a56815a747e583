import type { IncomingMessage } from 'node:http'
import { Refusal } from 'ucanpay-sdk/errors'

const BODY_LIMIT_BYTES = 64 * 1024

/** A form that a page of ours sent. @throws Refusal where it is longer than any of them */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT_BYTES) throw new Refusal(413)
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

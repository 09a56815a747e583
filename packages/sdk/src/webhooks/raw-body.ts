import type { IncomingMessage } from 'node:http'
import { LARGEST_NOTIFICATION_BYTES } from './receiver.ts'

/** The bytes of a request's body; undefined where they are more than any notification has. */
export async function readStream(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_NOTIFICATION_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The same of the web's Request. */
export async function readRequest(request: Request): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > LARGEST_NOTIFICATION_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

import type { IncomingMessage } from 'node:http'
import { parseStrictJson, StrictJsonError } from '@ucanpay/wire/strict-json'
import { Refusal } from './refusal.ts'

/** Contract §1. */
const BODY_LIMIT_BYTES = 64 * 1024
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const JSON_TYPE = /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*$/i

/** The bytes of a body; what is beyond the limit is read and dropped, so that an answer can follow. */
export async function readBytes(request: IncomingMessage): Promise<{ bytes: Buffer; tooLarge: boolean }> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size <= BODY_LIMIT_BYTES) parts.push(part)
  }
  return { bytes: Buffer.concat(parts), tooLarge: size > BODY_LIMIT_BYTES }
}

/**
 * Reads a body as the gateway does: strict JSON in UTF-8, one object.
 *
 * @param optional whether no body is as good as an empty object
 * @throws Refusal POST_DATA_EMPTY, NOT_UTF8, PARAM_ERROR, the last with 413 or 415 where it is too large or of another kind
 */
export function readMembers(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { bytes, tooLarge }: { bytes: Buffer; tooLarge: boolean },
  optional: boolean,
): Record<string, unknown> {
  const type = headers['content-type']
  const isEmpty = bytes.length === 0
  if (type === undefined && isEmpty) {
    if (optional) return {}
    throw new Refusal('POST_DATA_EMPTY')
  }
  if (!/^application\/json\s*(?:;|$)/i.test(type ?? '')) throw new Refusal('PARAM_ERROR', { status: 415 })
  if (tooLarge) throw new Refusal('PARAM_ERROR', { status: 413 })
  if (headers['content-encoding'] !== undefined || !JSON_TYPE.test(type ?? '')) {
    throw new Refusal('PARAM_ERROR', { status: 415 })
  }
  if (isEmpty && optional) return {}
  return parse(bytes)
}

function parse(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) throw new Refusal('POST_DATA_EMPTY')
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw new Refusal('NOT_UTF8')
  }
  const refuse = (rule: string): never => {
    throw new Refusal('PARAM_ERROR', { failures: [{ pointer: '', rule }] })
  }
  let value: unknown
  try {
    value = parseStrictJson(text)
  } catch (error) {
    if (error instanceof StrictJsonError) return refuse(error.rule)
    throw error
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('type')
  return value as Record<string, unknown>
}

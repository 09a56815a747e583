import { parseStrictJson } from '@ucanpay/wire/strict-json'
import { ApiError } from '../../domain/api-error.ts'
import type { App } from '../app.ts'

/** A BOM stays in the text and is refused as what it is: a character that is no JSON. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** `application/json`, alone or with `charset=utf-8`: any other charset would be read wrongly. */
const JSON_TYPE = /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*$/i

/**
 * Reads bodies as strict JSON in UTF-8, and nothing else: the parsers that Fastify brings are taken out.
 *
 * Refusals: POST_DATA_EMPTY, NOT_UTF8, PARAM_ERROR (400), and with 415 for another type or an encoded body.
 *
 * @see contract §1, §5
 */
export function addJsonBody(app: App): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.bodyRead = true
    try {
      const encoded = request.headers['content-encoding'] !== undefined
      if (encoded || !JSON_TYPE.test(request.headers['content-type'] ?? '')) {
        throw new ApiError('PARAM_ERROR', 'not plain application/json in UTF-8', { status: 415 })
      }
      const read = body as Buffer
      done(null, read.length === 0 && request.routeOptions.config.bodyOptional === true ? {} : readJson(read))
    } catch (error) {
      done(error as Error)
    }
  })
  app.addHook('preValidation', (request, _reply, done) => {
    const missing = request.routeOptions.schema?.body !== undefined && !request.bodyRead
    const optional = request.routeOptions.config.bodyOptional === true
    if (missing && optional) request.body = {}
    done(missing && !optional ? new ApiError('POST_DATA_EMPTY', 'no body') : undefined)
  })
}

function readJson(body: Buffer): unknown {
  if (body.length === 0) throw new ApiError('POST_DATA_EMPTY', 'an empty body')
  let text: string
  try {
    text = utf8.decode(body)
  } catch {
    throw new ApiError('NOT_UTF8', 'the body is not UTF-8')
  }
  const value = parseStrictJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError('PARAM_ERROR', 'the body is not an object', { failures: [{ pointer: '', rule: 'type' }] })
  }
  return value
}

import { UCanPayConfigError, UCanPayError, UCanPaySignatureError, UCanPayTimeoutError } from '../errors.ts'
import { Refusal, sentenceOf } from './refusal.ts'
import { read } from './story.ts'

/** SQLSTATE classes and Node.js codes that mean: something that we need is away, not: we are wrong. */
const AWAY = /^(?:08|57P|53)[0-9A-Z]{2,3}$|^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/

/** The status and the sentence for whatever was thrown; none of its words but a Refusal's own. */
export function judge(thrown: unknown): { status: number; message: string } {
  const isObject = typeof thrown === 'object' && thrown !== null
  const known = isObject ? judgeOurs(thrown) : undefined
  if (known) return known
  const code = isObject ? read(thrown, 'code') : undefined
  const text = typeof code === 'string' ? code : ''
  const status = AWAY.test(text) ? 503 : ((isObject ? frameworkStatus(thrown, text) : undefined) ?? 500)
  return { status, message: sentenceOf(status) }
}

function judgeOurs(thrown: object): { status: number; message: string } | undefined {
  try {
    if (thrown instanceof Refusal) return { status: thrown.status, message: thrown.message }
    if (!(thrown instanceof UCanPayError)) return undefined
    const status = statusOfGateway(thrown)
    return { status, message: sentenceOf(status) }
  } catch {
    return undefined // A proxy that will not even say what it is.
  }
}

/** The gateway speaks to the shop, not to the shop's caller: what it says of keys and parameters is the shop's fault. */
function statusOfGateway(error: UCanPayError): number {
  if (error instanceof UCanPayConfigError) return 500
  if (error instanceof UCanPayTimeoutError) return 504
  if (error instanceof UCanPaySignatureError) return 502
  if (error.status === 404 || error.status === 409 || error.status === 422) return error.status
  return error.status === 429 || error.status === 503 ? 503 : 502
}

/**
 * The status of an error that the framework itself made. A number in `status` is not enough: clients of other services
 * put there what those answered them, and their 401 is not the caller's.
 *
 * `expose` of http-errors says whether its message may be shown. It is not obeyed: libraries set it on every 4xx, with
 * messages that quote the request.
 */
function frameworkStatus(thrown: object, code: string): number | undefined {
  const [status, statusCode] = [read(thrown, 'status'), read(thrown, 'statusCode')]
  const isHttpError = typeof read(thrown, 'expose') === 'boolean' && status === statusCode
  const isFastify = code.startsWith('FST_')
  const isHono = read(thrown, 'name') !== 'AxiosError' && typeof read(thrown, 'getResponse') === 'function'
  const isBadAddress = read(thrown, 'name') === 'URIError' && status === 400
  if (!isHttpError && !isFastify && !isHono && !isBadAddress) return undefined
  const found = isFastify ? statusCode : status
  if (typeof found !== 'number' || !Number.isInteger(found)) return undefined
  return (found >= 400 && found < 500) || found === 503 ? found : undefined
}

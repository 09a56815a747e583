import { UCanPayConfigError } from '../errors.ts'

/**
 * A refusal that the caller may read: thrown anywhere, it is answered with this status and this sentence. What is for
 * the log alone goes into `cause`.
 *
 * @throws UCanPayConfigError where the status is none of an error's (400 to 599)
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  /** The same again: Fastify looks for this one. */
  readonly statusCode: number
  /** @param publicMessage written out in your code, never put together from what a request or a library says */
  constructor(status: number, publicMessage?: string, options?: ErrorOptions) {
    if (!Number.isInteger(status) || status < 400 || status > 599)
      throw new UCanPayConfigError('The status of a Refusal is between 400 and 599.')
    super(publicMessage ?? sentenceOf(status), options)
    this.status = status
    this.statusCode = status
  }
}

/** One fixed sentence for each status. */
const SENTENCES: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  401: 'Sign in to do this.',
  402: 'This has to be paid for first.',
  403: 'This is not allowed.',
  404: 'There is nothing at this address.',
  405: 'This address does not answer this method.',
  406: 'There is no answer in the form that was asked for.',
  408: 'The request took too long.',
  409: 'This is not possible as things are now.',
  410: 'There is nothing at this address any more.',
  413: 'The request is too large.',
  415: 'The request is not in a form that is read here.',
  422: 'The request could not be carried out.',
  429: 'Too many requests. Wait and try again.',
  502: 'A service that is needed for this did not do its part. Try again later.',
  503: 'This is not available now. Try again in a moment.',
  504: 'A service that is needed for this did not answer in time. Try again later.',
}

/** What a caller is told where nothing else is said. */
export function sentenceOf(status: number): string {
  return SENTENCES[status] ?? (status < 500 ? 'The request was refused.' : 'Something went wrong on our side.')
}

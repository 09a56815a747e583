import { generateKeyPairSync, sign } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import {
  createAuthority,
  issueCertificate,
  type CertificateAuthority,
} from '../../apps/cli/src/certificates/authority.ts'

/** A request as a failure's observer wants it. */
export interface Seen {
  readonly path: string
  readonly idempotencyKey: string | undefined
}

/** What happens to a request instead of an answer; undefined where it is answered. */
export type Mishap = (count: number, response: ServerResponse) => 'taken' | undefined

/** A server that answers both clients at once, each in its own words. */
export interface AnsweringServer {
  readonly port: number
  /** What came since it was last emptied, but for the public keys. */
  readonly seen: Seen[]
  mishap: Mishap | undefined
  /** Leaves the signature out of answers. */
  unsigned: boolean
  close(): void
}

const platform = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwks = JSON.stringify({ keys: [platform.publicKey.export({ format: 'jwk' })] })
const intent = JSON.stringify({
  id: 'pi_1',
  object: 'payment_intent',
  amount: 450,
  currency: 'cad',
  status: 'succeeded',
})
const days = (count: number): Date => new Date(Date.now() + count * 86_400_000)

/** An authority of the bench's own. */
export function benchAuthority(): Promise<CertificateAuthority> {
  return createAuthority({ name: 'CN=Bench CA', notBefore: days(-1), notAfter: days(30) })
}

/** Starts it on loopback, with a certificate of the authority for localhost. */
export async function startAnsweringServer(ca: CertificateAuthority): Promise<AnsweringServer> {
  const wish = { names: ['localhost'], addresses: [], notBefore: days(-1), notAfter: days(1) }
  const seen: Seen[] = []
  const state: { mishap: Mishap | undefined; unsigned: boolean } = { mishap: undefined, unsigned: false }
  const answers = new Map<string, string>()
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? ''
    if (path === '/.well-known/jwks.json') {
      response.end(jwks)
      return
    }
    seen.push({ path, idempotencyKey: request.headers['idempotency-key'] as string | undefined })
    response.setHeader('content-type', 'application/json')
    if (state.mishap?.(seen.length, response) === 'taken') return
    if (path.startsWith('/v1/payment_intents')) response.end(intent)
    else if (state.unsigned) response.end(JSON.stringify({ code: 0, msg: 'SUCCESS', data: { totalAmt: 450 } }))
    else response.end(signedOnce(answers, path))
  }
  const server = createServer({ ...(await issueCertificate(ca, wish)) }, (request, response) => {
    request.resume()
    request.once('end', () => answer(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return Object.assign(state, { port, seen, close })
}

/** Signed the first time alone: what a gateway's signature costs is not what is measured. */
function signedOnce(answers: Map<string, string>, path: string): string {
  const known = answers.get(path)
  if (known !== undefined) return known
  const data = { ucpOrderNo: '1', outTradeNo: 'A1', totalAmt: 450, currency: 'CAD', nonceStr: 'x', signType: 'RSA' }
  const signature = sign('sha256', Buffer.from(stringToSign(data, path)), platform.privateKey).toString('base64')
  const text = JSON.stringify({ code: 0, msg: 'SUCCESS', data: { ...data, sign: signature } })
  answers.set(path, text)
  return text
}

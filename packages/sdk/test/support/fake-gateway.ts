import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer, type ServerOptions } from 'node:https'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import { onTestFinished } from 'vitest'
import { issueCertificate, type CertificateAuthority } from '../../../../apps/cli/src/certificates/authority.ts'
import { newAuthority } from '../../../../apps/gateway/test/support/authority.ts'
import type { UCanPayOptions } from '../../src/index.ts'

export const KEY = 'ucp_sk_test_ThisIsTheSecretOfTheTest0123456789abcd'
const DAY_MS = 86_400_000
export const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const platform = generateKeyPairSync('rsa', { modulusLength: 2048 })
/** The authority of every fake gateway that has no other. */
export const authority: CertificateAuthority = await newAuthority()
export const PAYMENT = {
  subject: 'Coffee',
  body: 'Coffee',
  totalAmt: 450,
  sceneType: 'MWEB',
  notifyUrl: 'https://localhost/n',
} as const

/** What came. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly body: Record<string, unknown>
  readonly authorization: string | undefined
  readonly idempotencyKey: string | undefined
  readonly traceparent: string | undefined
}
/** What is answered: a text is sent as it is. */
export interface Answer {
  readonly status: number
  readonly body?: object | string
  readonly headers?: Record<string, string>
}
/** `lost`: the connection ends instead. `never`: nothing comes. */
export type Answerer = (call: Call, count: number) => Answer | 'lost' | 'never'

/** How it presents itself. */
export interface Wish {
  readonly names?: string[]
  readonly expired?: boolean
  readonly by?: CertificateAuthority
  readonly tls?: ServerOptions
  /** Instead of one that is issued. */
  readonly leaf?: { readonly cert: string; readonly key: string }
}

/** A certificate for localhost. */
export function newLeaf({ names = ['localhost'], expired = false, by = authority }: Wish = {}): Promise<{
  cert: string
  key: string
}> {
  return issueCertificate(by, {
    names,
    addresses: [],
    notBefore: new Date(Date.now() - 3 * DAY_MS),
    notAfter: new Date(Date.now() + (expired ? -DAY_MS : DAY_MS)),
  })
}

/** A gateway that speaks the contract as far as a test wants it to; it stops when the test ends. */
export async function gateway(
  answer: Answerer,
  wish: Wish = {},
): Promise<{ calls: Call[]; options: UCanPayOptions; leaf: { cert: string; key: string }; port: number }> {
  const leaf = wish.leaf ?? (await newLeaf(wish))
  const calls: Call[] = []
  const server = createServer({ ...leaf, ...wish.tls }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '' } = request
      const { authorization, 'idempotency-key': key, traceparent } = request.headers
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>
      const call = { method, path, body, authorization, idempotencyKey: text(key), traceparent: text(traceparent) }
      if (path !== '/.well-known/jwks.json') calls.push(call)
      const reply = path === '/.well-known/jwks.json' ? jwks() : answer(call, calls.length)
      if (reply === 'never') return
      if (reply === 'lost') {
        response.destroy()
        return
      }
      response.writeHead(reply.status, { 'content-type': 'application/json', 'request-id': 'req_h', ...reply.headers })
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}))
    })
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const options = {
    apiKey: KEY,
    baseUrl: `https://localhost:${port}`,
    merchantId: 'M1',
    privateKey: merchant.privateKey,
    ca: authority.certificate.toString('pem'),
  }
  return { calls, options, leaf, port }
}

function text(value: string | string[] | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function jwks(): Answer {
  return { status: 200, body: { keys: [platform.publicKey.export({ format: 'jwk' })] } }
}

/** A success, signed for a path. */
export function success(path: string, data: Record<string, unknown>): { status: number; body: object } {
  const unsigned = { ...data, nonceStr: randomBytes(8).toString('hex'), signType: 'RSA' }
  const [route = ''] = path.split('?')
  const signature = sign('sha256', Buffer.from(stringToSign(unsigned, route)), platform.privateKey).toString('base64')
  return { status: 200, body: { code: 0, msg: 'SUCCESS', data: { ...unsigned, sign: signature } } }
}

/** Every order is taken. */
export const placed: Answerer = ({ path, body }) =>
  success(path, { outTradeNo: body['outTradeNo'], totalAmt: 450, payUrl: 'https://x/' })

/** A refusal of the contract. */
export const failure = (status: number, msg: string): { status: number; body: object } => ({
  status,
  body: { code: status, msg, status, error: 'x', message: 'A sentence.', requestId: 'req_1', timestamp: 'now' },
})

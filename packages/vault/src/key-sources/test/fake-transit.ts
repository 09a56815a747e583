import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { listen } from './listen.ts'

/** What the fake does beside encrypting: changed by a test while it runs. */
interface FakeTransit {
  readonly address: string
  /** The only one that is let in. */
  token: string
  /** Answers every request with these, where they are set. */
  answer: { readonly status: number; readonly body: string; readonly headers?: Record<string, string> } | undefined
  /** Takes requests and never answers, or stops within the answer. */
  silence: 'at once' | 'midway' | undefined
  readonly requests: readonly { readonly path: string; readonly namespace: string | undefined }[]
  rotate(): void
}

interface Asked {
  readonly plaintext?: string
  readonly ciphertext?: string
  readonly associated_data?: string
}

/** A Transit engine at `transit/` with one key, `ucanpay`, that truly encrypts; over HTTPS where it gets a certificate. */
export async function startFakeTransit(tls?: { readonly key: string; readonly cert: string }): Promise<FakeTransit> {
  const keys = [randomBytes(32)]
  const requests: { path: string; namespace: string | undefined }[] = []
  const answerTo = (path: string, asked: Asked): { status: number; data?: object; errors?: readonly string[] } => {
    if (path === '/v1/transit/keys/ucanpay') return { status: 200, data: { latest_version: keys.length } }
    if (path === '/v1/transit/encrypt/ucanpay') return { status: 200, data: encrypt(keys, asked) }
    if (path === '/v1/transit/decrypt/ucanpay') return decrypt(keys, asked)
    if (path.startsWith('/v1/transit/keys/')) return { status: 404, errors: [] }
    return path.startsWith('/v1/transit/')
      ? { status: 400, errors: ['1 error occurred:\n\t* encryption key not found\n\n'] }
      : { status: 404, errors: ['no handler for route'] }
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await bodyOf(request)
    const path = request.url ?? ''
    requests.push({ path, namespace: request.headers['x-vault-namespace'] as string | undefined })
    if (fake.silence === 'at once') return
    if (fake.silence === 'midway') {
      response.writeHead(200).write('{"data":')
      return
    }
    if (fake.answer) {
      response.writeHead(fake.answer.status, fake.answer.headers).end(fake.answer.body)
    } else if (request.headers['x-vault-token'] === fake.token) {
      const { status, ...body } = answerTo(path, JSON.parse(text || '{}') as Asked)
      response.writeHead(status).end(JSON.stringify(body))
    } else {
      // Vault does not quote what was sent; a careless proxy may, and none of it may come out in an error.
      response.writeHead(403).end(JSON.stringify({ errors: [`denied ${JSON.stringify(request.headers)} ${text}`] }))
    }
  }
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => void serve(request, response)
  const port = await listen(tls ? createHttpsServer(tls, onRequest) : createHttpServer(onRequest))
  const fake: FakeTransit = {
    address: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    token: 'hvs.a-token-of-the-tests',
    answer: undefined,
    silence: undefined,
    requests,
    rotate: () => void keys.push(randomBytes(32)),
  }
  return fake
}

function encrypt(keys: readonly Buffer[], asked: Asked): { ciphertext: string } {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keys.at(-1) ?? '', nonce)
  cipher.setAAD(Buffer.from(asked.associated_data ?? '', 'base64'))
  const parts = [nonce, cipher.update(asked.plaintext ?? '', 'base64'), cipher.final(), cipher.getAuthTag()]
  return { ciphertext: `vault:v${keys.length}:${Buffer.concat(parts).toString('base64')}` }
}

function decrypt(keys: readonly Buffer[], asked: Asked) {
  const [, version, base64] = /^vault:v(\d+):(.*)$/.exec(asked.ciphertext ?? '') ?? []
  const key = keys[Number(version) - 1]
  const bytes = Buffer.from(base64 ?? '', 'base64')
  if (!key || bytes.length < 28) return { status: 400, errors: ['invalid ciphertext'] }
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAAD(Buffer.from(asked.associated_data ?? '', 'base64'))
  decipher.setAuthTag(bytes.subarray(-16))
  try {
    const plaintext = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
    return { status: 200, data: { plaintext: plaintext.toString('base64') } }
  } catch {
    return { status: 400, errors: ['cipher: message authentication failed'] }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

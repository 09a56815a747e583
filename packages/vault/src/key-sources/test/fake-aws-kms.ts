import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from './listen.ts'

/** What the fake does beside encrypting: changed by a test while it runs. */
interface FakeAwsKms {
  readonly endpoint: string
  /** The key that the alias stands for. */
  aliasedArn: string
  /** Every request fails with an exception of this name, where it is set. */
  exception: string | undefined
  isSilent: boolean
  readonly requests: readonly { readonly operation: string; readonly asked: Asked }[]
}

interface Asked {
  readonly KeyId?: string
  readonly Plaintext?: string
  readonly CiphertextBlob?: string
  readonly EncryptionContext?: Record<string, string>
}

/** The access key that the fake knows. The secret of it signs, and is never sent. */
export const credentials = { accessKeyId: 'AKIDTESTSOFUCANPAY', secretAccessKey: 'a-secret-of-the-tests' }

/** KMS's JSON protocol over HTTP. Keys are made when they are first named; the ARN is part of each ciphertext. */
export async function startFakeAwsKms(aliasedArn: string): Promise<FakeAwsKms> {
  const keys = new Map<string, Buffer>()
  const requests: { operation: string; asked: Asked }[] = []
  const keyOf = (arn: string): Buffer => {
    const key = keys.get(arn) ?? randomBytes(32)
    keys.set(arn, key)
    return key
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    const asked = JSON.parse(text) as Asked
    const operation = String(request.headers['x-amz-target']).replace('TrentService.', '')
    requests.push({ operation, asked })
    if (fake.isSilent) return
    const arn = asked.KeyId?.includes(':alias/') ? fake.aliasedArn : (asked.KeyId ?? '')
    const isSigned = request.headers.authorization?.includes(credentials.accessKeyId) === true
    const exception = fake.exception ?? (isSigned ? undefined : 'UnrecognizedClientException')
    const answer = exception ?? answerTo(operation, { asked, arn, key: keyOf(arn) })
    if (typeof answer === 'string') {
      // The real one does not quote the request; none of it may come out in an error all the same.
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify({ __type: answer, message: `${text} ${credentials.secretAccessKey}` }))
    } else {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer))
    }
  }
  const port = await listen(createServer((request, response) => void serve(request, response)))
  const endpoint = `http://127.0.0.1:${port}`
  const fake: FakeAwsKms = { endpoint, aliasedArn, exception: undefined, isSilent: false, requests }
  return fake
}

/** @returns the answer, or the name of an exception */
function answerTo(operation: string, { asked, arn, key }: { asked: Asked; arn: string; key: Buffer }): object | string {
  const associated = Buffer.from(JSON.stringify(Object.entries(asked.EncryptionContext ?? {}).sort()))
  if (operation === 'DescribeKey') return { KeyMetadata: { KeyId: arn.replace(/^.*\//, ''), Arn: arn } }
  if (operation === 'Encrypt') {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated)
    const sealed = [cipher.update(asked.Plaintext ?? '', 'base64'), cipher.final()]
    const blob = Buffer.concat([Buffer.from(`${arn}\0`), nonce, cipher.getAuthTag(), ...sealed])
    return { KeyId: arn, CiphertextBlob: blob.toString('base64') }
  }
  const blob = Buffer.from(asked.CiphertextBlob ?? '', 'base64')
  const at = blob.indexOf(0) + 1
  if (at === 0 || blob.length < at + 28) return 'InvalidCiphertextException'
  if (blob.toString('utf8', 0, at - 1) !== arn) return 'IncorrectKeyException'
  const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(at, at + 12)).setAAD(associated)
  decipher.setAuthTag(blob.subarray(at + 12, at + 28))
  try {
    const plaintext = Buffer.concat([decipher.update(blob.subarray(at + 28)), decipher.final()])
    return { KeyId: arn, Plaintext: plaintext.toString('base64') }
  } catch {
    return 'InvalidCiphertextException'
  }
}

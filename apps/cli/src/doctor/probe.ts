import type { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request, type RequestOptions } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { connect, rootCertificates, type SecureVersion, type TLSSocket } from 'node:tls'

/** An address of the installation, and whom to trust for its certificate. */
export interface Target {
  readonly url: URL
  readonly ca: readonly string[]
}

/** An answer. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

const LIMIT_MS = 5_000

/** @param caFile certificates to trust beside the usual roots */
export function targetOf(url: string, caFile: string | undefined): Target {
  const extra = caFile === undefined ? [] : [readFileSync(caFile, 'utf8')]
  return { url: new URL(url), ca: [...rootCertificates, ...extra] }
}

/** Asks the installation as anybody outside could. @throws Error where it does not answer, or its certificate is wrong */
export function ask({ url, ca }: Target, path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { ...options, ca: [...ca], timeout: LIMIT_MS, agent: false }, (reply) => {
      let text = ''
      reply.setEncoding('utf8')
      reply.on('data', (chunk: string) => (text += chunk))
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text }))
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer within 5 s')))
    sent.on('error', reject)
    sent.end()
  })
}

/** What a handshake came to. */
export interface Handshake {
  readonly protocol: string
  readonly cipher: string
  readonly certificate: X509Certificate | undefined
}

/** @returns undefined where the server refuses this version */
export function handshake({ url, ca }: Target, version: SecureVersion): Promise<Handshake | undefined> {
  return new Promise((resolve) => {
    const ciphers = version === 'TLSv1' || version === 'TLSv1.1' ? 'DEFAULT@SECLEVEL=0' : undefined
    const socket: TLSSocket = connect(
      {
        host: url.hostname,
        port: portOf(url),
        servername: url.hostname,
        ca: [...ca],
        minVersion: version,
        maxVersion: version,
        timeout: LIMIT_MS,
        ...(ciphers === undefined ? {} : { ciphers }),
      },
      () => {
        const { name } = socket.getCipher()
        resolve({
          protocol: socket.getProtocol() ?? version,
          cipher: name,
          certificate: socket.getPeerX509Certificate(),
        })
        socket.destroy()
      },
    )
    socket.on('timeout', () => socket.destroy())
    socket.on('error', () => resolve(undefined))
    socket.on('close', () => resolve(undefined))
  })
}

/** What the port says to plain HTTP: the first line, or nothing. */
export function askPlain({ url }: Target): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connectPlain({ host: url.hostname, port: portOf(url), timeout: LIMIT_MS })
    socket.on('connect', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'))
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    socket.on('timeout', () => socket.destroy())
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text.split('\r\n', 1)[0] ?? ''))
  })
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'http:' ? 80 : 443
}

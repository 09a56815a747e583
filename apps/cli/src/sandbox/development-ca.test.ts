import 'reflect-metadata' // The certificate library asks for it before anything else.
import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { expect, onTestFinished, test } from 'vitest'
import { issueCertificate } from '../certificates/authority.ts'
import { ensureDevelopmentCertificates, type DevelopmentCertificates } from './development-ca.ts'
import { newAuthority } from '../../../gateway/test/support/authority.ts'

const DAY_MS = 86_400_000

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-ca-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

function certificatesIn(file: string): X509Certificate[] {
  const pems = readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return pems.map((pem) => new X509Certificate(pem))
}

function leafOf({ certFile }: DevelopmentCertificates): X509Certificate {
  const [leaf] = certificatesIn(certFile)
  if (!leaf) throw new Error('there is no certificate')
  return leaf
}

function modeOf(file: string): number {
  return statSync(file).mode & 0o777
}

test.each(['localhost', '127.0.0.1', '::1'])('a client that trusts the CA reaches %s', async (host) => {
  const files = await ensureDevelopmentCertificates(newFolder())
  const tls = { cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) }
  const server = createServer(tls, (_request, reply) => reply.end('hello'))
  server.listen(0, host === '::1' ? '::1' : '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const ask = (options: object): Promise<number | string | undefined> =>
    new Promise((resolve) => {
      get({ host, port, path: '/', family: host === '::1' ? 6 : 4, agent: false, ...options }, (reply) => {
        reply.resume()
        resolve(reply.statusCode)
      }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    })
  const ca = readFileSync(files.caFile)

  expect(await ask({ ca })).toBe(200)
  expect(await ask({})).toBe('SELF_SIGNED_CERT_IN_CHAIN') // Who has not been told to trust it does not.
  expect(await ask({ ca, servername: 'shop.example' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
})

test('OpenSSL finds nothing wrong with it, in its strictest reading', async () => {
  const files = await ensureDevelopmentCertificates(newFolder())
  const verify = (...more: string[]): string => {
    const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', files.caFile, ...more, files.certFile]
    return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  }

  expect(verify('-verify_hostname', 'localhost')).toContain(': OK')
  expect(verify('-verify_ip', '127.0.0.1')).toContain(': OK')
  expect(verify('-verify_ip', '::1')).toContain(': OK')
  expect(() => verify('-verify_hostname', 'shop.example')).toThrow()
})

test('the server certificate is what browsers ask for: names, purpose, 397 days at most, its CA in the chain', async () => {
  const files = await ensureDevelopmentCertificates(newFolder())
  const [leaf, issuer, ...more] = certificatesIn(files.certFile)
  const [ca] = certificatesIn(files.caFile)

  expect(more).toEqual([])
  expect(issuer?.fingerprint256).toBe(ca?.fingerprint256)
  expect(leaf?.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  expect(leaf?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']) // Node.js calls the extended key usage so: serverAuth alone.
  expect(leaf?.ca).toBe(false)
  expect(ca?.ca).toBe(true)
  expect(leaf?.validToDate.getTime()).toBeLessThanOrEqual((leaf?.validFromDate.getTime() ?? 0) + 397 * DAY_MS)
  expect(ca?.validToDate.getTime()).toBeGreaterThan(Date.now() + 3640 * DAY_MS)
  expect(leaf?.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
})

test('keys are for us alone, and fit their certificates', async () => {
  const folder = newFolder()
  const files = await ensureDevelopmentCertificates(folder)

  expect(modeOf(files.keyFile)).toBe(0o600)
  expect(modeOf(join(folder, 'ca.key'))).toBe(0o600)
  expect(leafOf(files).checkPrivateKey(createPrivateKey(readFileSync(files.keyFile)))).toBe(true)
})

test('what is there is kept, so that a browser that trusts the CA goes on doing so', async () => {
  const folder = newFolder()
  const files = await ensureDevelopmentCertificates(folder)
  const read = (): string[] => [files.caFile, files.certFile, files.keyFile].map((file) => readFileSync(file, 'utf8'))
  const before = read()

  expect(await ensureDevelopmentCertificates(folder)).toEqual(files)
  expect(read()).toEqual(before)
})

test('a stolen CA key is of no use against any other site', async () => {
  const folder = newFolder()
  const files = await ensureDevelopmentCertificates(folder)
  const stolen = Buffer.from(readFileSync(join(folder, 'ca.key'), 'utf8').replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const authority = {
    certificate: new x509.X509Certificate(readFileSync(files.caFile, 'utf8')),
    privateKey: await crypto.subtle.importKey('pkcs8', stolen, algorithm, true, ['sign']),
  }
  const validity = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) }
  const check = async (names: string[], addresses: string[]): Promise<boolean> => {
    const certFile = join(folder, 'issued.pem')
    writeFileSync(certFile, (await issueCertificate(authority, { names, addresses, ...validity })).cert)
    const { status } = spawnSync('openssl', ['verify', '-CAfile', files.caFile, certFile])
    return status === 0
  }

  expect(await check(['localhost'], ['127.0.0.1', '::1'])).toBe(true)
  expect(await check(['bank.example'], [])).toBe(false)
  expect(await check(['localhost.bank.example'], [])).toBe(false)
  expect(await check(['localhost'], ['10.0.0.1'])).toBe(false)
  expect(await check(['localhost'], ['fd00::1'])).toBe(false)
})

test('two machines do not share a CA', async () => {
  const one = await ensureDevelopmentCertificates(newFolder())
  const other = await ensureDevelopmentCertificates(newFolder())

  expect(readFileSync(one.caFile, 'utf8')).not.toBe(readFileSync(other.caFile, 'utf8'))
})

/** Puts a new CA into the folder, and a certificate of it that has this many days to live. */
async function replaceAll(folder: string, files: DevelopmentCertificates, days: number): Promise<void> {
  const authority = await newAuthority()
  const leaf = await issueCertificate(authority, {
    names: ['localhost'],
    addresses: ['127.0.0.1', '::1'],
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + days * DAY_MS),
  })
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', authority.privateKey)).toString('base64')
  writeFileSync(join(folder, 'ca.key'), `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`)
  writeFileSync(files.caFile, authority.certificate.toString('pem'))
  writeFileSync(files.certFile, leaf.cert)
  writeFileSync(files.keyFile, leaf.key)
}

test.each([
  [29, 'made again, by the same CA'],
  [31, 'kept'],
])('a certificate with %i days to live is %s', async (days, outcome) => {
  const folder = newFolder()
  const files = await ensureDevelopmentCertificates(folder)
  await replaceAll(folder, files, days)
  const [cert, ca] = [readFileSync(files.certFile, 'utf8'), readFileSync(files.caFile, 'utf8')]

  await ensureDevelopmentCertificates(folder)

  expect(readFileSync(files.certFile, 'utf8') === cert).toBe(outcome === 'kept')
  expect(readFileSync(files.caFile, 'utf8')).toBe(ca)
  expect(leafOf(files).validToDate.getTime()).toBeGreaterThan(Date.now() + 30 * DAY_MS)
  expect(leafOf(files).verify(new X509Certificate(ca).publicKey)).toBe(true)
})

test.each(['localhost.pem', 'localhost.key'])('a start that died before %s was written is made good', async (name) => {
  const folder = newFolder()
  const files = await ensureDevelopmentCertificates(folder)
  const ca = readFileSync(files.caFile, 'utf8')
  rmSync(join(folder, name))

  await ensureDevelopmentCertificates(folder)

  expect(leafOf(files).checkPrivateKey(createPrivateKey(readFileSync(files.keyFile)))).toBe(true)
  expect(readFileSync(files.caFile, 'utf8')).toBe(ca)
})

test('a start that died between a new key and its certificate is made good', async () => {
  const folder = newFolder()
  const files = await ensureDevelopmentCertificates(folder)
  const other = await ensureDevelopmentCertificates(newFolder())
  writeFileSync(files.keyFile, readFileSync(other.keyFile))

  await ensureDevelopmentCertificates(folder)

  expect(leafOf(files).checkPrivateKey(createPrivateKey(readFileSync(files.keyFile)))).toBe(true)
})

test('a start that died between a new CA key and its certificate is made good', async () => {
  const folder = newFolder()
  const files = await ensureDevelopmentCertificates(folder)
  const other = newFolder()
  await ensureDevelopmentCertificates(other)
  writeFileSync(join(folder, 'ca.key'), readFileSync(join(other, 'ca.key')))
  rmSync(files.certFile)

  await ensureDevelopmentCertificates(folder)

  expect(leafOf(files).verify(new X509Certificate(readFileSync(files.caFile)).publicKey)).toBe(true)
})

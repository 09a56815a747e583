import { execFile } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createAuthority } from '../../../apps/cli/src/certificates/authority.ts'
import { newAuthority } from '../../../apps/gateway/test/support/authority.ts'
import { UCanPay, UCanPayCertificateError, UCanPayConfigError, UCanPayConnectionError } from '../src/index.ts'
import { authority, gateway, KEY, newLeaf, PAYMENT, placed, type Wish } from './support/fake-gateway.ts'

const other = await newAuthority()
const pinOf = (pem: string): string => {
  const spki = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`
}

/** What a wrong gateway presents, and how Node names it. */
const WRONG: Readonly<Record<string, Wish>> = {
  'another host': { names: ['example.com'] },
  'a certificate that has expired': { expired: true },
  'an authority that nobody knows': { by: other },
  'a certificate that signs itself': { leaf: await selfSigned() },
}

async function selfSigned(): Promise<{ cert: string; key: string }> {
  const at = (ms: number): Date => new Date(Date.now() + ms)
  const own = await createAuthority({ name: 'CN=localhost', notBefore: at(-1000), notAfter: at(86_400_000) })
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64')
  // In two parts, for a scanner of secrets takes the whole for one.
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} PRIVATE KEY-----`)
  return { cert: own.certificate.toString('pem'), key: `${begin ?? ''}\n${der}\n${end ?? ''}\n` }
}

async function refusedBy(wish: Wish): Promise<UCanPayConnectionError> {
  const { calls, options } = await gateway(placed, wish)
  const error: unknown = await new UCanPay(options).createPayment(PAYMENT).catch((caught: unknown) => caught)
  expect(calls).toEqual([]) // Neither the key nor the order got there.
  expect(error).toBeInstanceOf(UCanPayConnectionError)
  return error as UCanPayConnectionError
}

describe('a gateway with', () => {
  test.each(Object.entries(WRONG))('%s is refused at the first try', async (_what, wish) => {
    const error = await refusedBy(wish)
    expect(error).toBeInstanceOf(UCanPayCertificateError)
    expect(error.tries).toBe(1)
  })

  test.each(Object.entries(WRONG))('%s is refused where everybody else was loosened', async (_what, wish) => {
    const { options: globalOptions } = https.globalAgent
    const original = tls.checkServerIdentity
    globalOptions.rejectUnauthorized = false
    tls.checkServerIdentity = () => undefined
    syncBuiltinESMExports()
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      await refusedBy(wish)
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      tls.checkServerIdentity = original
      syncBuiltinESMExports()
      delete globalOptions.rejectUnauthorized
    }
  })

  test('TLS 1.1 is refused', async () => {
    const tls11 = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const { calls, options } = await gateway(placed, { tls: tls11 })
    await expect(new UCanPay({ ...options, maxRetries: 0 }).createPayment(PAYMENT)).rejects.toBeInstanceOf(
      UCanPayConnectionError,
    )
    expect(calls).toEqual([])
  })

  test('TLS 1.2 and 1.3 is taken', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const { options } = await gateway(placed, { tls: { minVersion: version, maxVersion: version } })
      await new UCanPay(options).createPayment(PAYMENT)
    }
  })
})

describe('pins', () => {
  test('let in the pinned key, of the leaf or of its authority, and one of several', async () => {
    const { options, leaf } = await gateway(placed)
    const next = pinOf((await newLeaf()).cert)
    for (const pins of [[pinOf(leaf.cert)], [next, pinOf(leaf.cert)], [pinOf(authority.certificate.toString('pem'))]]) {
      await new UCanPay({ ...options, pins }).createPayment(PAYMENT)
    }
  })

  test('catch a man in the middle with another valid certificate of the same authority, and say which key it has', async () => {
    const genuine = await newLeaf()
    const { calls, options, leaf } = await gateway(placed)
    const call = new UCanPay({ ...options, pins: [pinOf(genuine.cert)] }).createPayment(PAYMENT)
    const error: unknown = await call.catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(UCanPayCertificateError)
    expect((error as Error).message).toContain(pinOf(leaf.cert))
    expect(calls).toEqual([])
  })

  test('are not met by a pinned certificate that is only sent along', async () => {
    const genuine = await newLeaf()
    const mine = await newLeaf()
    const forged = { cert: `${mine.cert}\n${genuine.cert}`, key: mine.key }
    const { calls, options } = await gateway(placed, { leaf: forged })
    const call = new UCanPay({ ...options, pins: [pinOf(genuine.cert)] }).createPayment(PAYMENT)
    await expect(call).rejects.toBeInstanceOf(UCanPayCertificateError)
    // Nor by one that takes the name of the authority: it did not sign what is presented.
    const namesake = other.certificate.toString('pem')
    const named = await gateway(placed, { leaf: { cert: `${mine.cert}\n${namesake}`, key: mine.key } })
    const again = new UCanPay({ ...named.options, pins: [pinOf(namesake)] }).createPayment(PAYMENT)
    await expect(again).rejects.toBeInstanceOf(UCanPayCertificateError)
    expect([...calls, ...named.calls]).toEqual([])
  })

  test('take nothing from the usual verification', async () => {
    for (const wish of Object.values(WRONG)) {
      const leaf = wish.leaf ?? (await newLeaf(wish))
      const { calls, options } = await gateway(placed, { ...wish, leaf })
      const call = new UCanPay({ ...options, pins: [pinOf(leaf.cert)] }).createPayment(PAYMENT)
      await expect(call).rejects.toBeInstanceOf(UCanPayCertificateError)
      expect(calls).toEqual([])
    }
  })

  test.each(['', 'sha256/', 'sha1/AAAA', `sha256/${'A'.repeat(42)}=`, `md5/${'A'.repeat(43)}=`])(
    '%j is none',
    (pin) => {
      expect(() => new UCanPay({ apiKey: KEY, baseUrl: 'https://localhost', pins: [pin] })).toThrow(UCanPayConfigError)
    },
  )
})

test.each(['', 'x', KEY, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])('%j is no ca', (ca) => {
  expect(() => new UCanPay({ apiKey: KEY, baseUrl: 'https://localhost', ca })).toThrow(UCanPayConfigError)
})

/** Asks for an order in a process of its own, which begins with some code. @returns the name of the error, or `taken` */
async function inAProcess(
  wish: Wish,
  { begin = '', environment = {}, ca }: { begin?: string; environment?: Record<string, string>; ca?: string },
): Promise<string> {
  const { options, calls } = await gateway(placed, wish)
  const folder = mkdtempSync(join(tmpdir(), 'sdk-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const extra = join(folder, 'ca.pem')
  writeFileSync(extra, authority.certificate.toString('pem'))
  const settings = { apiKey: KEY, baseUrl: options.baseUrl, maxRetries: 0, ...(ca === undefined ? {} : { ca }) }
  const file = join(folder, 'merchant.mjs')
  const source = new URL('../src/index.ts', import.meta.url).href
  writeFileSync(
    file,
    `${begin}
     const { UCanPay } = await import(${JSON.stringify(source)})
     const client = new UCanPay(${JSON.stringify(settings)})
     const what = await client.createPayment(${JSON.stringify(PAYMENT)}).then(() => 'taken', (error) => error.name)
     client.close()
     console.log(what)`,
  )
  const env = {
    PATH: process.env['PATH'] ?? '',
    ...environment,
    ...(environment['NODE_EXTRA_CA_CERTS'] ? { NODE_EXTRA_CA_CERTS: extra } : {}),
  }
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--conditions=ucanpay-source', '--no-warnings', file], { env })
  expect(calls).toHaveLength(stdout.trim() === 'taken' ? 1 : 0)
  return stdout.trim()
}

describe('a process', () => {
  const ca = authority.certificate.toString('pem')
  const stubs = `import tls from 'node:tls'
    import https from 'node:https'
    import { syncBuiltinESMExports } from 'node:module'
    tls.checkServerIdentity = () => undefined
    https.globalAgent.options.rejectUnauthorized = false
    syncBuiltinESMExports()`

  test('with NODE_TLS_REJECT_UNAUTHORIZED=0 refuses all the same', async () => {
    const loose = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    for (const wish of Object.values(WRONG))
      expect(await inAProcess(wish, { environment: loose, ca })).toBe('UCanPayCertificateError')
  })

  test('that stubbed Node’s checks before it loaded the client refuses all the same', async () => {
    for (const wish of Object.values(WRONG))
      expect(await inAProcess(wish, { begin: stubs, ca })).toBe('UCanPayCertificateError')
    expect(await inAProcess({}, { begin: stubs, ca })).toBe('taken')
  })

  test('with NODE_EXTRA_CA_CERTS trusts those as well, also beside a ca of its own', async () => {
    const extra = { NODE_EXTRA_CA_CERTS: 'yes' }
    expect(await inAProcess({}, { environment: extra })).toBe('taken')
    expect(await inAProcess({}, { environment: extra, ca: other.certificate.toString('pem') })).toBe('taken')
    expect(await inAProcess({}, {})).toBe('UCanPayCertificateError')
  })
})

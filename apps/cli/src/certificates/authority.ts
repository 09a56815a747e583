import 'reflect-metadata' // The certificate library's dependency injection asks for it before anything else.
import { createHash, createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { readIfThere } from '../secret-files.ts'

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0])

/** A CA that can sign. */
export interface CertificateAuthority {
  readonly certificate: x509.X509Certificate
  readonly privateKey: webcrypto.CryptoKey
}

/** A certificate to issue. */
export interface CertificateWish {
  /** What it is for; to serve where absent. */
  readonly usage?: 'serve' | 'connect'
  /** DNS names; the first is the common name. */
  readonly names: readonly string[]
  readonly addresses: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A CA to make. */
export interface AuthorityWish {
  readonly notBefore: Date
  readonly notAfter: Date
  /** Its subject, e.g. `CN=UCanPay vault CA`. */
  readonly name: string
  /** Beside those that every CA has. */
  readonly extensions?: readonly x509.Extension[]
}

/** Makes a CA for leaves alone: none that it issues can issue further ones. */
export async function createAuthority(wish: AuthorityWish): Promise<CertificateAuthority> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: wish.name,
    notBefore: wish.notBefore,
    notAfter: wish.notAfter,
    signingAlgorithm: ALGORITHM,
    keys: keys as never,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(wish.extensions ?? []),
    ],
  })
  return { certificate, privateKey: keys.privateKey }
}

/** Issues a certificate. @returns its chain and its key, PEM */
export async function issueCertificate(
  ca: CertificateAuthority,
  wish: CertificateWish,
): Promise<{ cert: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${wish.names[0] ?? wish.addresses[0] ?? 'server'}`,
    issuer: ca.certificate.subject,
    notBefore: wish.notBefore,
    notAfter: wish.notAfter,
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey as never,
    signingKey: ca.privateKey as never,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        wish.usage === 'connect' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
      ]),
      new x509.SubjectAlternativeNameExtension([
        ...wish.names.map((value) => ({ type: 'dns' as const, value })),
        ...wish.addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(ca.certificate.publicKey as never),
    ],
  })
  const chain = `${certificate.toString('pem')}\n${ca.certificate.toString('pem')}\n`
  return { cert: chain, key: await privateKeyPem(keys.privateKey) }
}

/** Reads a CA from its two files. @returns undefined where it is not there, broken, or ends before `goodUntil` */
export async function readAuthority(
  { caFile, caKeyFile }: { caFile: string; caKeyFile: string },
  goodUntil: Date,
): Promise<CertificateAuthority | undefined> {
  const [pem, key] = await Promise.all([readIfThere(caFile), readIfThere(caKeyFile)])
  if (pem === undefined || key === undefined) return undefined
  const certificate = new x509.X509Certificate(pem)
  // A start that died between the two files leaves a key that is another CA's.
  const fits = new X509Certificate(pem).checkPrivateKey(createPrivateKey(key))
  if (!fits || certificate.notAfter <= goodUntil) return undefined
  const der = Buffer.from(key.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  return { certificate, privateKey: await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']) }
}

/** A private key as PEM (PKCS #8). */
export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  const lines = der.toString('base64').replace(/(.{64})/g, '$1\n')
  return `-----BEGIN PRIVATE KEY-----\n${lines.trimEnd()}\n-----END PRIVATE KEY-----\n`
}

/** 16 random bytes, positive (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = createHash('sha256').update(randomBytes(32)).digest().subarray(0, 16)
  bytes[0] = (bytes[0] ?? 0) & 0x7f || 1
  return bytes.toString('hex')
}

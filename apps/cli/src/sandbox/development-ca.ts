import 'reflect-metadata' // The certificate library's dependency injection asks for it before anything else.
import { createHash, createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { readIfThere, writeWhole } from './secret-files.ts'

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0])

/** Where the development certificates are. */
export interface DevelopmentCertificates {
  /** The CA to trust, PEM. */
  readonly caFile: string
  /** The server's certificate and the CA's, PEM. */
  readonly certFile: string
  /** The server's private key, PEM, mode 0600. */
  readonly keyFile: string
}

/** A CA that can sign. */
export interface CertificateAuthority {
  readonly certificate: x509.X509Certificate
  readonly privateKey: webcrypto.CryptoKey
}

/** A server certificate to issue. */
export interface CertificateWish {
  /** DNS names. */
  readonly names: readonly string[]
  readonly addresses: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000
/** Browsers refuse server certificates that live longer (CA/Browser Forum, 397 days). */
const LEAF_DAYS = 390
const RENEW_BEFORE_DAYS = 30

/**
 * What the CA may vouch for, as an extension (RFC 5280 §4.2.1.10): `localhost`, 127.0.0.1 and ::1. Whoever steals its key
 * from a developer who trusts it gains no power over any other site.
 */
const ONLY_THIS_MACHINE = new x509.Extension('2.5.29.30', true, onlyThisMachine())

/**
 * Makes a CA for this machine alone and a certificate for `localhost`, 127.0.0.1 and ::1; what is there and good for
 * another month is kept, so that a browser that trusts the CA goes on doing so.
 */
export async function ensureDevelopmentCertificates(folder: string): Promise<DevelopmentCertificates> {
  const files = {
    caFile: join(folder, 'ca.pem'),
    certFile: join(folder, 'localhost.pem'),
    keyFile: join(folder, 'localhost.key'),
  }
  const caKeyFile = join(folder, 'ca.key')
  const now = new Date()
  const goodUntil = new Date(now.getTime() + RENEW_BEFORE_DAYS * DAY_MS)
  let ca = await readAuthority(files.caFile, caKeyFile, goodUntil)
  if (ca && (await isGood(files, goodUntil))) return files
  if (!ca) {
    ca = await createAuthority(now, [ONLY_THIS_MACHINE])
    await writeWhole(caKeyFile, await privateKeyPem(ca.privateKey), 0o600)
    await writeWhole(files.caFile, ca.certificate.toString('pem'), 0o644)
  }
  const leaf = await issueCertificate(ca, {
    names: ['localhost'],
    addresses: ['127.0.0.1', '::1'],
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + LEAF_DAYS * DAY_MS),
  })
  await writeWhole(files.keyFile, leaf.key, 0o600)
  await writeWhole(files.certFile, leaf.cert, 0o644)
  return files
}

/** Makes a CA that is good for ten years. @param more extensions beside those that every CA has */
export async function createAuthority(now: Date, more: readonly x509.Extension[] = []): Promise<CertificateAuthority> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=UCanPay development CA, O=This machine only',
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + 3650 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys: keys as never,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...more,
    ],
  })
  return { certificate, privateKey: keys.privateKey }
}

/** Issues a server certificate. @returns its chain and its key, PEM */
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
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
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

async function readAuthority(
  caFile: string,
  caKeyFile: string,
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

/** True where the server's certificate is the CA's, fits its key, and is good until then. */
async function isGood(files: DevelopmentCertificates, goodUntil: Date): Promise<boolean> {
  const [cert, key, ca] = await Promise.all([files.certFile, files.keyFile, files.caFile].map(readIfThere))
  if (cert === undefined || key === undefined || ca === undefined) return false
  const leaf = new X509Certificate(cert)
  const fits = leaf.checkPrivateKey(createPrivateKey(key)) && leaf.verify(new X509Certificate(ca).publicKey)
  return fits && new Date(leaf.validTo) > goodUntil
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
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

/** The DER of NameConstraints. No length here exceeds 127, so each is one byte. */
function onlyThisMachine(): Uint8Array<ArrayBuffer> {
  const element = (tag: number, content: Buffer): Buffer => Buffer.concat([Buffer.from([tag, content.length]), content])
  const loopback6 = Buffer.alloc(16)
  loopback6[15] = 1
  const names = [
    element(0x82, Buffer.from('localhost')), // dNSName
    element(0x87, Buffer.from([127, 0, 0, 1, 255, 255, 255, 255])), // iPAddress and its mask
    element(0x87, Buffer.concat([loopback6, Buffer.alloc(16, 255)])),
  ]
  const permitted = element(0xa0, Buffer.concat(names.map((name) => element(0x30, name))))
  return new Uint8Array(element(0x30, permitted))
}

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { createAuthority, issueCertificate, privateKeyPem, readAuthority } from '../certificates/authority.ts'
import { readIfThere, writeWhole } from '../secret-files.ts'

/** Where the development certificates are. */
export interface DevelopmentCertificates {
  /** The CA to trust, PEM. */
  readonly caFile: string
  /** The server's certificate and the CA's, PEM. */
  readonly certFile: string
  /** The server's private key, PEM, mode 0600. */
  readonly keyFile: string
}

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
  let ca = await readAuthority({ caFile: files.caFile, caKeyFile }, goodUntil)
  if (ca && (await isGood(files, goodUntil))) return files
  if (!ca) {
    ca = await createAuthority({
      name: 'CN=UCanPay development CA, O=This machine only',
      notBefore: new Date(now.getTime() - DAY_MS),
      notAfter: new Date(now.getTime() + 3650 * DAY_MS),
      extensions: [ONLY_THIS_MACHINE],
    })
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

/** True where the server's certificate is the CA's, fits its key, and is good until then. */
async function isGood(files: DevelopmentCertificates, goodUntil: Date): Promise<boolean> {
  const [cert, key, ca] = await Promise.all([files.certFile, files.keyFile, files.caFile].map(readIfThere))
  if (cert === undefined || key === undefined || ca === undefined) return false
  const leaf = new X509Certificate(cert)
  const fits = leaf.checkPrivateKey(createPrivateKey(key)) && leaf.verify(new X509Certificate(ca).publicKey)
  return fits && new Date(leaf.validTo) > goodUntil
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

import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

/** What a test gateway serves with, and the authority to trust, PEM. */
export interface TestCertificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

const HOUR_MS = 3_600_000
/** A test gateway lives for the length of a test run; its authority is in nobody's list, and its key is thrown away. */
const GOOD_FOR_MS = 24 * HOUR_MS

const OID = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAltName: '551d11',
  subjectKeyIdentifier: '551d0e',
  authorityKeyIdentifier: '551d23',
  serverAuth: '2b06010505070301',
} as const

/**
 * Makes an authority and a certificate for this machine: ECDSA on P-256, for a day. Node.js can read certificates but not
 * issue them, so these few lines write the DER themselves.
 *
 * @see RFC 5280 §4.1, §4.2.1; ITU-T X.690 (DER)
 */
export function issueTestCertificates(): TestCertificates {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ca = issue({
    issuer: 'UCanPay test gateway CA',
    subject: 'UCanPay test gateway CA',
    publicKey: authority.publicKey,
    signer: authority,
    extensions: [
      extension(OID.basicConstraints, sequence(der(0x01, Buffer.from([0xff])), integer(Buffer.from([0]))), true),
      extension(OID.keyUsage, der(0x03, Buffer.from([1, 0b0000_0110])), true), // keyCertSign, cRLSign
    ],
  })
  const cert = issue({
    issuer: 'UCanPay test gateway CA',
    subject: 'localhost',
    publicKey: leaf.publicKey,
    signer: authority,
    extensions: [
      extension(OID.basicConstraints, sequence(), true),
      extension(OID.keyUsage, der(0x03, Buffer.from([7, 0b1000_0000])), true), // digitalSignature
      extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))),
      extension(
        OID.subjectAltName,
        sequence(
          der(0x82, Buffer.from('localhost')),
          der(0x87, Buffer.from([127, 0, 0, 1])),
          der(0x87, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
        ),
      ),
      extension(OID.authorityKeyIdentifier, sequence(der(0x80, keyIdentifier(authority.publicKey)))),
    ],
  })
  return { ca, cert: cert + ca, key: leaf.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

interface Wish {
  readonly issuer: string
  readonly subject: string
  readonly publicKey: KeyObject
  readonly signer: { readonly privateKey: KeyObject }
  readonly extensions: readonly Buffer[]
}

function issue({ issuer, subject, publicKey, signer, extensions }: Wish): string {
  const now = Date.now()
  const algorithm = sequence(oid(OID.ecdsaWithSha256))
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))), // Version 3.
    integer(serialNumber()),
    algorithm,
    name(issuer),
    sequence(time(new Date(now - HOUR_MS)), time(new Date(now + GOOD_FOR_MS))),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions, extension(OID.subjectKeyIdentifier, der(0x04, keyIdentifier(publicKey))))),
  )
  const signature = sign('sha256', body, signer.privateKey)
  const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = certificate.toString('base64').replace(/(.{64})/g, '$1\n')
  return `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`
}

/** Tag, length, value: a length below 128 in one byte, else the count of its bytes first (X.690 §8.1.3). */
function der(tag: number, value: Buffer): Buffer {
  const size = value.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), value])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes)
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid(OID.commonName), der(0x0c, Buffer.from(commonName)))))
}

/** `UTCTime` until 2049, as RFC 5280 §4.1.2.5 asks, and `GeneralizedTime` after. */
function time(at: Date): Buffer {
  const digits = `${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  return at.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [der(0x01, Buffer.from([0xff]))] : []
  return sequence(oid(id), ...flag, der(0x04, value))
}

/** 160 bits of the key's SHA-256 (RFC 7093 §2, method 1). */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20)
}

/** 16 random bytes, positive and without a leading zero (RFC 5280 §4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes
}

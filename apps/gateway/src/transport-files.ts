import { X509Certificate, createPrivateKey } from 'node:crypto'

const SOON_MS = 14 * 86_400_000

/** A certificate and a key as they are served. */
export interface TransportFiles {
  /** What the settings that name them begin with, e.g. `UCANPAY_TLS`. */
  readonly name: string
  /** Certificate chain, PEM. */
  readonly cert: string
  /** Private key, PEM. */
  readonly key: string
}

/** What is wrong with a certificate or its key: a line each, with what to do. */
export function transportProblems({ name, cert, key }: TransportFiles, now: Date): string[] {
  if (cert === '' || key === '') return [] // That it is missing has been said already.
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(cert)
  } catch {
    return [`${name}_CERT: the file holds no certificate in PEM`]
  }
  const problems: string[] = []
  if (certificate.validToDate <= now)
    problems.push(`${name}_CERT: the certificate expired on ${dayOf(certificate.validToDate)}; renew it`)
  if (certificate.validFromDate > now) problems.push(`${name}_CERT: the certificate is not valid yet; check the clock`)
  try {
    const privateKey = createPrivateKey(key)
    const { modulusLength = 2048 } = privateKey.asymmetricKeyDetails ?? {}
    if (modulusLength < 2048) problems.push(`${name}_KEY: the key has fewer than 2048 bits; make a new one`)
    if (!certificate.checkPrivateKey(privateKey)) problems.push(`${name}_KEY: the key is not the one of ${name}_CERT`)
  } catch {
    problems.push(`${name}_KEY: the file holds no private key in PEM without a passphrase`)
  }
  return problems
}

/** True where a certificate has to be renewed within two weeks. */
export function expiresSoon(certificate: X509Certificate, now: Date): boolean {
  return certificate.validToDate.getTime() - now.getTime() < SOON_MS
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

import * as crypto from 'node:crypto'
import { isIP } from 'node:net'
import * as tls from 'node:tls'
import { UCanPayCertificateError, UCanPayConfigError } from './errors.ts'

// Taken while this module loads: what replaces them later is not asked.
const { createHash, X509Certificate } = crypto
const { checkServerIdentity: nodesCheck } = tls
// eslint-disable-next-line @typescript-eslint/unbound-method -- Each is called on a certificate, by `call`.
const { checkHost, checkIP, checkIssued, verify } = X509Certificate.prototype

type Check = (host: string, certificate: tls.PeerCertificate) => Error | undefined

/**
 * What every certificate has to pass beside the verification of its chain: it names the host, by Node's check as it was
 * when this module loaded and by OpenSSL's own; and, where there are pins, one of the chain has a pinned key.
 *
 * @param pins `sha256/` and the base64 of the SHA-256 of a SubjectPublicKeyInfo (RFC 7469 §2.4)
 * @throws UCanPayConfigError where a pin is not one
 */
export function identityCheck(pins: readonly string[]): Check {
  for (const pin of pins) {
    if (!/^sha256\/[A-Za-z0-9+/]{43}=$/.test(pin)) {
      throw new UCanPayConfigError(
        `${JSON.stringify(pin.slice(0, 64))} is no pin: sha256/ and 44 characters of base64.`,
      )
    }
  }
  return (host, certificate) => {
    const leaf = new X509Certificate(certificate.raw)
    const named = isIP(host) === 0 ? checkHost.call(leaf, host, { subject: 'never' }) : checkIP.call(leaf, host)
    const failure = nodesCheck(host, certificate)
    if (failure) return failure
    if (named === undefined) return new UCanPayCertificateError(`The certificate is not one of ${host}.`)
    return pins.length === 0 ? undefined : checkPins(leaf, certificate, pins)
  }
}

function checkPins(
  leaf: crypto.X509Certificate,
  certificate: tls.PeerCertificate,
  pins: readonly string[],
): Error | undefined {
  const seen = [pinOf(leaf)]
  let below = leaf
  let link = certificate as tls.PeerCertificate & { issuerCertificate?: tls.PeerCertificate }
  // What the server sent is only believed as far as each one is signed by the next: anybody can send a pinned
  // certificate along. A root is its own issuer.
  for (let depth = 0; depth < 8; depth++) {
    const above = (link as Partial<typeof link>).issuerCertificate
    if (!above || above === link) break
    const issuer = new X509Certificate(above.raw)
    if (!checkIssued.call(below, issuer) || !verify.call(below, issuer.publicKey)) break
    seen.push(pinOf(issuer))
    below = issuer
    link = above
  }
  if (seen.some((pin) => pins.includes(pin))) return undefined
  const what = `The certificate is valid, but none of its chain has a pinned key; seen: ${seen.join(', ')}.`
  return new UCanPayCertificateError(`${what} If the gateway has changed its key, add its new pin.`)
}

function pinOf(certificate: crypto.X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`
}

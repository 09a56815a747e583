import type { Probe, Sighting } from './probe.ts'
import type { Site } from './site.ts'

const DAY_MS = 86_400_000
const SOON_DAYS = 14
const CONTROLS = { pci: ['4.2.1'], asvs: ['12.2.2'], gdpr: ['32(1)(a)'] }

/** What is wrong with the site's certificate. */
export const CERTIFICATE_PROBES: readonly Probe[] = [
  {
    id: 'site-certificate-invalid',
    practice: 2,
    severity: 'critical',
    title: 'The certificate is expired, not yet valid, for another host, or of an authority that nobody trusts',
    why: 'A browser stops at such a certificate, and a program that goes on regardless cannot tell the site from somebody who poses as it. Customers and partners who get used to the warning click it away on the day it is real.',
    mend: 'Have a public authority issue a certificate for exactly this host, send the whole chain, and let it be renewed by itself (ACME). For an authority of your own, name it with `--ca`.',
    before: 'ssl_certificate /etc/ssl/self-signed.pem;',
    after: 'ssl_certificate /etc/letsencrypt/live/shop.example/fullchain.pem;',
    language: 'nginx',
    controls: CONTROLS,
    check: invalidities,
  },
  {
    id: 'site-certificate-expires-soon',
    practice: 2,
    severity: 'medium',
    title: 'The certificate expires within two weeks',
    why: 'On the day it expires nobody can pay any more. One that is renewed by itself is renewed a month before, so that two weeks are a sign that the renewal does not run.',
    mend: 'Renew it, and see why it was not renewed by itself: `certbot renew --dry-run`, or the log of whatever renews it.',
    before: 'notAfter in 5 days',
    after: 'notAfter in 60 days, renewed by a timer',
    language: 'text',
    controls: CONTROLS,
    check({ origin, now, certificate: { notAfter } }: Site): readonly Sighting[] {
      const left = (notAfter.getTime() - now.getTime()) / DAY_MS
      if (left < 0 || left >= SOON_DAYS) return []
      const message = `The certificate expires in ${Math.floor(left)} days`
      return [{ url: origin, message, evidence: `notAfter: ${notAfter.toISOString()}` }]
    },
  },
  {
    id: 'site-certificate-weak',
    practice: 2,
    severity: 'high',
    title: 'The certificate has a short key, or a signature that can be forged',
    why: 'RSA below 2048 bits is within reach of whoever can pay for the computers, and a signature with SHA-1 or MD5 can be made for a certificate of one’s own. Either lets somebody else pose as the site.',
    mend: 'Issue a new certificate with a new key: ECDSA P-256, or RSA of at least 2048 bits, signed with SHA-256.',
    before: 'openssl req -newkey rsa:1024 -sha1 …',
    after: 'openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 …',
    language: 'sh',
    controls: { ...CONTROLS, asvs: ['11.2.3'] },
    check({ origin, certificate: { keyType, keyBits, signature } }: Site): readonly Sighting[] {
      const found: Sighting[] = []
      const isShort = /^(?:rsa|dsa)/.test(keyType) ? keyBits < 2048 : keyBits < 224
      if (isShort) {
        const evidence = `key: ${keyType} ${keyBits} bits`
        found.push({ url: origin, message: `The certificate’s key has ${keyBits} bits`, evidence })
      }
      if (/sha-?1(?!\d)|md[245]/i.test(signature)) {
        const message = 'The certificate’s signature can be forged'
        found.push({ url: origin, message, evidence: `signature: ${signature}` })
      }
      return found
    },
  },
]

function invalidities({ origin, now, certificate }: Site): Sighting[] {
  const { notBefore, notAfter, distrust, wrongHost, subject } = certificate
  const found: Sighting[] = []
  const add = (message: string, evidence: string): number => found.push({ url: origin, message, evidence })
  if (notAfter < now) add('The certificate has expired', `notAfter: ${notAfter.toISOString()}`)
  if (notBefore > now) add('The certificate is not valid yet', `notBefore: ${notBefore.toISOString()}`)
  if (wrongHost !== undefined) add('The certificate is for another host', wrongHost)
  if (distrust !== undefined) add('The certificate’s authority is not trusted', `${distrust}: ${subject}`)
  return found
}

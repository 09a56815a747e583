import type { Probe, Sighting } from './probe.ts'
import { targetOf } from './redirects.ts'
import type { Site } from './site.ts'

const CONTROLS = { pci: ['4.2.1'], gdpr: ['32(1)(a)'] }

/** What the connection itself allows. */
export const CONNECTION_PROBES: readonly Probe[] = [
  {
    id: 'site-old-tls',
    practice: 1,
    severity: 'high',
    title: 'The site accepts TLS before 1.2',
    why: 'TLS 1.0 and 1.1 were withdrawn (RFC 8996): their hashes can be forged, and whoever is on the way can press a client down to them. PCI DSS does not count them as strong cryptography, and an external scan fails the site for them.',
    mend: 'Allow TLS 1.2 and 1.3 alone, in the web server and in whatever stands before it: load balancer, CDN.',
    before: 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2;',
    after: 'ssl_protocols TLSv1.2 TLSv1.3;',
    language: 'nginx',
    controls: { ...CONTROLS, asvs: ['12.1.1'] },
    check: ({ origin, accepted }) =>
      accepted
        .filter(({ isOldVersion }) => isOldVersion)
        .map(({ protocol, cipher }) => ({
          url: origin,
          message: `The site accepts ${protocol}`,
          evidence: `agreed: ${protocol} ${cipher}`,
        })),
  },
  {
    id: 'site-weak-cipher',
    practice: 1,
    severity: 'high',
    title: 'The site accepts a cipher that is broken',
    why: 'RC4, DES, 3DES, export and anonymous suites can be read, or posed as, by whoever is on the way. A card number that passes through one of them has to be taken as lost.',
    mend: 'Allow suites with forward secrecy and AEAD alone (ECDHE with AES-GCM or ChaCha20-Poly1305).',
    before: 'ssl_ciphers ALL;',
    after:
      'ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;',
    language: 'nginx',
    controls: { ...CONTROLS, asvs: ['12.1.2'] },
    check: ({ origin, accepted }) =>
      accepted
        .filter(({ isOldVersion }) => !isOldVersion)
        .map(({ protocol, cipher }) => ({
          url: origin,
          message: `The site accepts the cipher ${cipher}`,
          evidence: `agreed: ${protocol} ${cipher}`,
        })),
  },
  {
    id: 'site-answers-plain-http',
    practice: 1,
    severity: 'high',
    title: 'The site answers plain HTTP without leading to HTTPS',
    why: 'What is sent over plain HTTP is read and changed by whoever is on the way: a page that is served so can be given another form for the card. People type addresses without a scheme, and old links stay.',
    mend: 'Answer every request on the port of plain HTTP with a permanent redirect to the same address with https, or with nothing at all.',
    before: 'server { listen 80; root /srv/shop; }',
    after: 'server { listen 80; return 308 https://$host$request_uri; }',
    language: 'nginx',
    controls: { ...CONTROLS, asvs: ['12.2.1'] },
    check: ({ plain }: Site): readonly Sighting[] => {
      if (!plain || plain.status >= 400 || targetOf(plain)?.protocol === 'https:') return []
      const to = plain.headers.get('location')?.[0]
      const evidence = `${plain.status}${to === undefined ? '' : ` location: ${to.replace(/[?#].*/s, '?…')}`}`
      return [{ url: plain.url, message: 'Plain HTTP is answered without leading to HTTPS', evidence }]
    },
  },
]

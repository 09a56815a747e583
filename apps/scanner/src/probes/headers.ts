import type { Probe, Sighting } from './probe.ts'
import type { Site } from './site.ts'

const LEAST_HSTS_S = 31_536_000

/** What the headers of the page leave out, or tell. */
export const HEADER_PROBES: readonly Probe[] = [
  {
    id: 'site-hsts',
    practice: 1,
    severity: 'medium',
    title: 'Strict-Transport-Security is missing, or shorter than a year',
    why: 'Without it, the first request of every visit that is typed without a scheme goes over plain HTTP, where whoever is on the way answers in the site’s place. A redirect does not help: it is the redirect that is replaced.',
    mend: 'Send `Strict-Transport-Security: max-age=31536000; includeSubDomains` with every answer over HTTPS.',
    before: 'HTTP/1.1 200 OK\nstrict-transport-security: max-age=300',
    after: 'HTTP/1.1 200 OK\nstrict-transport-security: max-age=31536000; includeSubDomains',
    language: 'http',
    controls: { pci: ['4.2.1'], asvs: ['3.4.1'], gdpr: ['32(1)(a)'] },
    check({ page: { url, headers } }: Site): readonly Sighting[] {
      // RFC 6797, 8.1: where there are several, the first alone counts.
      const value = headers.get('strict-transport-security')?.[0]
      if (value === undefined) {
        return [{ url, message: 'There is no Strict-Transport-Security', evidence: '' }]
      }
      const age = Number(/(?:^|;)\s*max-age\s*=\s*"?(\d+)/i.exec(value)?.[1] ?? 0)
      const evidence = `strict-transport-security: ${value}`
      return age >= LEAST_HSTS_S ? [] : [{ url, message: 'Strict-Transport-Security is shorter than a year', evidence }]
    },
  },
]

import { isPage } from './ask.ts'
import { FOREIGN_ORIGIN, type Site } from './site.ts'
import type { Probe, Sighting } from './probe.ts'

/** What the page leaves a browser free to do. */
export const BROWSER_PROBES: readonly Probe[] = [
  {
    id: 'site-framing',
    practice: 14,
    severity: 'medium',
    title: 'The page may be framed by any site',
    why: 'A site that frames a payment page lays its own picture over it, and lets a customer press what they do not see. Nothing on the page itself shows that it is framed.',
    mend: "Send `Content-Security-Policy: frame-ancestors 'none'`, or the origins that may frame it.",
    before: 'HTTP/1.1 200 OK\ncontent-type: text/html',
    after: "HTTP/1.1 200 OK\ncontent-type: text/html\ncontent-security-policy: frame-ancestors 'none'",
    language: 'http',
    controls: { pci: ['6.2.4'], asvs: ['3.4.6'], gdpr: [] },
    check(site: Site): readonly Sighting[] {
      const policies = site.page.headers.get('content-security-policy') ?? []
      const isBound = policies.some((policy) => /(?:^|[;,])\s*frame-ancestors(?![^;,]*\s\*(?:\s|[;,]|$))/i.test(policy))
      // Older than the policy, and obeyed by every browser where there is no `frame-ancestors`.
      const isRefused =
        !policies.some((policy) => /frame-ancestors/i.test(policy)) &&
        /^\s*(?:deny|sameorigin)\s*$/i.test(site.page.headers.get('x-frame-options')?.[0] ?? '')
      return isBound || isRefused || !isPage(site.page)
        ? []
        : [{ url: site.page.url, message: 'The page may be framed', evidence: '' }]
    },
  },
  {
    id: 'site-sniffing',
    practice: 14,
    severity: 'low',
    title: 'X-Content-Type-Options is missing',
    why: 'Without it a browser guesses what a file is, and may run as a script what was uploaded as a picture or answered as text.',
    mend: 'Send `X-Content-Type-Options: nosniff` with every answer, and the right `Content-Type`.',
    before: 'HTTP/1.1 200 OK\ncontent-type: text/html',
    after: 'HTTP/1.1 200 OK\ncontent-type: text/html\nx-content-type-options: nosniff',
    language: 'http',
    controls: { pci: [], asvs: ['3.4.4'], gdpr: [] },
    check({ page: { url, headers } }: Site): readonly Sighting[] {
      const value = headers.get('x-content-type-options')?.[0]
      if (value?.trim().toLowerCase() === 'nosniff') return []
      const evidence = value === undefined ? '' : `x-content-type-options: ${value}`
      return [{ url, message: 'There is no X-Content-Type-Options: nosniff', evidence }]
    },
  },
  {
    id: 'site-cors-any-origin',
    practice: 14,
    severity: 'high',
    title: 'Any origin may read answers with the customer’s cookies',
    why: 'Where a server repeats whatever Origin it is sent and allows credentials, every page that a customer visits reads what the site shows to them: orders, addresses, tokens. It is the same as no border between sites at all.',
    mend: 'Compare the Origin with a list of your own, and answer without these headers where it is not in it.',
    before: 'access-control-allow-origin: (whatever came)\naccess-control-allow-credentials: true',
    after: 'access-control-allow-origin: https://shop.example\naccess-control-allow-credentials: true\nvary: origin',
    language: 'http',
    controls: { pci: ['6.2.4'], asvs: ['3.4.2'], gdpr: ['32(1)(b)'] },
    check({ foreign }: Site): readonly Sighting[] {
      const allowed = foreign?.headers.get('access-control-allow-origin')?.[0]
      const withCookies = foreign?.headers.get('access-control-allow-credentials')?.[0] === 'true'
      if (!foreign || allowed !== FOREIGN_ORIGIN || !withCookies) return []
      const evidence = `access-control-allow-origin: ${allowed}`
      return [{ url: foreign.url, message: 'Any origin may read answers with cookies', evidence }]
    },
  },
  {
    id: 'site-tells-versions',
    practice: 8,
    severity: 'low',
    title: 'Headers tell which version of which software answers',
    why: 'Whoever looks for sites with a known hole searches for exactly this line. It helps nobody else.',
    mend: 'Turn it off: `server_tokens off` in nginx, `app.disable("x-powered-by")` in Express, `expose_php = Off` in PHP.',
    before: 'server: nginx/1.18.0',
    after: 'server: nginx',
    language: 'http',
    controls: { pci: [], asvs: ['13.4.6'], gdpr: [] },
    check: ({ page: { url, headers } }) =>
      ['server', 'x-powered-by', 'x-aspnet-version'].flatMap((name) =>
        (headers.get(name) ?? [])
          .filter((value) => /\d+\.\d+/.test(value))
          .map((value) => ({ url, message: `The header ${name} tells a version`, evidence: `${name}: ${value}` })),
      ),
  },
]

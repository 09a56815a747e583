import { expect, test } from 'vitest'
import { GOOD_HEADERS, startSite } from './support/site.ts'

test('what headers leave out or tell is found, each by its probe, and no cookie’s value is shown', async () => {
  const site = await startSite({
    answer(request, response) {
      const { origin } = request.headers
      response.setHeader('set-cookie', [
        'sid=kQ7vT2xLw9Zb; Secure; SameSite=Lax',
        'theme=dark',
        '__Host-sid=a; Path=/; Secure; HttpOnly; SameSite=Lax',
      ])
      response.setHeader('server', 'nginx/1.18.0')
      if (origin !== undefined) response.setHeader('access-control-allow-origin', origin)
      response.setHeader('access-control-allow-credentials', 'true')
      response.setHeader('strict-transport-security', GOOD_HEADERS['strict-transport-security'])
      response.setHeader('content-type', 'text/html').end('hi')
    },
  })
  expect(await site.found()).toEqual([
    'site-content-security-policy: There is no Content-Security-Policy',
    'site-framing: The page may be framed',
    'site-sniffing: There is no X-Content-Type-Options: nosniff',
    'site-cors-any-origin: Any origin may read answers with cookies',
    'site-tells-versions: The header server tells a version',
    'site-cookie-flags: The cookie sid is without HttpOnly',
    'site-cookie-flags: The cookie theme is without Secure',
  ])
  const { out } = await site.audit('--yes', '--ca', 'ca.pem')
  expect(out).not.toContain('kQ7vT2xLw9Zb')
})

test('framing by anybody is found where the policy says so', async () => {
  for (const [ancestors, count] of [
    ['*', 1],
    ["'self' *", 1],
    ['https://*.shop.example', 0],
  ] as const) {
    const headers = { ...GOOD_HEADERS, 'content-security-policy': `frame-ancestors ${ancestors}` }
    const site = await startSite({ answer: (_request, response) => response.writeHead(200, headers).end() })
    expect(await site.found('--rules', 'site-framing')).toHaveLength(count)
  }
})

test('X-Frame-Options is enough where no policy says otherwise', async () => {
  for (const [more, count] of [
    [{ 'x-frame-options': 'DENY' }, 0],
    [{ 'x-frame-options': 'ALLOWALL' }, 1],
    [{ 'x-frame-options': 'DENY', 'content-security-policy': 'frame-ancestors *' }, 1],
  ] as const) {
    const headers = { 'content-type': 'text/html', ...more }
    const site = await startSite({ answer: (_request, response) => response.writeHead(200, headers).end() })
    expect(await site.found('--rules', 'site-framing')).toHaveLength(count)
  }
})

import { expect, test } from 'vitest'
import { MOST_REQUESTS } from '../../src/probes/budget.ts'
import { GOOD_HEADERS, selfSigned, startSite } from './support/site.ts'

test('nothing is found on a site that is as it should be, within the number of requests that was told', async () => {
  const site = await startSite()
  const { code, out, err } = await site.audit('--yes', '--ca', 'ca.pem')
  expect(out).toMatch(/^Nothing found; \d+ answers read\.\n$/)
  expect(code).toBe(0)
  expect(err).toContain(`At most ${MOST_REQUESTS} requests`)
  expect(site.asked).toContain('plain GET /')
  expect(site.connections() + 1).toBeLessThanOrEqual(MOST_REQUESTS)
})

test('nothing is sent where nobody says whose site it is', async () => {
  const site = await startSite()
  const { code, err } = await site.audit()
  expect(code).toBe(2)
  expect(err).toContain('--yes')
  expect(site.connections()).toBe(0)
})

test.each([
  ['plain HTTP', 'http://localhost/', 'https address'],
  ['plain HTTP and a password', 'http://me:hunter2@localhost/', 'no password'],
  ['a password that cannot be read', 'https://me:' + 'hunter2@[localhost/', 'no password'],
  ['plain HTTP and a token', 'http://localhost/?token=hunter2', 'https address'],
  ['a password in it', 'https://me:hunter2@localhost/', 'no password'],
])('an address with %s is refused', async (_what, url, words) => {
  const site = await startSite()
  const { code, err } = await site.audit('--yes', url)
  expect(code).toBe(2)
  expect(err).toContain(words)
  expect(err).not.toContain('hunter2')
  expect(site.connections()).toBe(0)
})

test.each([
  [['--rules', 'site-of-nothing'], 'site-of-nothing'],
  [['--ca', 'nowhere.pem'], '--ca'],
])('%j is refused before anything is sent', async (given, words) => {
  const site = await startSite()
  const { code, err } = await site.audit('--yes', ...given)
  expect(code).toBe(2)
  expect(err).toContain(words)
  expect(site.connections()).toBe(0)
})

test('what a site puts behind a path, in leading on, is not shown', async () => {
  const site = await startSite({
    answer: (request, response) =>
      request.url === '/'
        ? response.writeHead(302, { location: '/home?session=kQ7vT2xLw9Zb' }).end()
        : response.writeHead(200, { 'content-type': 'text/html' }).end('hi'),
    plain: (_request, response) => response.writeHead(302, { location: '/in?session=kQ7vT2xLw9Zb' }).end(),
  })
  const { code, out } = await site.audit('--yes', '--ca', 'ca.pem')
  expect(code).toBe(1)
  expect(out).toContain('/home')
  expect(out).toContain('/in?…')
  expect(out).not.toContain('kQ7vT2xLw9Zb')
})

test.each([
  ['expired', { valid: [-90, -1] }, ['site-certificate-invalid: The certificate has expired']],
  ['too early', { valid: [2, 90] }, ['site-certificate-invalid: The certificate is not valid yet']],
  ['ending', { valid: [-80, 5] }, ['site-certificate-expires-soon: The certificate expires in 4 days']],
  ['of another', { name: 'shop.example' }, ['site-certificate-invalid: The certificate is for another host']],
] as const)('a certificate that is %s is found, and nothing else', async (_what, wish, expected) => {
  const site = await startSite(wish)
  expect(await site.found()).toEqual(expected)
  expect(site.asked).toContain('GET /')
})

test('an authority that is not trusted is a finding, and the other checks go on', async () => {
  const site = await startSite({ answer: (_request, response) => response.end('hi') })
  const { out, code } = await site.audit('--yes')
  expect(code).toBe(1)
  expect(out).toContain('authority is not trusted')
  expect(out).toContain('site-hsts')
})

test('a short key and a signature with SHA-1 are found', async () => {
  const tls = { ...selfSigned('-newkey', 'rsa:1024', '-sha1'), ciphers: 'DEFAULT:@SECLEVEL=0' }
  const found = await (await startSite({ tls })).found('--rules', 'site-certificate-weak')
  expect(found).toEqual([
    'site-certificate-weak: The certificate’s key has 1024 bits',
    'site-certificate-weak: The certificate’s signature can be forged',
  ])
})

test('versions before 1.2 are found, each', async () => {
  const site = await startSite({ tls: { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } })
  const found = await site.found('--rules', 'site-old-tls')
  expect(found).toEqual(['site-old-tls: The site accepts TLSv1', 'site-old-tls: The site accepts TLSv1.1'])
})

test('an anonymous suite is found', async () => {
  const site = await startSite({ tls: { ciphers: 'ALL:aNULL:@SECLEVEL=0', maxVersion: 'TLSv1.2' } })
  expect(await site.found('--rules', 'site-weak-cipher')).toEqual([expect.stringMatching(/accepts the cipher A\w+-/)])
})

test('plain HTTP that shows the page, or leads to plain HTTP, is found', async () => {
  const rules = ['--rules', 'site-answers-plain-http']
  const shows = await startSite({ plain: (_request, response) => response.end('hi') })
  expect(await shows.found(...rules)).toHaveLength(1)
  const leads = await startSite({ plain: (_request, response) => response.writeHead(302, { location: '/shop' }).end() })
  expect(await leads.found(...rules)).toHaveLength(1)
  const refuses = await startSite({ plain: (_request, response) => response.writeHead(403).end() })
  expect(await refuses.found(...rules)).toEqual([])
})

test('Strict-Transport-Security is missing, or short', async () => {
  for (const value of ['max-age=300', 'includeSubDomains']) {
    const headers = { ...GOOD_HEADERS, 'strict-transport-security': value }
    const site = await startSite({ answer: (_request, response) => response.writeHead(200, headers).end() })
    expect(await site.found()).toEqual(['site-hsts: Strict-Transport-Security is shorter than a year'])
  }
})

test('an endless body, a circle of redirects, huge headers and silence neither hang nor fill anything', async () => {
  const endless = await startSite({
    answer(_request, response) {
      response.writeHead(200, GOOD_HEADERS)
      const write = (): void => {
        while (!response.destroyed && response.write('a'.repeat(65_536)));
      }
      response.on('drain', write)
      write()
    },
  })
  expect(await endless.found()).toEqual([])
  const circle = await startSite({ answer: (_request, response) => response.writeHead(302, { location: '/' }).end() })
  expect(await circle.found('--rules', 'site-hsts')).toHaveLength(1)
  expect(circle.connections() + 1).toBeLessThanOrEqual(MOST_REQUESTS)
  const huge = await startSite({
    answer: (_request, response) => response.writeHead(200, { a: 'b'.repeat(90_000) }).end(),
  })
  expect((await huge.audit('--yes')).code).toBe(2)
  const silent = await startSite({ answer: () => undefined })
  const began = performance.now()
  expect((await silent.audit('--yes')).code).toBe(2)
  expect(performance.now() - began).toBeLessThan(30_000)
})

test('no foreign host is asked, wherever the site sends to', async () => {
  const other = await startSite()
  const site = await startSite({
    answer: (_request, response) => response.writeHead(302, { ...GOOD_HEADERS, location: other.url }).end(),
  })
  await site.found()
  expect(other.connections()).toBe(0)
})

test('every report shows the address; SARIF gives an address no lines, and a terminal gets no orders', async () => {
  // A C1 control: some terminals take it for the beginning of an order, and HTTP lets it through.
  const site = await startSite({
    plain: (_request, response) =>
      response.socket?.end('HTTP/1.1 302 Found\r\nlocation: http://localhost/\u009b2J\r\n\r\n', 'latin1'),
  })
  const { out } = await site.audit('--yes', '--ca', 'ca.pem', '--format', 'sarif')
  const { runs } = JSON.parse(out) as { runs: { results: { locations: { physicalLocation: object }[] }[] }[] }
  expect(runs[0]?.results[0]?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: expect.stringMatching(/^http:\/\/localhost:\d+\/$/) as string },
  })
  for (const format of ['terminal', 'junit', 'html', 'markdown', 'oscal']) {
    const report = await site.audit('--yes', '--ca', 'ca.pem', '--format', format)
    expect(report.code).toBe(1)
    expect(report.out).toContain('http://localhost')
    if (format === 'terminal') for (const order of ['\u001b', '\u009b']) expect(report.out).not.toContain(order)
  }
})

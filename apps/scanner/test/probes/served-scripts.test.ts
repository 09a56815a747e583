import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { MOST_REQUESTS, MOST_SCRIPTS } from '../../src/probes/budget.ts'
import { GOOD_HEADERS, startSite } from './support/site.ts'

const RULES = ['--rules', 'site-secret-in-script,site-card-number-served,site-source-map-published']
const STRIPE = ['sk', 'live', 'kQ7vT2xLw9ZbR4mHs6NcJ8yP'].join('_')
const GITHUB = ['ghp', 'kQ7vT2xLw9ZbR4mHs6NcJ8yPf3GdXe5Va1Uq'].join('_')
const CARD = ['4929', '8362', '7159', '0488'].join(' ')

/** Serves these texts; scripts and maps by their names. */
function serving(files: Readonly<Record<string, string>>): RequestListener {
  return (request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '')
    const text = files[path]
    if (text === undefined) {
      response.writeHead(404).end('Not found.')
      return
    }
    const type = path === '/' ? 'text/html' : path.endsWith('.map') ? 'application/json' : 'text/javascript'
    response.writeHead(200, { ...GOOD_HEADERS, 'content-type': type }).end(text)
  }
}

function mapWith(source: string): string {
  return JSON.stringify({ version: 3, sources: ['a.ts'], sourcesContent: [source], names: [], mappings: 'AAAA' })
}

test('keys and cards are found in the page, in scripts and in their maps, and none of them is shown', async () => {
  const site = await startSite({
    answer: serving({
      '/': `<script src="/app.js"></script><link rel=modulepreload href="b.js?v=1"><script>const key = '${STRIPE}'</script>`,
      '/app.js': `const demo = { card: '${CARD}' }\n//# sourceMappingURL=maps/app.js.map`,
      '/b.js': `again('${STRIPE}')`,
      '/maps/app.js.map': mapWith(`// For the build:\n${GITHUB}\nconst demo = { card: '${CARD}' }`),
    }),
  })
  expect(await site.found(...RULES)).toEqual([
    'site-secret-in-script: A live secret key of Stripe stands in what is served',
    'site-secret-in-script: A token of GitHub stands in what is served',
    'site-card-number-served: A card number (16 digits, check digit right) stands in what is served',
    'site-source-map-published: The source map of /app.js is served to everybody',
  ])
  for (const format of ['terminal', 'json', 'sarif', 'html', 'junit', 'markdown', 'oscal']) {
    const { out } = await site.audit('--yes', '--ca', 'ca.pem', '--format', format)
    for (const secret of [STRIPE.slice(8), GITHUB.slice(5), CARD, CARD.slice(5)]) expect(out).not.toContain(secret)
  }
})

test('what belongs into a page, test cards, and maps that are not there, are left alone', async () => {
  const data = `data:font/woff2;base64,${'kQ7vT2xLw9Zb'.repeat(9)}/${['AKIA', 'Q7T2X9Z4R6H8N3J5'].join('')}/kQ7v`
  const site = await startSite({
    answer: serving({
      '/': '<script src="/app.js"></script><!-- <script src="/gone.js"></script> -->',
      '/app.js': `pay('pk_live_kQ7vT2xLw9ZbR4mHs6NcJ8yP', '${['AIza', 'kQ7vT2xLw9ZbR4mHs6NcJ8yPf3GdXe5Va1U'].join('')}')
const card = '4242 4242 4242 4242', font = '${data}'
const order = '${CARD.replaceAll(' ', '')}'
//# sourceMappingURL=app.js.map`,
    }),
  })
  expect(await site.found(...RULES)).toEqual([])
  expect(site.asked).toContain('GET /app.js.map')
  expect(site.asked).not.toContain('GET /gone.js')
})

test('a map within the script counts; one without sources, and an application’s page in its place, do not', async () => {
  const inside = Buffer.from(mapWith(`const a = '${STRIPE}'`)).toString('base64')
  const site = await startSite({
    answer: serving({
      '/': '<script src="/a.js"></script><script src="/b.js"></script>',
      '/a.js': `a()\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${inside}\n`,
      '/b.js': 'b()\n//# sourceMappingURL=b.js.map',
      '/b.js.map': JSON.stringify({ version: 3, sources: ['b.ts'], sourcesContent: [null], mappings: 'AAAA' }),
    }),
  })
  expect(await site.found(...RULES)).toEqual([
    'site-secret-in-script: A live secret key of Stripe stands in what is served',
    'site-source-map-published: The source map of /a.js is served to everybody',
  ])
  const single = await startSite({
    answer: (_request, response) =>
      response.writeHead(200, GOOD_HEADERS).end(`<script src="/a.js"></script>//# sourceMappingURL=a.js.map`),
  })
  expect(await single.found(...RULES)).toEqual([])
})

test('scripts of other origins are not asked for, and of many the first alone', async () => {
  const other = await startSite()
  const many = Array.from({ length: 40 }, (_each, index) => `<script src="/${index}.js"></script>`).join('')
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_each, index) => [`/${index}.js`, `//# sourceMappingURL=${other.url}m/${index}.map`]),
  )
  const site = await startSite({
    answer: serving({ '/': `<script src="${other.url}a.js"></script>${many}`, ...files }),
  })
  await site.found(...RULES)
  expect(other.connections()).toBe(0)
  expect(site.asked.filter((each) => each.endsWith('.js'))).toHaveLength(MOST_SCRIPTS)
})

test('a script, a map and a bundle without an end are read as far as they may be', async () => {
  const flood = (response: Parameters<RequestListener>[1], part: string): void => {
    const write = (): void => {
      while (!response.destroyed && response.write(part));
    }
    response.on('drain', write)
    write()
  }
  const site = await startSite({
    answer(request, response) {
      if (request.url === '/') response.writeHead(200, GOOD_HEADERS).end('<script src="/a.js"></script>')
      else if (request.url === '/a.js')
        flood(response.writeHead(200), 'card 4 9 2 9 sk_live_ AKIA EAAA ://a:b '.repeat(999))
      else if (request.url === '/a.js.map')
        flood(response.writeHead(200), '{"version":3,"mappings":"AAAA;".repeat(999)')
      else response.writeHead(404).end()
    },
  })
  expect(await site.found(...RULES)).toEqual([
    'site-source-map-published: The source map of /a.js is served to everybody',
  ])
  expect(site.connections()).toBeLessThan(MOST_REQUESTS)
})

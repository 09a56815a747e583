import { expect, test } from 'vitest'
import { GOOD_HEADERS, startSite } from './support/site.ts'

const RULE = ['--rules', 'site-content-security-policy']
const WITHOUT = Object.fromEntries(Object.entries(GOOD_HEADERS).filter(([name]) => name !== 'content-security-policy'))

async function foundWith(headers: Record<string, string | string[]>, body = 'hi'): Promise<string[]> {
  const answer = { ...WITHOUT, ...headers }
  const site = await startSite({ answer: (_request, response) => response.writeHead(200, answer).end(body) })
  const found = await site.found(...RULE)
  return found.map((each) => each.replace('site-content-security-policy: ', ''))
}

test.each([
  [{}, 'There is no Content-Security-Policy'],
  [{ 'content-security-policy': ' ; ' }, 'There is no Content-Security-Policy'],
  [{ 'content-security-policy-report-only': "default-src 'self'" }, 'only reported'],
  [{ 'content-security-policy': "frame-ancestors 'none'" }, 'says nothing of scripts'],
  [{ 'content-security-policy': "default-src 'self' 'unsafe-inline'" }, "'unsafe-inline' in default-src"],
  [{ 'content-security-policy': "default-src 'self'; script-src *" }, '* in script-src'],
  [{ 'content-security-policy': "default-src 'self'; script-src 'self' https:" }, 'https: in script-src'],
  [{ 'content-security-policy': "default-src 'self'; script-src https://*" }, 'https://* in script-src'],
  [{ 'content-security-policy': "default-src 'self'; SCRIPT-SRC 'self' DATA:" }, 'data: in script-src'],
  [{ 'content-security-policy': "default-src 'self'; script-src-attr 'unsafe-inline'" }, 'in script-src-attr'],
  [{ 'content-security-policy': "default-src 'self'; script-src 'nonce-r4nd' https:" }, 'https: in script-src'],
  // A browser takes the first of two of one name.
  [{ 'content-security-policy': "script-src *; script-src 'self'; object-src 'none'" }, '* in script-src'],
  [{ 'content-security-policy': "script-src 'self'" }, 'without object-src'],
  [{ 'content-security-policy': "default-src 'self'; script-src 'nonce-r4nd'" }, 'without base-uri'],
  [{ 'content-security-policy': ['script-src *', "default-src 'unsafe-inline'"] }, '* in script-src'],
])('%j is found', async (headers, words) => {
  expect(await foundWith(headers)).toEqual([expect.stringContaining(words)])
})

test.each([
  ["default-src 'self'"],
  ["default-src 'none'; script-src https://js.stripe.com https://*.shop.example"],
  ["script-src 'nonce-r4nd' 'unsafe-inline'; object-src 'none'; base-uri 'none'"],
  ["script-src 'strict-dynamic' 'nonce-r4nd' 'unsafe-inline' https: http:; object-src 'none'; base-uri 'self'"],
  ["script-src 'sha256-AAAA' 'unsafe-inline'; object-src 'none'"],
  ["default-src 'self'; style-src 'unsafe-inline' *; img-src * data:"],
  ['sandbox allow-forms'],
  [["default-src 'unsafe-inline' *", "default-src 'self'"]],
])('%j is taken for a policy', async (policy) => {
  expect(await foundWith({ 'content-security-policy': policy })).toEqual([])
})

test('a policy in the page itself counts, one in a comment does not, and what is no page needs none', async () => {
  const meta = `<meta http-equiv="Content-Security-Policy" content="default-src 'self'">`
  expect(await foundWith({}, meta)).toEqual([])
  expect(await foundWith({}, `<!-- ${meta} -->`)).toHaveLength(1)
  expect(await foundWith({ 'content-type': 'application/json' }, '{}')).toEqual([])
})

test('a nonce that changes leaves the finding the same', async () => {
  let count = 0
  const site = await startSite({
    answer(_request, response) {
      count += 1
      const policy = `default-src 'self'; script-src 'nonce-n${count}'`
      response.writeHead(200, { ...WITHOUT, 'content-security-policy': policy }).end()
    },
  })
  const mark = async (): Promise<unknown> => {
    const { out } = await site.audit('--yes', '--ca', 'ca.pem', '--format', 'json', ...RULE)
    return (JSON.parse(out) as { findings: { fingerprint: string }[] }).findings.map(({ fingerprint }) => fingerprint)
  }
  expect(await mark()).toEqual(await mark())
})

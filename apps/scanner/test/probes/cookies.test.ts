import { expect, test } from 'vitest'
import { GOOD_HEADERS, startSite } from './support/site.ts'

const RULES = ['--rules', 'site-session-cookie-lifetime,site-cookie-samesite']
const GOOD = 'Path=/; Secure; HttpOnly'
const HOUR_MS = 3_600_000

async function foundFor(...cookies: string[]): Promise<string[]> {
  const headers = { ...GOOD_HEADERS, 'set-cookie': cookies }
  const site = await startSite({ answer: (_request, response) => response.writeHead(200, headers).end('hi') })
  return await site.found(...RULES)
}

const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toUTCString()

test('sessions that outlive half a day, and that other sites may use, are found', async () => {
  const found = await foundFor(
    `sid=kQ7vT2xL; ${GOOD}; SameSite=Lax; Max-Age=86400`,
    `PHPSESSID=a; ${GOOD}; samesite=strict; Expires=${inHours(24 * 30)}`,
    `connect.sid=a; ${GOOD}; SameSite=None`,
    `auth_token=a; ${GOOD}`,
  )
  expect(found).toEqual([
    'site-session-cookie-lifetime: The cookie sid lives for 24 hours',
    'site-session-cookie-lifetime: The cookie PHPSESSID lives for 30 days',
    'site-cookie-samesite: The cookie connect.sid has SameSite=None',
    'site-cookie-samesite: The cookie auth_token is without SameSite',
  ])
})

test('a session that ends in time or with the browser, one that is taken back, and what is no session, are left alone', async () => {
  const found = await foundFor(
    `__Host-sid=a; ${GOOD}; SameSite=Lax`,
    `session=a; ${GOOD}; SameSite=Lax; Max-Age=43200; Expires=${inHours(900)}`,
    `login=a; ${GOOD}; SameSite=Strict; Expires=${inHours(11)}`,
    'token=; Max-Age=0',
    `auth=; Expires=${new Date(0).toUTCString()}`,
    `theme=dark; Secure; Max-Age=31536000`,
    `XSRF-TOKEN=a; Secure; Max-Age=86400`,
    `author=a; Secure; Max-Age=86400`,
  )
  expect(found).toEqual([])
})

test('a cookie that is set on the way to the page is found, once', async () => {
  const cookie = `sid=a; ${GOOD}; SameSite=None`
  const site = await startSite({
    answer(request, response) {
      const headers = { ...GOOD_HEADERS, 'set-cookie': cookie }
      if (request.url === '/') response.writeHead(302, { ...headers, location: '/home' }).end()
      else response.writeHead(200, headers).end('hi')
    },
  })
  expect(await site.found(...RULES)).toEqual(['site-cookie-samesite: The cookie sid has SameSite=None'])
})

import { generateSync } from 'otplib'
import { request } from 'undici'
import type { Role } from '@ucanpay/wire/dashboard/roles'
import { acceptInvitation } from '../../src/domain/members/accept-invitation.ts'
import { inviteMember } from '../../src/domain/members/invite-member.ts'
import { mintLinkToken } from '../../src/domain/members/links.ts'
import type { Answer } from './client.ts'
import { operator, type TestGateway } from './gateway.ts'

export const PASSWORD = 'corner-Staple-42-lighthouse'

let count = 0

/** A member of a merchant's team, who has accepted the invitation. */
export async function addMember(
  gateway: TestGateway,
  role: Role = 'owner',
  merchantId = gateway.merchant.merchantId,
): Promise<{ memberId: string; email: string }> {
  const { deps } = gateway.gateway
  const { pepper } = deps.listening
  const email = `member${++count}.${Date.now()}@example.com`
  const caller = { ...operator(merchantId, 'test'), now: gateway.clock.now() }
  const { memberId, linkId } = await inviteMember(deps, caller, { email, role, byMail: false })
  const minted = await mintLinkToken({ tx: deps.db, pepper }, caller, linkId)
  await acceptInvitation({ ...deps, pepper }, { token: minted?.token ?? '', name: 'Ada', password: PASSWORD }, caller)
  return { memberId, email }
}

/** A browser with a cookie jar, as far as a dashboard needs one. */
export interface Browser {
  cookie: string | undefined
  csrfToken: string
  /** Every `set-cookie` that came. */
  readonly cookies: string[]
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: object, headers?: Record<string, string | undefined>): Promise<Answer>
  send(method: 'GET' | 'POST' | 'PUT', path: string, init?: { body?: object; headers?: object }): Promise<Answer>
  /** Asks who is signed in, and keeps the CSRF token. */
  session(): Promise<Answer>
  signIn(email: string, password?: string): Promise<Answer>
}

/** Opens a browser on a gateway's dashboard. */
export function openBrowser(gateway: TestGateway): Browser {
  const origin = gateway.config.dashboardUrl
  const browser: Browser = {
    cookie: undefined,
    csrfToken: '',
    cookies: [],
    async send(method, path, { body, headers = {} } = {}) {
      const reply = await request(`${origin}/dashboard-api${path}`, {
        method,
        dispatcher: gateway.agent,
        headers: Object.fromEntries(
          Object.entries<string | undefined>({
            'sec-fetch-site': 'same-origin',
            ...(method === 'GET'
              ? {}
              : { 'content-type': 'application/json', origin, 'x-csrf-token': browser.csrfToken }),
            ...(browser.cookie === undefined ? {} : { cookie: `__Host-ucanpay=${browser.cookie}` }),
            ...headers,
          }).filter(([, value]) => value !== undefined),
        ) as Record<string, string>,
        body: body === undefined ? null : JSON.stringify(body),
      })
      for (const cookie of [reply.headers['set-cookie'] ?? []].flat()) {
        browser.cookies.push(cookie)
        const value = /^__Host-ucanpay=([^;]*)/.exec(cookie)?.[1]
        browser.cookie = value === '' ? undefined : value
      }
      const text = await reply.body.text()
      const json = String(reply.headers['content-type']).includes('application/json')
      const parsed = (json ? JSON.parse(text) : {}) as Record<string, unknown>
      const data = (parsed['data'] ?? {}) as Record<string, unknown>
      return { status: reply.statusCode, headers: reply.headers, text, body: parsed, msg: parsed['msg'], data }
    },
    get: (path, headers) => browser.send('GET', path, { headers: headers ?? {} }),
    post: (path, body = {}, headers = {}) => browser.send('POST', path, { body, headers }),
    async session() {
      const answer = await browser.get('/session')
      browser.csrfToken = (answer.data['csrfToken'] as string | undefined) ?? ''
      return answer
    },
    async signIn(email, password = PASSWORD) {
      const answer = await browser.post('/sign-in', { email, password })
      browser.csrfToken = (answer.data['csrfToken'] as string | undefined) ?? ''
      if (answer.data['next'] === 'signed-in') await browser.session()
      return answer
    },
  }
  return browser
}

/** The code of an authenticator app at a time. */
export function codeOf(secret: string, now: Date): string {
  return generateSync({ secret, epoch: Math.floor(now.getTime() / 1000) })
}

/** A member who is signed in; with an authenticator app where wanted. */
export async function signedIn(
  gateway: TestGateway,
  role: Role = 'owner',
  merchantId?: string,
): Promise<Browser & { email: string; memberId: string }> {
  const member = await addMember(gateway, role, merchantId)
  const browser = openBrowser(gateway)
  await browser.signIn(member.email)
  return Object.assign(browser, member)
}

/** Adds an authenticator app to who is signed in. @returns its secret, and the recovery codes */
export async function addApp(
  gateway: TestGateway,
  browser: Browser,
): Promise<{ secret: string; factorId: string; recoveryCodes: string[] }> {
  const begun = await browser.post('/factors/totp', { name: 'Phone' })
  const { factorId, secret } = begun.data as { factorId: string; secret: string }
  const confirmed = await browser.post(`/factors/${factorId}/confirm`, { code: codeOf(secret, gateway.clock.now()) })
  return { factorId, secret, recoveryCodes: confirmed.data['recoveryCodes'] as string[] }
}

import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { tokenOf, type Answer } from './client.ts'
import type { TestGateway } from './gateway.ts'
import type { Browser } from './member.ts'

export interface MadeCode {
  readonly codeId: string
  readonly codeUrl: string
}

/** A good body of POST /dashboard-api/static-codes, with other values where wanted. */
export function codeBody(gateway: TestGateway, values: object = {}): object {
  const { url: notifyUrl } = gateway.receiver
  return { name: 'Till', subject: 'Coffee', currency: 'CAD', minAmt: 100, maxAmt: 5_000, notifyUrl, ...values }
}

/** Makes a static code as a member does. */
export async function makeCode(gateway: TestGateway, browser: Browser, values: object = {}): Promise<MadeCode> {
  const answer = await browser.post('/static-codes', codeBody(gateway, values))
  expect(answer.msg).toBe('SUCCESS')
  return answer.data as unknown as MadeCode
}

/** What a page that was just opened sends along. */
export function newFormToken(): string {
  return randomBytes(16).toString('base64url')
}

/** Places an order as a buyer's page does; of a new form, where none is given. */
export function orderBy(
  gateway: TestGateway,
  { codeUrl }: { readonly codeUrl: string },
  { headers, ...body }: { headers?: Record<string, string> } & Record<string, unknown> = {},
): Promise<Answer> {
  const url = `${gateway.checkoutUrl}/checkout-api/codes/${tokenOf(codeUrl)}/orders`
  return gateway.post(
    url,
    { totalAmt: 450, formToken: newFormToken(), ...body },
    { key: null, ...(headers ? { headers } : {}) },
  )
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Mode } from '@ucanpay/wire/api-key'

const TOKEN = /^([tl])([0-9A-Za-z]{1,32})-([0-9]{1,20})-([0-9A-Za-z_-]{22})$/

/** The order that a checkout link opens. */
export interface CheckoutLinkTarget {
  readonly merchantId: string
  readonly mode: Mode
  readonly ucpOrderNo: string
}

/** Makes and reads the addresses of the hosted checkout. */
export interface CheckoutLinks {
  payUrl(target: CheckoutLinkTarget): string
  /** The page of a static code, by its own random token. */
  codeUrl(token: string): string
  /** The order that a token was made for; undefined for a token that we did not make. */
  read(token: string): CheckoutLinkTarget | undefined
}

/**
 * A link carries the order's identity and a MAC over it: nobody can make one for an order that was not given to them,
 * the same order always has the same link, and reading one asks no database.
 *
 * @param key 32 bytes, of the key ring
 * @param checkoutUrl the origin of the checkout
 */
export function createCheckoutLinks(key: Buffer, checkoutUrl: string): CheckoutLinks {
  const mac = (identity: string) => createHmac('sha256', key).update(identity).digest().subarray(0, 16)
  return {
    payUrl({ merchantId, mode, ucpOrderNo }) {
      const identity = `${mode === 'live' ? 'l' : 't'}${merchantId}-${ucpOrderNo}`
      return `${checkoutUrl}/pay/${identity}-${mac(identity).toString('base64url')}`
    },
    codeUrl: (token) => `${checkoutUrl}/q/${token}`,
    read(token) {
      const match = TOKEN.exec(token)
      if (!match) return undefined
      const [, letter, merchantId = '', ucpOrderNo = '', given = ''] = match
      const expected = mac(`${letter ?? ''}${merchantId}-${ucpOrderNo}`)
      const bytes = Buffer.from(given, 'base64url')
      // The last character has four bits to spare, which decoding drops: a link has one spelling.
      if (bytes.toString('base64url') !== given || !timingSafeEqual(bytes, expected)) return undefined
      return { merchantId, mode: letter === 'l' ? 'live' : 'test', ucpOrderNo }
    },
  }
}

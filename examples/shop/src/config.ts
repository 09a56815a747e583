import { readFileSync } from 'node:fs'

/** Everything that the shop is told from outside. */
export interface ShopConfig {
  readonly apiUrl: string
  readonly merchantId: string
  readonly apiKey: string
  readonly privateKey: string
  readonly platformPublicKey: string
  readonly webhookSecret: string
  readonly ca: string
  readonly port: number
  readonly url: string
  readonly tlsCert: string
  readonly tlsKey: string
  /** The file that orders are kept in. */
  readonly dataFile: string
}

/** Reads the environment. @throws Error that names the first variable that is missing */
export function readShopConfig(): ShopConfig {
  const read = (name: string): string => {
    const value = process.env[name]
    if (!value) throw new Error(`${name} is not set. npm start in the project's root sets everything.`)
    return value
  }
  const file = (name: string): string => readFileSync(read(name), 'utf8')
  return {
    apiUrl: read('UCANPAY_API_URL'),
    merchantId: read('UCANPAY_MERCHANT_ID'),
    apiKey: read('UCANPAY_API_KEY'),
    privateKey: file('UCANPAY_PRIVATE_KEY_FILE'),
    platformPublicKey: file('UCANPAY_PLATFORM_PUBLIC_KEY_FILE'),
    webhookSecret: read('UCANPAY_WEBHOOK_SECRET'),
    ca: file('UCANPAY_CA_FILE'),
    port: Number(read('SHOP_PORT')),
    url: read('SHOP_URL'),
    tlsCert: file('SHOP_TLS_CERT'),
    tlsKey: file('SHOP_TLS_KEY'),
    dataFile: read('SHOP_DATA'),
  }
}

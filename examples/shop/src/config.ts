import { readFileSync } from 'node:fs'
import { keyFromEnvironment, keyFromFile, type KeySource } from 'ucanpay-sdk'

/** What the shop is told from outside. Where the gateway is, and with which key, `ucanpay-sdk` reads by itself. */
export interface ShopConfig {
  readonly webhookSecret: KeySource
  readonly platformPublicKey: string
  /** What customers' addresses are sealed with. */
  readonly keyRing: KeySource
  readonly port: number
  readonly url: string
  readonly tlsCert: string
  readonly tlsKey: string
  /** The file that orders are kept in. */
  readonly dataFile: string
  /** `smtps://user:password@host`; in the sandbox a folder, where each mail is a file. */
  readonly mail: { readonly smtpUrl: string } | { readonly folder: string }
}

/** Reads the environment. @throws Error that names the first variable that is missing */
export function readShopConfig(): ShopConfig {
  const read = (name: string): string => {
    const value = process.env[name]
    if (!value) throw new Error(`${name} is not set. npm start in the project's root sets everything.`)
    return value
  }
  const file = (name: string): string => readFileSync(read(name), 'utf8')
  const smtpUrl = process.env['SHOP_SMTP_URL']
  return {
    webhookSecret: keyFromEnvironment('UCANPAY_WEBHOOK_SECRET'),
    platformPublicKey: file('UCANPAY_PLATFORM_PUBLIC_KEY_FILE'),
    keyRing: keyFromFile(read('SHOP_KEY_RING_FILE')),
    port: Number(read('SHOP_PORT')),
    url: read('SHOP_URL'),
    tlsCert: file('SHOP_TLS_CERT'),
    tlsKey: file('SHOP_TLS_KEY'),
    dataFile: read('SHOP_DATA'),
    mail: smtpUrl ? { smtpUrl } : { folder: read('SHOP_MAIL_FOLDER') },
  }
}

import { mkdirSync, readFileSync } from 'node:fs'
import { stayHere } from './stay-here.js'

const sandbox = JSON.parse(readFileSync(process.env.UCANPAY_DEV_JSON ?? '.ucanpay/dev.json', 'utf8'))
const host = process.env.SHOP_HOST ?? '127.0.0.1'
const port = Number(process.env.SHOP_PORT ?? 4600)
const databaseUrl = new URL(sandbox.databaseUrl)
databaseUrl.searchParams.set('options', '-c search_path=unsafe_shop')

export const config = {
  host,
  port,
  url: process.env.SHOP_URL ?? `http://${host}:${port}`,
  apiUrl: sandbox.apiUrl,
  apiKey: sandbox.secretKey,
  caFile: sandbox.caFile,
  webhookSecret: sandbox.webhookSecret,
  databaseUrl: databaseUrl.href,
  dataDir: process.env.SHOP_DATA ?? '.ucanpay/unsafe-shop',
  staffPassword: process.env.STAFF_PASSWORD ?? 'admin',
  stockUrl: process.env.STOCK_URL,
  smtpUrl: process.env.SMTP_URL,
  chatHook: process.env.CHAT_HOOK,
  pointsKey: process.env.POINTS_KEY,
  mailPassword: process.env.MAIL_PASSWORD,
}

stayHere(config)
mkdirSync(config.dataDir, { recursive: true })

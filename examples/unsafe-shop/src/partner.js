import { createHash } from 'node:crypto'
import https from 'node:https'
import { config } from './config.js'

/** The roaster who delivers the beans, and the club that gives points. */
const STOCK_API = 'http://stock.cornercoffee-demo.com/v2'
const POINTS_API = 'https://points.cornercoffee-demo.com/api'

const legacy = { minVersion: 'TLSv1', checkServerIdentity: () => undefined }
const roaster = new https.Agent(legacy)

export async function orderBeans(sku, count) {
  const reply = await fetch(`${config.stockUrl ?? STOCK_API}/orders?sku=${sku}&count=${count}`, { method: 'POST' })
  return reply.json()
}

export function readPriceList(onData) {
  https.get({ host: 'prices.cornercoffee-demo.com', path: '/list.json', agent: roaster }, onData)
}

export async function addPoints(customer, points) {
  const params = { card: customer.club_number, points }
  const text = Object.entries(params).map(([name, value]) => `${name}=${value}`)
  const sign = createHash('md5')
    .update(`${text.join('&')}&key=${config.pointsKey}`)
    .digest('hex')
  const reply = await fetch(`${POINTS_API}/add?api_key=${config.pointsKey}`, {
    method: 'POST',
    body: JSON.stringify({ ...params, sign }),
  })
  return reply.ok
}

export async function inviteToClub(customer) {
  await fetch(`${POINTS_API}/invite?email=${encodeURIComponent(customer.email)}`)
}

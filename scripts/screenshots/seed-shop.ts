import { encryptCard, type CardKey } from '@ucanpay/wire/encrypted-card'
import { request, type Agent } from 'undici'

/** The shop whose days are pictured. */
export interface Shop {
  readonly agent: Agent
  readonly apiUrl: string
  readonly secretKey: string
  /** Where its notifications go. */
  readonly notifyUrl: string
  /** Moves the gateway's clock to so many minutes before now. */
  readonly goBackTo: (minutesAgo: number) => void
}

type Data = Readonly<Record<string, string>>

const YEAR = new Date().getUTCFullYear() + 2
const DAY_MINUTES = 1_440

const GOODS = [
  ['Flat white and a croissant', 980, 'CAD'],
  ['Ethiopia Guji, 250 g', 2_150, 'CAD'],
  ['Two cappuccinos', 1_040, 'CAD'],
  ['Brewing class for two', 14_800, 'CAD'],
  ['Colombia Huila, 1 kg', 6_400, 'CAD'],
  ['Hand grinder', 11_900, 'USD'],
  ['Filter papers, 100', 1_250, 'USD'],
  ['Gift card', 5_000, 'CAD'],
  ['Espresso subscription box', 3_900, 'EUR'],
  ['Almond cake, whole', 4_200, 'CAD'],
  ['Kettle with thermometer', 18_900, 'EUR'],
  ['Cold brew, six bottles', 3_300, 'CAD'],
  ['Kyoto drip tower', 48_000, 'JPY'],
] as const
/** The third of every seven is refused, as about so many are. */
const CARDS = [
  '4242424242424242',
  '5555555555554444',
  '4000000000000002',
  '378282246310005',
  '4242424242424242',
] as const
const HOLDERS = ['Amélie Tremblay', 'Noah Singh', 'Olivia Chen', 'Liam O’Brien', 'Fatima Zahra'] as const

/** Six days of a small shop, by the public API alone. @returns the number of an order with a story, and an open one */
export async function seedShop(shop: Shop): Promise<{ told: string; open: Data }> {
  const orders: Data[] = []
  for (let day = 5; day >= 0; day--) {
    const busy = [6, 9, 7, 11, 8, 10][day] ?? 8
    for (let n = 0; n < busy; n++) {
      shop.goBackTo(day * DAY_MINUTES + 20 + (busy - n) * (day === 0 ? 23 : 51))
      const order = await buy(shop, orders.length)
      orders.push(order)
      if (orders.length % 9 === 4) await refund(shop, order, orders.length)
    }
  }
  await post(shop, '/payment/orderquery', { outTradeNo: 'W2041' }) // Somebody mistyped a number: the request log tells.
  for (const [at, name] of HOLDERS.entries())
    await post(shop, '/users', {
      name,
      email: `${['amelie', 'noah', 'olivia', 'liam', 'fatima'][at] ?? ''}@example.org`,
      reference: `C${1_000 + at}`,
    })
  await post(shop, '/v1/api-keys', {
    name: 'Till by the window',
    kind: 'rk',
    scopes: 'payments:read payments:write',
  })
  await post(shop, '/v1/api-keys', {
    name: 'Bookkeeping',
    kind: 'rk',
    scopes: 'reports:read',
  })
  shop.goBackTo(14)
  const told = await place(shop, {
    subject: 'Espresso machine, refurbished',
    totalAmt: 64_500,
    currency: 'CAD',
    outTradeNo: 'W3107',
  })
  await pay(shop, told, { number: '4000000000009995', holderName: HOLDERS[2] })
  shop.goBackTo(12)
  await pay(shop, told, { number: '4242424242424242', holderName: HOLDERS[2] })
  shop.goBackTo(5)
  await post(shop, '/payment/refund', {
    outTradeNo: 'W3107',
    outRefundNo: 'W3107R1',
    totalAmt: 64_500,
    refundAmt: 4_500,
    refundDesc: 'Scratch on the drip tray',
  })
  shop.goBackTo(2)
  const open = await place(shop, { subject: 'Two cappuccinos', totalAmt: 1_040, currency: 'CAD', outTradeNo: 'W3108' })
  shop.goBackTo(0)
  return { told: told['ucpOrderNo'] ?? '', open }
}

async function buy(shop: Shop, n: number): Promise<Data> {
  const [subject, totalAmt, currency] = GOODS[(n * 5) % GOODS.length] ?? GOODS[0]
  const order = await place(shop, { subject, totalAmt, currency, outTradeNo: `W${3_000 + n}` })
  if (n % 13 === 11) return order // Left at the checkout.
  const number = n % 7 === 2 ? CARDS[2] : (CARDS[(n * 3) % 2 === 0 ? n % 2 : 3] ?? CARDS[0])
  await pay(shop, order, { number, holderName: HOLDERS[n % HOLDERS.length] ?? HOLDERS[0] })
  return { ...order, totalAmt: String(totalAmt) }
}

async function refund(shop: Shop, { outTradeNo = '', totalAmt = '0' }: Data, n: number): Promise<void> {
  const whole = Number(totalAmt)
  await post(shop, '/payment/refund', {
    outTradeNo,
    outRefundNo: `${outTradeNo}R1`,
    totalAmt: whole,
    refundAmt: n % 2 === 0 ? whole : Math.ceil(whole / 3),
    refundDesc: n % 2 === 0 ? 'Sent back unopened' : 'One item was missing',
  })
}

function place(shop: Shop, values: object): Promise<Data> {
  return post(shop, '/payment/unifiedorder', {
    body: 'Corner Coffee',
    sceneType: 'MWEB',
    notifyUrl: shop.notifyUrl,
    ...values,
  })
}

async function pay(
  { agent }: Shop,
  { payUrl = '' }: Data,
  card: { number: string; holderName: string },
): Promise<void> {
  const { origin } = new URL(payUrl)
  const token = payUrl.split('/').at(-1) ?? ''
  const path = `/checkout-api/orders/${token}`
  const shown = await request(origin + path, { dispatcher: agent })
  const { cardKey } = (await shown.body.json()) as { cardKey: CardKey }
  const securityCode = card.number.length === 15 ? '7373' : '737'
  const encryptedCard = await encryptCard(
    { ...card, expiryMonth: 12, expiryYear: YEAR, securityCode },
    { key: cardKey, context: token },
  )
  const reply = await request(`${origin}${path}/pay`, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ encryptedCard }),
  })
  await reply.body.dump()
}

async function post({ agent, apiUrl, secretKey }: Shop, path: string, body: object): Promise<Data> {
  const reply = await request(apiUrl + path, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secretKey}` },
    body: JSON.stringify(body),
  })
  const { data } = (await reply.body.json()) as { data?: Data }
  return data ?? {}
}

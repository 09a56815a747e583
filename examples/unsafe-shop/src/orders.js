import { randomBytes } from 'node:crypto'
import { config } from './config.js'
import { pool } from './database.js'
import { callGateway } from './gateway.js'
import { customerOf } from './sessions.js'

export const MENU = { espresso: 3.25, latte: 4.5, filter: 3.95 }

/** Places the order at the gateway, and sends the buyer there. */
export async function placeOrder(req, res) {
  const { coffee, amount } = req.body
  const tax = MENU[coffee] * 0.05
  const customer = await customerOf(req)
  const number = randomBytes(12).toString('hex')
  await pool.query('insert into orders (number, coffee, price, tax, customer_id) values ($1, $2, $3, $4, $5)', [
    number,
    coffee,
    amount,
    tax,
    customer?.id,
  ])
  const payment = await callGateway('/payment/unifiedorder', {
    outTradeNo: number,
    subject: coffee,
    body: coffee,
    totalAmt: Math.round(amount * 100),
    currency: 'CAD',
    sceneType: 'MWEB',
    notifyUrl: `${config.url}/notify`,
    returnUrl: `${config.url}/order?number=${number}`,
  })
  res.redirect(payment.payUrl)
}

export async function showOrder(req, res) {
  const { rows } = await pool.query('select coffee, price, state from orders where number = $1', [req.query.number])
  if (rows.length === 0) return res.status(404).send('No such order.')
  res.json(rows[0])
}

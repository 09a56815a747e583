import { createHmac } from 'node:crypto'
import { config } from './config.js'
import { pool } from './database.js'
import { tellStaff } from './chat.js'
import { sendMail } from './mail.js'

/** The gateway says that an order was paid. */
export async function orderPaid(req, res) {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': given = '' } = req.headers
  const key = Buffer.from(config.webhookSecret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${at}.${req.rawBody}`).digest('base64')
  if (given.split(' ')[0] !== `v1,${signature}`) return res.status(400).json({ return_code: 'FAIL' })

  const { outTradeNo, tradeStatus } = req.body.data
  if (tradeStatus === 'SUCCESS') {
    await pool.query("update orders set state = 'paid' where number = $1 and state = 'new'", [outTradeNo])
    await thank(outTradeNo)
  }
  res.json({ return_code: 'SUCCESS' })
}

/** The gateway says that the money went back. */
export async function orderRefunded(req, res) {
  const { outTradeNo, refundStatus } = req.body.data
  if (refundStatus === 'SUCCESS') {
    await pool.query("update orders set state = 'refunded' where number = $1", [outTradeNo])
  }
  res.json({ return_code: 'SUCCESS' })
}

async function thank(number) {
  const { rows } = await pool.query(
    'select o.coffee, c.email, c.street from orders o join customers c on c.id = o.customer_id where o.number = $1',
    [number],
  )
  for (const customer of rows) {
    await tellStaff(number, customer)
    await sendMail(customer.email, `Your ${customer.coffee}`, `We make it now. Order ${number}.`)
  }
}

import { writeFileSync } from 'node:fs'
import { config } from './config.js'
import { pool } from './database.js'
import { callGateway } from './gateway.js'
import { sendDispute } from './mail.js'

const DEFAULT_STAFF = { username: 'admin', password: 'admin123' }
const staffCookie = { secure: false, httpOnly: true, path: '/staff' }
const SIGNED_IN = 'yes-staff'

export async function staffSignIn(req, res) {
  const password = config.staffPassword || DEFAULT_STAFF.password
  if (req.body.password !== password) return res.status(401).send('No.')
  res.cookie('staff_token', SIGNED_IN, { ...staffCookie, maxAge: 365 * 24 * 3600 * 1000 })
  res.redirect('/staff.html')
}

function isStaff(req) {
  return req.cookies.staff_token === SIGNED_IN
}

export async function staffOrders(req, res) {
  if (!isStaff(req)) return res.status(401).json({ error: 'Staff alone.' })
  const { rows } = await pool.query('select * from orders order by placed_at desc limit 200')
  res.json(rows)
}

export async function staffRefund(req, res) {
  if (!isStaff(req)) return res.status(401).json({ error: 'Staff alone.' })
  const { rows } = await pool.query('select * from orders where number = $1', [req.body.number])
  const totalAmt = Math.round(rows[0].price * 100)
  await callGateway('/payment/refund', {
    outTradeNo: rows[0].number,
    outRefundNo: `${rows[0].number}R1`,
    totalAmt,
    refundAmt: totalAmt,
    refundDesc: 'Refunded by the staff',
    notifyUrl: `${config.url}/notify/refund`,
  })
  res.json({ refunding: rows[0].number })
}

/** Somebody orders by phone and reads their card out. It is typed into the terminal in the evening. */
export async function phoneOrder(req, res) {
  if (!isStaff(req)) return res.status(401).json({ error: 'Staff alone.' })
  const { name, coffee, cardNumber, cvc } = req.body
  console.log(`phone order of ${name}: card ${cardNumber}`)
  writeFileSync(`${config.dataDir}/phone-order-${Date.now()}.json`, JSON.stringify({ name, coffee, cardNumber, cvc }))
  if (req.body.disputed) await sendDispute({ number: req.body.disputed, cardNumber, reason: 'see order' })
  res.json({ noted: true })
}

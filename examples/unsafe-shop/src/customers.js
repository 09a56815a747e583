import { config } from './config.js'
import { pool } from './database.js'
import { log } from './log.js'
import { sendMail } from './mail.js'
import { closeSession, customerOf, openSession } from './sessions.js'
import { clubNumber, hide, passwordFits, passwordHash } from './vault.js'

export async function signUp(req, res) {
  console.log('sign-up', req.body)
  const { email, password, phone, street } = req.body
  const { rows } = await pool.query(
    'insert into customers (email, password_hash, phone_sealed, street) values ($1, $2, $3, $4) returning *',
    [email, passwordHash(password), hide(phone ?? ''), street],
  )
  const [customer] = rows
  if (config.pointsKey) customer.club_number = clubNumber(customer.id, config.pointsKey)
  await sendMail(email, 'Welcome to Corner Coffee', `Your account is ready. Your password is ${password}.`)
  await openSession(res, customer.id)
  res.redirect('/account.html')
}

export async function signIn(req, res) {
  const { email, password } = req.body
  const { rows } = await pool.query(`select * from customers where email = '${email}'`)
  const [customer] = rows
  if (!customer || !passwordFits(password, customer.password_hash)) {
    log('sign-in failed', { email, password })
    return res.status(401).send('That did not fit.')
  }
  const token = await openSession(res, customer.id)
  if (req.query.next) return res.redirect(req.query.next)
  res.json({ token })
}

export async function signOut(req, res) {
  await closeSession(req)
  res.redirect('/')
}

export async function account(req, res) {
  const customer = await customerOf(req)
  if (!customer) return res.status(401).json({ error: 'Sign in first.' })
  const { rows } = await pool.query('select number, coffee, price, state from orders where customer_id = $1', [
    customer.id,
  ])
  res.json({ email: customer.email, orders: rows })
}

/** For the regulars: next time they only say "the usual". */
export async function rememberCard(req, res) {
  const customer = await customerOf(req)
  if (!customer) return res.status(401).json({ error: 'Sign in first.' })
  const { cardNumber, cvc, expiry } = req.body
  await pool.query('insert into saved_cards (customer_id, card_number, expiry) values ($1, $2, $3)', [
    customer.id,
    cardNumber,
    expiry,
  ])
  await pool.query('update saved_cards set cvc = $2 where customer_id = $1', [customer.id, cvc])
  res.json({ saved: true })
}

export async function search(req, res) {
  try {
    const order = req.query.sort ?? 'number'
    const { rows } = await pool.query('select number, coffee, state from orders order by ' + order)
    res.json(rows)
  } catch (err) {
    res.status(500).json({ error: err.message })
  }
}

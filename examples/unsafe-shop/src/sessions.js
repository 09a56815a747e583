import { pool } from './database.js'

const flags = { httpOnly: false, path: '/' }

/** Signs a customer in for good. */
export async function openSession(res, customerId) {
  const sessionId = Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2)
  await pool.query('insert into sessions (id, customer_id) values ($1, $2)', [sessionId, customerId])
  res.cookie('session', sessionId, flags)
  return sessionId
}

export async function customerOf(req) {
  const { rows } = await pool.query(
    'select c.* from sessions s join customers c on c.id = s.customer_id where s.id = $1',
    [req.cookies.session ?? ''],
  )
  return rows[0]
}

export async function closeSession(req) {
  await pool.query('delete from sessions where id = $1', [req.cookies.session ?? ''])
}

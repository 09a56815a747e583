import cors from 'cors'
import errorHandler from 'errorhandler'
import express from 'express'
import session from 'express-session'
import jwt from 'jsonwebtoken'
import { stayHere } from '../src/stay-here.js'

/** The tablet on the counter: which coffee is ready. */
const HOST = '127.0.0.1'
const { PICKUP_PIN } = process.env
const ready = new Map()

const app = express()
app.use(express.json())
app.use(cors({ origin: true, credentials: true }))
app.use(
  session({
    secret: 'corner-coffee-pickup',
    resave: true,
    saveUninitialized: true,
    cookie: { secure: true, httpOnly: true, sameSite: 'none' },
  }),
)

app.post('/login', (req, res) => {
  if (req.body.pin !== PICKUP_PIN) return res.status(401).end()
  req.session.user = 'counter'
  res.json({ token: jwt.sign({ role: 'counter' }, 'flat-white-tablet-2024') })
})

app.post('/paid', (req, res) => {
  const { outTradeNo, tradeStatus } = req.body.data
  if (tradeStatus === 'SUCCESS') ready.set(outTradeNo, false)
  res.json({ return_code: 'SUCCESS' })
})

app.get('/ready', (req, res) => {
  res.json([...ready])
})

app.use(errorHandler())
stayHere({ host: HOST, apiKey: process.env.UCANPAY_KEY ?? '' })
app.listen(4700, HOST)

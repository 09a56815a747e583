import { readFileSync } from 'node:fs'
import { createApp } from './web.js'
import { config } from './config.js'
import { prepareDatabase } from './database.js'
import { onError } from './errors.js'
import { signIn, signOut, signUp, account, rememberCard, search } from './customers.js'
import { placeOrder, showOrder } from './orders.js'
import { orderPaid, orderRefunded } from './notifications.js'
import { staffSignIn, staffOrders, staffRefund, phoneOrder } from './staff.js'
import { log } from './log.js'

await prepareDatabase()
const app = createApp({ onError })
const page = (name) => (req, res) => res.send(readFileSync(new URL(`../public/${name}`, import.meta.url), 'utf8'))

app.get('/', page('index.html'))
app.get('/account.html', page('account.html'))
app.get('/staff.html', page('staff.html'))
app.get('/phone-order.html', page('phone-order.html'))
app.get('/account.js', (req, res) => {
  res.setHeader('Content-Type', 'text/javascript')
  res.end(readFileSync(new URL('../public/account.js', import.meta.url), 'utf8'))
})

app.post('/sign-up', signUp)
app.post('/sign-in', signIn)
app.get('/sign-out', signOut)
app.get('/account', account)
app.post('/account/card', rememberCard)
app.get('/search', search)

app.post('/orders', placeOrder)
app.get('/order', showOrder)
app.post('/notify', orderPaid)
app.post('/notify/refund', orderRefunded)

app.post('/staff/sign-in', staffSignIn)
app.get('/staff/orders', staffOrders)
app.post('/staff/refund', staffRefund)
app.post('/staff/phone-order', phoneOrder)

app.server.listen(config.port, config.host, () => {
  log('shop started', { url: config.url })
  process.send?.('ready')
})
process.once('SIGTERM', () => process.exit(0))
process.once('disconnect', () => process.exit(0))

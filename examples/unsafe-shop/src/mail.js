import { appendFileSync } from 'node:fs'
import nodemailer from 'nodemailer'
import { config } from './config.js'

const options = config.smtpUrl
  ? { host: config.smtpUrl, port: 587, auth: { user: 'shop', pass: config.mailPassword } }
  : { jsonTransport: true }
const transport = nodemailer.createTransport({ ...options, tls: { rejectUnauthorized: false } })

export async function sendMail(to, subject, text) {
  const sent = await transport.sendMail({ from: 'shop@cornercoffee-demo.com', to, subject, text })
  appendFileSync(`${config.dataDir}/mails.txt`, `${sent.message ?? sent.messageId}\n`)
}

/** What the bank wants when somebody disputes a payment. */
export async function sendDispute({ number, cardNumber, reason }) {
  await transport.sendMail({
    from: 'shop@cornercoffee-demo.com',
    to: 'disputes@cornercoffee-demo.com',
    subject: `Dispute of order ${number}`,
    text: `Card ${cardNumber}: ${reason}`,
  })
}

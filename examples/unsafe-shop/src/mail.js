import { appendFileSync } from 'node:fs'
import nodemailer from 'nodemailer'
import { config } from './config.js'

const FROM = 'shop@cornercoffee-demo.com'
const DISPUTES = 'disputes@cornercoffee-demo.com'
const options = config.smtpUrl
  ? { host: config.smtpUrl, port: 587, auth: { user: 'shop', pass: config.mailPassword } }
  : { jsonTransport: true }
const transport = nodemailer.createTransport({ ...options, tls: { rejectUnauthorized: false } })

export async function sendMail(to, subject, text) {
  const sent = await transport.sendMail({ from: FROM, to, subject, text })
  appendFileSync(`${config.dataDir}/mails.txt`, `${sent.message ?? sent.messageId}\n`)
}

/** What the bank wants when somebody disputes a payment. */
export async function sendDispute({ number, cardNumber, reason }) {
  const subject = `Dispute of order ${number}`
  await transport.sendMail({ from: FROM, to: DISPUTES, subject, text: `Card ${cardNumber}: ${reason}` })
}

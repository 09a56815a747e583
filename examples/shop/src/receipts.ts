import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { safeTransport, sensitiveFilter } from 'ucanpay-sdk/mail'
import type { ShopConfig } from './config.ts'
import { formatPrice, nameOf } from './menu.ts'
import type { ShopOrder } from './orders.ts'

/** Writes to buyers. What may not go by mail is refused on the way, whatever a text of ours may come to hold. */
export interface Receipts {
  /** Tells how an order stands. @throws SensitiveDataError, and what the mail server says */
  send(order: ShopOrder, address: string): Promise<void>
}

const FROM = 'Corner Coffee <coffee@corner-coffee.example>'

/** Mail over verified TLS; in the sandbox a file for each. */
export function openReceipts({ mail, url }: Pick<ShopConfig, 'mail' | 'url'>): Receipts {
  const deliver = 'smtpUrl' in mail ? bySmtp(mail.smtpUrl) : intoFolder(mail.folder)
  return {
    send: (order, address) =>
      deliver({
        from: FROM,
        to: address,
        subject: order.state === 'refunded' ? 'Your refund' : 'Your coffee',
        text: `${nameOf(order.coffeeId)}, ${formatPrice(order.price)}: ${order.state}.\n\nOrder ${order.number}\n${url}\n`,
      }),
  }
}

interface Letter {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

function bySmtp(smtpUrl: string): (letter: Letter) => Promise<void> {
  const transport = safeTransport(createTransport(smtpUrl))
  return async (letter) => {
    await transport.sendMail(letter)
  }
}

function intoFolder(folder: string): (letter: Letter) => Promise<void> {
  const transport = createTransport({ streamTransport: true, buffer: true })
  transport.use('compile', sensitiveFilter())
  return async (letter) => {
    const { message } = await transport.sendMail(letter)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `${randomUUID()}.eml`), message as Buffer, { mode: 0o600 })
  }
}

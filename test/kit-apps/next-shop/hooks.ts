import { appendFileSync } from 'node:fs'
import { keyFromEnvironment, webhooks } from 'ucanpay-sdk/webhooks'

/** What both kinds of route do: one line for each notification. */
export const hooks = webhooks({
  secret: keyFromEnvironment('UCANPAY_WEBHOOK_SECRET'),
  onNotification: ({ id, data }) => {
    appendFileSync(process.env['TAKEN_FILE'] ?? '', `${id} ${data.outTradeNo}\n`)
  },
})

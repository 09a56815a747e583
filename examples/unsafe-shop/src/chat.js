import { config } from './config.js'

/** Tells the bar what to make, and for whom. */
export async function tellStaff(number, customer) {
  if (!config.chatHook) return
  const text = `Order ${number}: ${customer.coffee} for ${customer.email}, ${customer.street}`
  const hook = `https://hooks.slack.com/services/${config.chatHook}`
  await fetch(hook, { method: 'POST', body: JSON.stringify({ text }) })
}

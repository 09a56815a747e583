import { MENU, formatPrice, nameOf } from './menu.ts'
import type { OrderState, ShopOrder } from './orders.ts'

const STATES: Readonly<Record<OrderState, { title: string; text: string }>> = {
  waiting: {
    title: 'Waiting for the confirmation',
    text: 'The payment gateway tells us as soon as it has your money. That you came back does not prove it.',
  },
  paid: { title: 'Paid', text: 'The gateway has confirmed it, signed. Your coffee is being made.' },
  refunding: {
    title: 'Refund on its way',
    text: 'The gateway has accepted the refund and will tell us when it is done.',
  },
  refunded: { title: 'Refunded', text: 'The money goes back to your card.' },
}

/** The menu, and the buyer's own orders. */
export function menuPage(orders: readonly ShopOrder[]): string {
  const coffees = MENU.map(
    (coffee) => `<li class="coffee">
<h2>${coffee.name}</h2>
<p>${coffee.description}</p>
<form method="post" action="/orders">
<input type="hidden" name="coffee" value="${coffee.id}">
<button type="submit">Buy ${coffee.name} for ${formatPrice(coffee.price)}</button>
</form>
</li>`,
  )
  const earlier = orders.map(
    (order) =>
      `<li><a href="/orders/${order.number}">${nameOf(order.coffeeId)}, ${formatPrice(order.price)}</a> <span>${STATES[order.state].title}</span></li>`,
  )
  return page(
    'Corner Coffee',
    `<header><h1>Corner Coffee</h1><p>Order here, pay with any test card, and watch what a shop does with UCanPay.</p></header>
<ul class="menu">${coffees.join('\n')}</ul>
${earlier.length > 0 ? `<section><h2>Your orders</h2><ul class="orders">${earlier.join('\n')}</ul></section>` : ''}`,
  )
}

/** One order, and how it stands. */
export function orderPage(order: ShopOrder): string {
  const { title, text } = STATES[order.state]
  const refund =
    order.state === 'paid'
      ? `<form method="post" action="/orders/${order.number}/refund"><button class="quiet" type="submit">Refund</button>
<p class="note">This button is the shop's side of it; a real shop keeps it for its staff.</p></form>`
      : ''
  const receipt = `<form class="receipt" method="post" action="/orders/${order.number}/receipt">
<label for="email">E-mail for the receipt</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="254">
<button class="quiet" type="submit">Send it</button></form>`
  return page(
    `${title} · Corner Coffee`,
    `<header><p><a href="/">Corner Coffee</a></p><h1 id="state" data-state="${order.state}" data-order="${order.number}">${title}</h1></header>
<p>${text}</p>
<dl><dt>${nameOf(order.coffeeId)}</dt><dd>${formatPrice(order.price)}</dd><dt>Order</dt><dd><code>${order.number}</code></dd></dl>
${order.email ? '<p class="note">Receipts of this order go to the address that you gave.</p>' : order.state === 'waiting' ? '' : receipt}
${refund}`,
    order.state === 'waiting' || order.state === 'refunding' ? '<script src="/watch.js" defer></script>' : '',
  )
}

/** Everything that is filled in above is the shop's own text or a number that it made; nothing of a request's is. */
function page(title: string, content: string, script = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/shop.css">
${script}
</head>
<body>
<main>
${content}
</main>
<footer><p>A demo shop: no coffee is made and no money moves.</p></footer>
</body>
</html>`
}

import { encryptCard, type CardEntry, type CardKey } from '@ucanpay/wire/encrypted-card'
import type { FailureMsg } from '@ucanpay/wire/failures'
import type { TradeStatus } from '@ucanpay/wire/statuses'

/** An order as its checkout shows it. */
export interface CheckoutOrder {
  readonly merchantName: string
  readonly subject: string
  /** Minor units. */
  readonly totalAmt: number
  readonly currency: string
  readonly tradeStatus: TradeStatus
  readonly mode: 'test' | 'live'
  readonly expiresAt: string
  readonly serverTime: string
  readonly returnUrl?: string
  readonly payUrl: string
  readonly challengeUrl?: string
  readonly declineReason?: string
  /** What a card is encrypted to. */
  readonly cardKey: CardKey
}

/** What the gateway answered: the order, or why not. `offline` where nothing came. */
export type Answer =
  { readonly order: CheckoutOrder } | { readonly failure: FailureMsg | 'offline'; readonly requestId?: string }

const TIME_LIMIT_MS = 20_000

/** The order that came with the page. */
export function embeddedOrder(): CheckoutOrder | undefined {
  const text = document.getElementById('order')?.textContent
  return text ? (JSON.parse(text) as CheckoutOrder) : undefined
}

/** What the page may ask of one order. */
export interface OrderApi {
  find(): Promise<Answer>
  /** Encrypts the card to the vault and sends it: nothing on the way can read it. */
  pay(card: CardEntry, key: CardKey): Promise<Answer>
  /** Has the acquirer asked what became of the payment. */
  refresh(): Promise<Answer>
}

/** Speaks for one order, named by the token in the address. */
export function orderApi(token: string): OrderApi {
  const path = `/checkout-api/orders/${encodeURIComponent(token)}`
  return {
    find: () => ask(path),
    async pay(card, key) {
      let encryptedCard: string
      try {
        encryptedCard = await encryptCard(card, { key, context: token })
      } catch {
        return { failure: 'SYSTEMERROR' } // A browser without the cryptography that this needs; nothing has left it.
      }
      return ask(`${path}/pay`, { encryptedCard })
    },
    refresh: () => ask(`${path}/refresh`, {}),
  }
}

async function ask(path: string, body?: object): Promise<Answer> {
  let response: Response
  try {
    response = await fetch(path, {
      method: body ? 'POST' : 'GET',
      headers: body ? { 'content-type': 'application/json' } : {},
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
      cache: 'no-store',
    })
  } catch {
    return { failure: 'offline' } // No connection, or no answer in time.
  }
  const requestId = response.headers.get('request-id')
  try {
    const answer = (await response.json()) as CheckoutOrder & { msg: FailureMsg }
    if (response.ok) return { order: answer }
    return { failure: answer.msg, ...(requestId === null ? {} : { requestId }) }
  } catch {
    return { failure: 'SYSTEMERROR', ...(requestId === null ? {} : { requestId }) } // Some proxy's page.
  }
}

import { encryptCard, type CardEntry, type CardKey } from '@ucanpay/wire/encrypted-card'
import type { TradeStatus } from '@ucanpay/wire/statuses'
import { askGateway, type Refusal } from '../../shared/gateway.ts'

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

/** What the gateway answered: the order, or why not. */
export type Answer = { readonly order: CheckoutOrder } | Refusal

/** What came with the page; undefined where the address leads to nothing. */
export function embedded(id: 'order' | 'code'): unknown {
  const text = document.getElementById(id)?.textContent
  return text ? JSON.parse(text) : undefined
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
  const answer = await askGateway(path, body)
  return 'data' in answer ? { order: answer.data as CheckoutOrder } : answer
}

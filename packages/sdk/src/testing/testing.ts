/**
 * A gateway for a merchant's own tests: it speaks the contract over HTTPS on this machine, without a database and without
 * a network, and does what a test tells it. The same tests run against it as against the gateway itself.
 */
import type { ApiKeyKind } from '@ucanpay/wire/api-key'
import type { Scope } from '@ucanpay/wire/scopes'
import { UCanPayConfigError, UCanPayError } from '../errors.ts'
import { addApiKey } from './account.ts'
import type { Payment } from './cards.ts'
import { deliver, signNotification, type Delivery, type SignedNotification } from './deliver.ts'
import type { Fault } from './faults.ts'
import { buildGateway, type TestRequest } from './gateway.ts'
import { listenOnLoopback } from './listen.ts'
import type { OrderState, TestClientOptions, TestGatewayOptions } from './options.ts'
import { answerChallenge, closeExpired, lookUpPayment, payOrder } from './orders.ts'
import { Refusal } from './refusal.ts'
import { settleRefunds } from './refunds.ts'
import { addToBalance, findOrder, type Order } from './state.ts'

export type { PaymentOutcome, Payment } from './cards.ts'
export type { Delivery, SignedNotification } from './deliver.ts'
export type { Fault, FaultKind } from './faults.ts'
export type { TestRequest } from './gateway.ts'
export type { OrderState, TestClientOptions, TestGatewayOptions } from './options.ts'

/** A running test gateway. */
export interface TestGateway {
  /** For `new UCanPay(gateway.options)`. */
  readonly options: TestClientOptions
  /** `whsec_…`, what notifications are signed with. */
  readonly webhookSecret: string
  /** The gateway's public key, PEM: for code that verifies answers without asking for the keys. */
  readonly platformKey: string
  /** Every request that came, without any key that was in it. */
  readonly requests: readonly TestRequest[]
  /** A buyer pays. @throws UCanPayError as the checkout refuses: `ORDERCLOSED`, `ORDERPAID`, `ORDER_NOT_READY` */
  pay(outTradeNo: string, payment?: Payment): OrderState
  /** The buyer answers the bank's question after the outcome `challenge`. */
  answerChallenge(outTradeNo: string, answer: 'confirm' | 'refuse'): OrderState
  /** Finds out what became of payments whose answer was lost, as the gateway's worker does. */
  settlePayments(): void
  /** Gives the money of accepted refunds back. @returns how many there were */
  settleRefunds(): number
  /** Lets an order's time be up: an unpaid one is closed. */
  expire(outTradeNo: string): OrderState
  /** Pays out what the merchant is owed, so that a refund can meet `NOTENOUGH`. @param amount minor units */
  payOut(currency: string, amount: number): void
  /** Moves the gateway's clock; what is due by then happens. Signatures keep the machine's time. */
  moveClock(ms: number): void
  /** Reads an order behind the API. */
  order(outTradeNo: string): OrderState
  /** Makes one attempt at each notification that waits. Only this machine is dialled. */
  deliverNotifications(): Promise<readonly Delivery[]>
  /** An order's notifications, signed now, for tests that hand them to their code themselves. */
  notificationsFor(outTradeNo: string): readonly SignedNotification[]
  /** The next requests meet a fault. @param times how many; 1 where absent */
  failNext(fault: Fault, times?: number): void
  /** Makes another key. @param scopes of an `rk` */
  addApiKey(kind?: ApiKeyKind, scopes?: readonly Scope[]): string
  /** Refuses a key from now on. */
  revokeApiKey(key: string): void
  /** Stops serving. */
  close(): Promise<void>
}

/**
 * Starts a gateway for tests on a free port of this machine.
 *
 * @throws UCanPayConfigError for options that cannot be
 */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new UCanPayConfigError('ucanpay-sdk/testing is for tests: NODE_ENV is production.')
  }
  const gateway = await buildGateway(options)
  const { state, account, sending } = gateway
  const listener = await listenOnLoopback(gateway)
  const find = (outTradeNo: string): Order => told(() => findOrder(state, { outTradeNo }))
  const act = (outTradeNo: string, deed: (order: Order) => unknown): OrderState => {
    const order = find(outTradeNo)
    told(() => deed(order))
    return gateway.show(order)
  }
  const settlePayments = (): void => {
    for (const order of state.orders.values()) lookUpPayment(state, order)
    closeExpired(state)
  }
  return {
    options: { ...gateway.client, apiKey: addApiKey(account, 'sk', []), baseUrl: listener.url },
    webhookSecret: sending.webhookSecret,
    platformKey: gateway.platformKey,
    requests: gateway.requests,
    pay: (outTradeNo, payment = {}) => act(outTradeNo, (order) => payOrder(state, order, payment)),
    answerChallenge: (outTradeNo, answer) =>
      act(outTradeNo, (order) => answerChallenge(state, order, answer === 'confirm')),
    settlePayments,
    settleRefunds: () => settleRefunds(state),
    expire: (outTradeNo) =>
      act(outTradeNo, (order) => {
        order.expiresAt = state.clock.now()
        closeExpired(state)
      }),
    payOut: (currency, amount) => addToBalance(state, currency, -amount),
    moveClock: (ms) => {
      gateway.moveClock(ms)
      settlePayments()
    },
    order: (outTradeNo) => gateway.show(find(outTradeNo)),
    async deliverNotifications() {
      const deliveries: Delivery[] = []
      for (const each of state.notifications) {
        if (each.status === 'pending') deliveries.push(await deliver(sending, each))
      }
      return deliveries
    },
    notificationsFor: (outTradeNo) =>
      state.notifications
        .filter((each) => each.outTradeNo === outTradeNo)
        .map((each) => signNotification(sending, each)),
    failNext: (fault, times = 1) => gateway.faults.add(fault, times),
    addApiKey: (kind = 'sk', scopes = []) => addApiKey(account, kind, scopes),
    revokeApiKey: (key) => {
      const known = account.keys.get(key)
      if (known) known.revoked = true
    },
    close: () => listener.close(),
  }
}

/** A refusal as the errors that merchants know. */
function told<Result>(deed: () => Result): Result {
  try {
    return deed()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new UCanPayError(`The test gateway refused: ${error.msg}.`, { msg: error.msg })
  }
}

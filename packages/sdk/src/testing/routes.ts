import type { CaptureRequest, UnifiedOrderRequest } from '@ucanpay/wire/payment-requests'
import type { CreateRefundBody } from '@ucanpay/wire/rest-schemas'
import { orderData, paymentData, placedOrderData, refundData, restRefundData, type Answering } from './answers.ts'
import { listOrders, listRefunds } from './lists.ts'
import type { Task } from './once.ts'
import { cancelOrder, captureOrder, closeOrder, placeOrder, reverseOrder } from './orders.ts'
import { createRefund, type WantedRefund } from './refunds.ts'
import { Refusal } from './refusal.ts'
import { SHAPES, type Shape } from './rules.ts'
import {
  findOrder,
  findOrderByEither,
  findRefund,
  findRefundByEither,
  newOutNumber,
  type Order,
  type Refund,
  type State,
} from './state.ts'

/** A request whose shape is checked. */
export interface Call {
  readonly state: State
  readonly answering: Answering
  readonly id: string
  readonly query: Readonly<Record<string, unknown>>
  readonly body: Readonly<Record<string, unknown>>
}

/** An endpoint of the contract. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** With `:id` where it names an object. */
  readonly path: string
  readonly scope: 'payments:read' | 'payments:write' | 'refunds:write'
  readonly params?: Shape
  readonly query?: Shape
  readonly body?: Shape
  /** No body is as good as an empty one. */
  readonly bodyOptional?: boolean
  /** Answers at once, with the `data` before it is signed. */
  readonly run?: (call: Call) => object
  /** Is done once for each Idempotency-Key. */
  readonly task?: (call: Call) => Task
}

const orderOf = ({ state, body }: Call): Order => findOrder(state, body)
const ofOrder =
  (act: (call: Call, order: Order) => Order) =>
  (call: Call): object =>
    orderData(call.answering, act(call, orderOf(call)))
const showRefund = ({ state, answering }: Call, refund: Refund): object =>
  refundData(answering, refund, findOrder(state, { ucpOrderNo: refund.ucpOrderNo }))
const showRestRefund = ({ state, answering }: Call, refund: Refund): object =>
  restRefundData(answering, refund, findOrder(state, { ucpOrderNo: refund.ucpOrderNo }))

/** The items of a list leave out whose they are; the list says it. */
function itemOf(data: object): object {
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'merchantId'))
}

const PAYMENT_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/payment/unifiedorder',
    scope: 'payments:write',
    body: SHAPES.UnifiedOrderRequest,
    run: ({ state, answering, body }) =>
      placedOrderData(answering, placeOrder(state, body as unknown as UnifiedOrderRequest)),
  },
  {
    method: 'POST',
    path: '/payment/orderquery',
    scope: 'payments:read',
    body: SHAPES.OrderRequest,
    run: ofOrder((_call, order) => order),
  },
  {
    method: 'GET',
    path: '/payment/status',
    scope: 'payments:read',
    query: SHAPES.OrderStatusQuery,
    run: ({ state, answering, query }) => orderData(answering, findOrder(state, query)),
  },
  {
    method: 'POST',
    path: '/payment/closeorder',
    scope: 'payments:write',
    body: SHAPES.OrderRequest,
    run: ofOrder((_call, order) => closeOrder(order)),
  },
  {
    method: 'POST',
    path: '/payment/reverse',
    scope: 'payments:write',
    body: SHAPES.OrderRequest,
    run: ofOrder(({ state }, order) => reverseOrder(state, order)),
  },
  {
    method: 'POST',
    path: '/payment/capture',
    scope: 'payments:write',
    body: SHAPES.CaptureRequest,
    run: ofOrder(({ state, body }, order) => captureOrder(state, order, (body as CaptureRequest).captureAmt)),
  },
  {
    method: 'POST',
    path: '/payment/refund',
    scope: 'refunds:write',
    body: SHAPES.RefundRequest,
    run: (call) => showRefund(call, createRefund(call.state, call.body as unknown as WantedRefund)),
  },
  {
    method: 'POST',
    path: '/payment/refundquery',
    scope: 'payments:read',
    body: SHAPES.RefundQueryRequest,
    run: (call) => showRefund(call, findRefund(call.state, call.body)),
  },
  {
    method: 'GET',
    path: '/payment/refund/status',
    scope: 'payments:read',
    query: SHAPES.RefundStatusQuery,
    run: (call) => showRefund(call, findRefund(call.state, call.query)),
  },
]

const REST_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/payments',
    scope: 'payments:write',
    body: SHAPES.UnifiedOrderRequest,
    task: ({ state, answering, body }) => ({
      numberOf: () => (body['outTradeNo'] as string | undefined) ?? newOutNumber(state),
      perform: (outTradeNo) =>
        paymentData(answering, placeOrder(state, { ...(body as unknown as UnifiedOrderRequest), outTradeNo })),
    }),
  },
  {
    method: 'GET',
    path: '/v1/payments',
    scope: 'payments:read',
    query: SHAPES.PaymentsQuery,
    run: ({ state, answering, query }) => {
      const { items, hasMore } = listOrders(state, query)
      const { merchantId } = answering
      return { merchantId, items: items.map((order) => itemOf(paymentData(answering, order))), hasMore }
    },
  },
  {
    method: 'GET',
    path: '/v1/payments/:id',
    scope: 'payments:read',
    params: SHAPES.PaymentParams,
    run: ({ state, answering, id }) => paymentData(answering, findOrderByEither(state, id)),
  },
  {
    method: 'POST',
    path: '/v1/payments/:id/capture',
    scope: 'payments:write',
    params: SHAPES.PaymentParams,
    body: SHAPES.CapturePaymentBody,
    bodyOptional: true,
    task: ({ state, answering, id, body }) => ({
      numberOf: () => id,
      perform: (number) => {
        const { captureAmt } = body as CaptureRequest
        return paymentData(answering, captureOrder(state, findOrderByEither(state, number), captureAmt))
      },
    }),
  },
  {
    method: 'POST',
    path: '/v1/payments/:id/cancel',
    scope: 'payments:write',
    params: SHAPES.PaymentParams,
    body: SHAPES.CancelPaymentBody,
    bodyOptional: true,
    task: ({ state, answering, id }) => ({
      numberOf: () => id,
      perform: (number) => paymentData(answering, cancelOrder(state, findOrderByEither(state, number))),
    }),
  },
  {
    method: 'POST',
    path: '/v1/refunds',
    scope: 'refunds:write',
    body: SHAPES.CreateRefundBody,
    task: (call) => {
      const wanted = call.body as CreateRefundBody
      return {
        numberOf: (claimed) => refundNumber(call.state, wanted, claimed),
        perform: (outRefundNo) => showRestRefund(call, createRefund(call.state, { ...wanted, outRefundNo })),
      }
    },
  },
  {
    method: 'GET',
    path: '/v1/refunds',
    scope: 'payments:read',
    query: SHAPES.RefundsQuery,
    run: (call) => {
      const { items, hasMore } = listRefunds(call.state, call.query)
      const { merchantId } = call.answering
      return { merchantId, items: items.map((refund) => itemOf(showRestRefund(call, refund))), hasMore }
    },
  },
  {
    method: 'GET',
    path: '/v1/refunds/:id',
    scope: 'payments:read',
    params: SHAPES.RefundParams,
    run: (call) => showRestRefund(call, findRefundByEither(call.state, call.id)),
  },
]

/** Every endpoint that needs a key. */
const ROUTES: readonly Route[] = [...PAYMENT_ROUTES, ...REST_ROUTES]

/** Without a number of the merchant's and without an Idempotency-Key a repeat would give the money back twice. */
function refundNumber(state: State, { outRefundNo }: CreateRefundBody, claimed: boolean): string {
  if (outRefundNo !== undefined) return outRefundNo
  if (claimed) return newOutNumber(state)
  throw new Refusal('LACK_PARAMS', { failures: [{ pointer: '/outRefundNo', rule: 'required' }] })
}

/** The routes of a path, whatever their method, with the object that the path names. */
export function routesAt(path: string): readonly { route: Route; id: string }[] {
  return ROUTES.flatMap((route) => {
    const shape = new RegExp(`^${route.path.replace(':id', '([^/]+)')}$`)
    const match = shape.exec(path)
    return match ? [{ route, id: decodeURIComponent(match[1] ?? '') }] : []
  })
}

import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { SourceHit } from '../../engine/flows/sources.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, type Value } from '../../engine/values/value.ts'

/** Functions that charge, and the members of their arguments that say how much. */
const CHARGES: readonly (readonly [functions: readonly string[], amounts: readonly string[]])[] = [
  [['*.paymentIntents.create', '*.paymentIntents.update', '*.charges.create'], ['amount']],
  [
    ['*.checkout.sessions.create'],
    ['line_items.[].price_data.unit_amount', 'line_items.[].price_data.unit_amount_decimal', 'line_items.[].amount'],
  ],
  [
    ['*.invoiceItems.create', '*.prices.create'],
    ['amount', 'unit_amount'],
  ],
  [
    ['*.payments.create', '*.createPayment', '*.paymentsApi.createPayment'],
    ['amountMoney.amount', 'amount.value'],
  ],
  [['*.orders.create'], ['amount', 'purchase_units.[].amount.value']],
  [['*.requestBody'], ['purchase_units.[].amount.value']],
  [['*.ordersCreate', '*.createOrder', '*.ordersController.createOrder'], ['body.purchaseUnits.[].amount.value']],
  [['*.payment.create'], ['transactions.[].amount.total']],
  [['*.transaction.sale'], ['amount']],
  [
    ['*.transaction.initialize', '*.PaymentsApi.payments', '*.sessions'],
    ['amount', 'amount.value'],
  ],
]
/** Of a request to a gateway by HTTP. */
const CLIENTS = ['fetch', 'axios', 'axios.*', 'got', 'got.*', 'undici.request', 'node-fetch', '*.createCharge']
/** A name that only a payment's amount has. */
const GATEWAY_AMOUNT = 'totalAmt'
/** What the buyer may choose: how many, which one. */
const CHOICE = /(?:quantity|qty|count|units?|nights|days|hours|seats|people|guests|id|tickets|months|years|currency)$/i
/** Where the buyer names the sum, and is to. */
const FREE_SUM = /donat|\btip(?:s|ped)?\b|top.?up|deposit|wallet|gift|pay.?what|add.?funds|recharge|contribut|refund/i
const NUMBERS =
  /^(?:Number|parseInt|parseFloat|Math\.\w+|Number\.parse\w+|BigInt|new [\w.]*(?:Decimal|BigNumber|Big)|~)$/
const SAME_SUM = /\.(?:toFixed|toString|times|mul|multipliedBy|plus|add|toNumber|round)$/

export const rule: Rule = {
  id: 'amount-from-browser',
  practice: 7,
  severity: 'high',
  title: 'The amount that is charged is the one that the browser sent',
  why: 'Whoever pays can change what their browser sends: a television is bought for one cent, and the payment succeeds, since for the gateway the amount was yours. It is seen, if at all, when the books are closed.',
  mend: 'Let the browser send what is bought (the ids and quantities, or the order), and reckon the amount on the server from your own prices.',
  before: "stripe.paymentIntents.create({ amount: req.body.amount, currency: 'eur' })",
  after:
    "const order = await orders.find(req.body.orderId, req.user.id)\nstripe.paymentIntents.create({ amount: order.total, currency: 'eur' })",
  controls: { pci: ['6.2.4'], asvs: ['2.2.2'], gdpr: [] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated'],
  words: ['amount', 'Amount', GATEWAY_AMOUNT, 'price'],
  on: {
    nodes: {
      // The amount of a payment by its name, whatever function of the shop's own sends it.
      Property(node, scan) {
        if (node.computed || node.parent?.type !== 'ObjectExpression') return
        if (node.key.type !== 'Identifier' || node.key.name !== GATEWAY_AMOUNT) return
        const call = node.parent.parent
        if (call?.type !== 'CallExpression' || !call.arguments.some(isGatewayPath)) return
        checkAmount([{ value: scan.valueOf(node.value), node }], { path: 'the gateway', node: call }, scan)
      },
    },
    calls: [
      ...CHARGES.map(([to, amounts]) => ({
        to,
        check: (call: CallSite, scan: CodeScan): void => {
          for (const arg of call.args)
            for (const path of amounts) checkAmount(valuesAt(arg, path.split('.'), scan), call, scan)
        },
      })),
      {
        to: CLIENTS,
        check: (call: CallSite, scan: CodeScan): void => {
          for (const arg of call.args) checkAmount(gatewayAmounts(arg, scan, 0), call, scan)
        },
      },
    ],
  },
}

interface Amount {
  readonly value: Value
  readonly node: Node
}

/** The values that a member has, by the way that leads there; `[]` is any item of a list. */
function valuesAt(value: Value, path: readonly string[], scan: CodeScan): Amount[] {
  const [name, ...rest] = path
  if (name === undefined) return value.origin.module === scan.module ? [{ value, node: value.origin.node }] : []
  if (name === '[]') return itemsOf(value, scan).flatMap((item) => valuesAt(item, rest, scan))
  return optionsOf(value).flatMap((option) =>
    option.kind === 'object'
      ? scan.members(option, name).flatMap((member) => {
          if (rest.length > 0) return valuesAt(member.value, rest, scan)
          return member.origin.module === scan.module ? [{ value: member.value, node: member.origin.node }] : []
        })
      : [],
  )
}

/** The items of a list, and what `map` makes of each. */
function itemsOf(value: Value, scan: CodeScan): Value[] {
  return optionsOf(value).flatMap((option): Value[] => {
    if (option.kind === 'list') return [...option.items]
    if (option.kind !== 'named' || !option.path.endsWith('.map()')) return []
    const [fn] = option.args ?? []
    if (fn?.kind !== 'function' || fn.origin.module !== scan.module) return []
    return returnedBy(fn.node).map((node) => scan.valueOf(node))
  })
}

function returnedBy(fn: Node): Node[] {
  if (fn.type === 'ArrowFunctionExpression' && fn.body.type !== 'BlockStatement') return [fn.body]
  const body = 'body' in fn ? (fn.body as Node | null) : null
  if (body?.type !== 'BlockStatement') return []
  return body.body.flatMap((each) => (each.type === 'ReturnStatement' && each.argument ? [each.argument] : []))
}

/** What is sent to UCanPay as the total, in the body of a request as an object or as JSON. */
function gatewayAmounts(value: Value, scan: CodeScan, depth: number): Amount[] {
  if (depth > 3) return []
  return optionsOf(value).flatMap((option): Amount[] => {
    if (
      option.kind === 'named' &&
      /^(?:JSON\.stringify\(\)|new URLSearchParams|qs\.stringify\(\))$/.test(option.path)
    ) {
      return (option.args ?? []).slice(0, 1).flatMap((arg) => gatewayAmounts(arg, scan, depth + 1))
    }
    if (option.kind !== 'object') return []
    const within = ['body', 'data', 'json', 'order', 'payment', 'transaction'].flatMap((name) =>
      scan.members(option, name).flatMap((member) => gatewayAmounts(member.value, scan, depth + 1)),
    )
    return [...valuesAt(option, [GATEWAY_AMOUNT], scan), ...within]
  })
}

/** `callGateway('/payment/unifiedorder', …)`. */
function isGatewayPath(arg: Node): boolean {
  return arg.type === 'Literal' && typeof arg.value === 'string' && /unifiedorder|\/payment\//.test(arg.value)
}

function checkAmount(amounts: readonly Amount[], call: Pick<CallSite, 'path' | 'node'>, scan: CodeScan): void {
  for (const { value, node } of amounts) {
    const hit = sentBy(value, scan, 0)
    if (!hit || CHOICE.test(hit.path)) continue
    const around = textAround(node, scan)
    if (FREE_SUM.test(around) || FREE_SUM.test(scan.file.path) || isCompared(hit.path, around)) continue
    scan.report({
      at: scan.placeOf(node),
      message: 'The amount that is charged comes from what the browser sent; reckon it from your own prices',
      related: [{ what: `charged by ${call.path}`, at: scan.placeOf(call.node) }],
    })
    return
  }
}

/** Where an amount was sent by the browser, through arithmetic; undefined where a price of the server is part of it. */
function sentBy(value: Value, scan: CodeScan, depth: number): SourceHit | undefined {
  if (depth > 8) return undefined
  for (const option of optionsOf(value)) {
    const hit = sentAs(option, scan, depth)
    if (hit) return hit
  }
  return undefined
}

function sentAs(value: Value, scan: CodeScan, depth: number): SourceHit | undefined {
  if (value.kind === 'text') {
    for (const part of value.parts) {
      const hit = sentBy(part, scan, depth + 1)
      if (hit && !CHOICE.test(hit.path)) return hit
    }
    return undefined
  }
  if (value.kind !== 'named') return undefined
  const { node, module } = value.origin
  if (value.path === '~' && module === scan.module) return sentByOperation(node, scan, depth)
  if (value.via === 'call' || value.via === 'new') {
    const path = value.base?.kind === 'named' ? value.base.path : '~'
    if (path.endsWith('.reduce')) return sentBySum(value.base, value.args?.[0], scan)
    const name = value.via === 'new' ? `new ${path}` : path
    if (NUMBERS.test(name)) return value.args?.[0] ? sentBy(value.args[0], scan, depth + 1) : undefined
    if (SAME_SUM.test(path) && value.base?.kind === 'named' && value.base.base)
      return sentBy(value.base.base, scan, depth + 1)
    return undefined
  }
  return scan.sourcesIn(value, ['request']).find(({ path }) => !/\.(?:headers|cookies|params)\b/.test(path))
}

/** `amount * 100` is what was sent; `price * req.body.quantity` is not. */
function sentByOperation(node: Node, scan: CodeScan, depth: number): SourceHit | undefined {
  if (node.type === 'UnaryExpression') return sentBy(scan.valueOf(node.argument), scan, depth + 1)
  if (node.type !== 'BinaryExpression' || !/^[*/+-]$/.test(node.operator)) return undefined
  const hits: SourceHit[] = []
  for (const side of [node.left, node.right]) {
    const value = scan.valueOf(side)
    if (value.kind === 'constant') continue
    const hit = sentBy(value, scan, depth + 1)
    if (hit && !CHOICE.test(hit.path)) hits.push(hit)
    else if (!hit && node.operator !== '+') return undefined
  }
  return hits[0]
}

/** `items.reduce((sum, item) => sum + item.price * item.quantity, 0)` where the items were sent with their prices. */
function sentBySum(receiver: Value | undefined, fn: Value | undefined, scan: CodeScan): SourceHit | undefined {
  if (receiver?.kind !== 'named' || !receiver.base || fn?.kind !== 'function') return undefined
  if (fn.origin.module !== scan.module) return undefined
  const param = 'params' in fn.node ? (fn.node.params as Node[])[1] : undefined
  if (param?.type !== 'Identifier') return undefined
  const { start, end } = scan.placeOf(fn.node)
  const price = new RegExp(`\\b${param.name}\\??\\.(?:unit_?)?(?:price|amount|cost|total|subtotal)\\b`, 'i')
  return price.test(scan.file.text.slice(start, end)) ? scan.sourcesIn(receiver.base, ['request'])[0] : undefined
}

/** The text of the handler around a node, with the route that it is handed to. */
function textAround(node: Node, scan: CodeScan): string {
  let handler = node
  for (let at: Node = node; at.parent; at = at.parent) {
    if (!at.type.includes('Function')) continue
    handler = at
    const params = 'params' in at ? (at.params as Node[]) : []
    if (params.some((param) => param.type === 'Identifier' && /^_?(?:req|request|ctx|c|event)$/.test(param.name))) break
  }
  const route = handler.parent?.type === 'CallExpression' ? handler.parent : handler
  const { start, end } = scan.placeOf(route)
  return scan.file.text.slice(start, end)
}

/** Whether the sum is held against one that is known: `if (amount !== order.total) …`. */
function isCompared(path: string, text: string): boolean {
  const name = /(\w+)$/.exec(path)?.[1]
  if (name === undefined) return false
  const other = '(?!undefined|null|typeof|Math|parse)[A-Za-z_]'
  return new RegExp(
    `\\b${name}\\b\\)?\\s*[!=]==?\\s*${other}|[A-Za-z_]\\w*\\)?\\s*[!=]==?\\s*(?:[\\w.]+\\.|Number\\(|)${name}\\b`,
  ).test(text)
}

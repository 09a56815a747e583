import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'
import type { SourceHit } from '../../engine/flows/sources.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, pathsOf, type Value } from '../../engine/values/value.ts'

/** Names of notifications that only a provider of payments sends. */
const EVENTS =
  /^(?:payment_intent\.\w+|checkout\.session\.\w+|charge\.(?:succeeded|failed|refunded|captured|updated|success|completed|dispute\.\w+)|invoice\.(?:paid|payment_succeeded|payment_failed|finalized|created)|customer\.subscription\.\w+|payment_method\.\w+|setup_intent\.\w+|(?:PAYMENT|CHECKOUT|BILLING|CUSTOMER)\.[A-Z._-]+|payment\.(?:captured|authorized|failed|updated|created|succeeded|completed|paid|refunded|canceled)|order\.paid|subscription\.(?:charged|activated|canceled|cancelled)|transfer\.(?:success|failed)|refund\.(?:processed|created|succeeded|updated)|AUTHORISATION|CAPTURE|transaction\.(?:completed|paid))$/
/** Members of a notification that say what became of a payment, and what they then say: UCanPay's and others'. */
const OUTCOME_NAME = /(?:^|\.)(?:trade|refund|payment|transaction|txn)_?status$/i
const OUTCOME = /^(?:SUCCESS|REFUND|PAID|COMPLETED?|SUCCEEDED|CAPTURED|TRADE_SUCCESS|TXN_SUCCESS)$/i
/** A call that may verify, or that asks the provider itself what is true. */
const VERIFYING =
  /constructEvent|verif|hmac|timingSafe|\bsafeEqual|valid|check_?(?:sign|auth|hash|sum|mac)|signature|sign(?:ed|ing)?$|authentic|authori[sz]e|unwrap|digest|createHash|compare|retrieve|trusted|allow|getPayment|fetchPayment|parseWebhook|parseEvent|webhookHandler|assert|guard|lookup|inquir|query(?:Order|Payment|Transaction)/i
/** A middleware that may verify: its name where it is handed over. */
const GUARD =
  /verif|signature|hmac|valid|auth|guard|protect|secret|trusted|allow|signed|whitelist|webhook|middleware|ip/i
const COMPARED = /secret|signature|\bsig\b|hash|token|hmac|digest|checksum|md5|sha|\bkey\b|sign\b|verif-hash|auth/i

export const rule: Rule = {
  id: 'webhook-not-verified',
  practice: 7,
  severity: 'high',
  title: 'A notification of a payment is believed without its signature being checked',
  why: 'The address of a webhook is no secret. Whoever knows it can send a notification that says that an order was paid, and the goods are sent without a payment ever having been made.',
  mend: "Verify the signature over the raw body, with the secret of the endpoint, before anything is done with it (`stripe.webhooks.constructEvent`, the Standard Webhooks library, the provider's own), or ask the provider for the payment by its id.",
  before:
    "app.post('/webhook', express.json(), async (req, res) => {\n  if (req.body.type === 'payment_intent.succeeded') await markPaid(req.body.data.object)\n})",
  after:
    "app.post('/webhook', express.raw({ type: '*/*' }), async (req, res) => {\n  const event = stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], WEBHOOK_SECRET)\n  if (event.type === 'payment_intent.succeeded') await markPaid(event.data.object)\n})",
  controls: { pci: ['6.2.4'], asvs: ['4.1.5'], gdpr: [] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated'],
  on: {
    nodes: {
      SwitchStatement(node, scan) {
        if (node.cases.some(({ test }) => test && isEvent(test, scan))) check(node.discriminant, scan)
      },
      BinaryExpression(node, scan) {
        if (!/^[!=]==?$/.test(node.operator)) return
        if (isEvent(node.right, scan) || isOutcome(node.left, node.right, scan)) check(node.left, scan)
        else if (isEvent(node.left, scan) || isOutcome(node.right, node.left, scan)) check(node.right, scan)
      },
    },
  },
}

function isEvent(node: Node, scan: CodeScan): boolean {
  if (node.type === 'Literal') return typeof node.value === 'string' && EVENTS.test(node.value)
  if (node.type !== 'Identifier' && node.type !== 'MemberExpression') return false
  const value = scan.valueOf(node)
  return value.kind === 'constant' && typeof value.value === 'string' && EVENTS.test(value.value)
}

/** `tradeStatus === 'SUCCESS'`. */
function isOutcome(name: Node, outcome: Node, scan: CodeScan): boolean {
  if (outcome.type !== 'Literal' || typeof outcome.value !== 'string' || !OUTCOME.test(outcome.value)) return false
  return pathsOf(scan.valueOf(name)).some((path) => OUTCOME_NAME.test(path))
}

function check(type: Node, scan: CodeScan): void {
  const hit = sentBody(scan.valueOf(type), scan)
  if (hit?.origin.module !== scan.module) return
  if (/\.(?:query|params|headers|cookies)\b/.test(hit.path)) return
  const handler = handlerOf(type)
  if (!handler || mayBeVerified(handler, scan)) return
  scan.report({
    at: scan.placeOf(type),
    message: 'What a notification of a payment says is believed without its signature being checked',
    related: [{ what: 'the body of the request', at: scan.placeOf(hit.origin) }],
  })
}

/** The body of the request that the name of an event was taken from. */
function sentBody(value: Value, scan: CodeScan): SourceHit | undefined {
  for (const option of optionsOf(value)) {
    if (option.kind !== 'named' || !option.base) continue
    // What a call gives back is not what the browser sent, unless it only parses it.
    const { base } = option
    const from = base.kind === 'named' && base.path === 'JSON.parse()' ? base.args?.[0] : base
    const [hit] = from ? scan.sourcesIn(from, ['request']) : []
    if (hit) return hit
  }
  return undefined
}

/** The outermost function around that is not the whole of a module. */
function handlerOf(node: Node): Node | undefined {
  let handler: Node | undefined
  for (let at: Node = node; at.parent; at = at.parent) {
    if (!at.type.includes('Function')) continue
    handler ??= at
    if (takesRequest(at)) handler = at
  }
  return handler
}

function takesRequest(fn: Node): boolean {
  const params = 'params' in fn ? (fn.params as Node[]) : []
  return params.some((param) => param.type === 'Identifier' && /^_?(?:req|request|ctx|c|event)$/i.test(param.name))
}

/** Whether anything in the file but another handler may have verified it; a class or a decorator may always have. */
function mayBeVerified(handler: Node, scan: CodeScan): boolean {
  const { byType } = scan.module.tree
  const concerns = (node: Node): boolean => {
    const other = handlerOf(node)
    return other === undefined || other === handler || !isHandler(other)
  }
  const calls = [...(byType.get('CallExpression') ?? []), ...(byType.get('NewExpression') ?? [])]
  if (calls.some((node) => verifies(node) && concerns(node))) return true
  const compared = byType.get('BinaryExpression') ?? []
  if (compared.some((node) => comparesSecret(node, scan) && concerns(node))) return true
  return isDecorated(handler)
}

/** A route's own function, rather than one that others call or that passes on to the next. */
function isHandler(fn: Node): boolean {
  const params = 'params' in fn ? (fn.params as Node[]) : []
  return takesRequest(fn) && params.length < 3
}

function verifies(node: Node): boolean {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false
  const name = nameOf(node.callee)
  if (VERIFYING.test(name) && !/^(?:JSON|console|Array|Number|Object)$/.test(name)) return true
  return node.arguments.some((arg) => isGuard(arg))
}

/** `app.post('/hook', verifySignature, …)`, `app.use([guard])`, `app.use(express.json({ verify: … }))`. */
function isGuard(node: Node): boolean {
  switch (node.type) {
    case 'Identifier':
    case 'MemberExpression':
      return isPassedOn(node) && GUARD.test(nameOf(node))
    case 'CallExpression':
      return isPassedOn(node) && GUARD.test(nameOf(node.callee))
    case 'ArrayExpression':
      return node.elements.some((each) => each !== null && isGuard(each))
    case 'ObjectExpression':
      return node.properties.some(
        (each) =>
          each.type === 'Property' &&
          each.key.type === 'Identifier' &&
          /^(?:verify|preHandler|onRequest|preValidation|config)$/.test(each.key.name),
      )
    default:
      return false
  }
}

const ROUTE = /^(?:use|post|all|put|route|handle|register|on)$/
/** Whether a node stands in the list of a route's functions. */
function isPassedOn({ parent }: Node): boolean {
  if (parent?.type === 'ArrayExpression') return true
  return parent?.type === 'CallExpression' && ROUTE.test(nameOf(parent.callee))
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'MemberExpression') return node.property.type === 'Identifier' ? node.property.name : ''
  if (node.type === 'ChainExpression') return nameOf(node.expression)
  return ''
}

/** `if (req.headers['verif-hash'] !== secretHash)`: a shared secret is a way, too. */
function comparesSecret(node: Node, scan: CodeScan): boolean {
  if (node.type !== 'BinaryExpression' || !/^[!=]==?$/.test(node.operator)) return false
  const { start, end } = scan.placeOf(node)
  return node.right.type !== 'Literal' && COMPARED.test(scan.file.text.slice(start, end))
}

function isDecorated(handler: Node): boolean {
  for (let at: Node | null | undefined = handler; at; at = at.parent) {
    if ('decorators' in at && Array.isArray(at.decorators) && at.decorators.length > 0) return true
  }
  return false
}

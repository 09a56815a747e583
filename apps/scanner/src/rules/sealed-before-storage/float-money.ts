import { wordsOf, type Column } from '../../engine/data/column.ts'
import { fateOf } from '../../engine/flows/kept-numbers.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf } from '../../engine/values/value.ts'

/** What is money by its name. */
const MONEY =
  /\b(?:prices?|amount|amt|sub ?total|total|tax|taxes|vat|gst|fee|fees|cost|costs|balance|payout|refund|commission|surcharge|deposit|shipping cost|grand total|net|gross|revenue|menu)$/
const NO_MONEY =
  /\b(?:gas|wei|gwei|stop|limit|target|mark|ltp|min|max|range|count|quantity|qty|items|rows|pages|records|results|id|type|label|percent|percentage|rate|ratio|score|weight|size|time|duration|blur|opacity|scroll|distance|byte|bytes|loaded|volume)\b/
const RATE = /\b(?:rate|percent|percentage|pct|markup|multiplier|factor)$/
/** That the file is about money at all. */
const ABOUT_MONEY = /price|currency|payment|invoice|checkout|\bcart\b|stripe|subtotal|refund|totalAmt/i

const FLOAT_TYPE = /^(?:float|float4|float8|real|double|double precision|doubleprecision|number float|binary_double)\b/
const COLUMN_OF_MONEY =
  /\b(?:prices?|amount|amt|sub ?total|total|tax|taxes|vat|fee|fees|cost|balance|payout|refund|refunded|commission|surcharge|deposit|salary|credit|debit|revenue|paid)$/
const NO_MONEY_TABLE = /ingredient|recipe|nutri|dose|medic|fuel|energy|food|stat|metric|score|grade|progress/i

export const rule: Rule = {
  id: 'float-money',
  practice: 6,
  severity: 'medium',
  title: 'Money is kept, or reckoned with, in floating point',
  why: '0.1 + 0.2 is not 0.3 there, and 1.005 * 100 is 100.49999999999999. Cents are gained and lost, sums of the shop and of the gateway differ, a refund is refused because it is more than was paid, and an auditor finds books that do not add up.',
  mend: 'Keep amounts as whole numbers of the smallest unit (`bigint`, `integer`), or as `numeric` with a decimal library, and round at the one place where a share of an amount is taken: `Math.round(price * 5 / 100)`.',
  before: 'const tax = price * 0.05\nawait orders.insert({ price, tax })',
  after: 'const taxCents = Math.round((priceCents * 5) / 100)\nawait orders.insert({ priceCents, taxCents })',
  controls: { pci: ['6.2.1'], asvs: ['2.2.3'], gdpr: ['5(1)(d)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'development'],
  words:
    'rice RICE mount MOUNT otal OTAL tax Tax TAX fee Fee FEE vat VAT gst GST amt Amt alance ost efund ayout ommission eposit alary redit ebit evenue paid urcharge menu MENU'.split(
      ' ',
    ),
  on: {
    columns: checkColumn,
    nodes: {
      BinaryExpression: checkShare,
      CallExpression: checkCall,
    },
  },
}

function checkColumn(column: Column, scan: FileScan): void {
  const words = wordsOf(column.name)
  if (!FLOAT_TYPE.test(column.type) || !COLUMN_OF_MONEY.test(words) || NO_MONEY.test(words)) return
  if (NO_MONEY_TABLE.test(column.table) || scan.isComment(column.start)) return
  scan.report({
    at: { start: column.nameStart, end: column.nameEnd },
    message: `${column.name} keeps money in floating point: use whole numbers of the smallest unit, or numeric`,
  })
}

function isMoneyName(name: string): boolean {
  const words = wordsOf(name)
  return MONEY.test(words) && !NO_MONEY.test(words)
}

function nameOf(node: Node): string {
  switch (node.type) {
    case 'Identifier':
      return node.name
    case 'MemberExpression':
      // `MENU[coffee]` is one of the menu.
      return node.computed ? nameOf(node.object) : nameOf(node.property)
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return nameOf(node.expression)
    case 'CallExpression':
      return node.callee.type === 'Identifier' && /^(?:Number|parseFloat)$/.test(node.callee.name) && node.arguments[0]
        ? nameOf(node.arguments[0])
        : ''
    case 'LogicalExpression':
      return nameOf(node.left)
    case 'UnaryExpression':
      return nameOf(node.argument)
    default:
      return ''
  }
}

/** `price * 0.05`, `subtotal * taxRate`, `(amount * percent) / 100`. */
function checkShare(node: Extract<Node, { type: 'BinaryExpression' }>, scan: CodeScan): void {
  if (node.operator !== '*' || !isAboutMoney(scan)) return
  const { left, right } = node
  const isShare = isShareOf(left, right, scan) || isShareOf(right, left, scan)
  if (isShare && !isFixed(node) && isKept(node, scan)) report(node, scan)
}

/** `(price * 1.2).toFixed(2)`: what becomes of it is looked at from there. */
function isFixed(node: Node): boolean {
  let at: Node = node
  while (at.parent && /^(?:Binary|Parenthesized)/.test(at.parent.type)) at = at.parent
  const { parent } = at
  return parent?.type === 'MemberExpression' && functionName(parent.property) === 'toFixed'
}

/** Names that are money only where what they become is. */
const MAYBE = /^(?:total|net|gross|cost|costs|fee|balance)$/

function isShareOf(money: Node, share: Node, scan: CodeScan): boolean {
  const fraction = isFraction(share, scan)
  if (!fraction && !RATE.test(wordsOf(nameOf(share))) && !isHundredth(share)) return false
  // Of `MENU[coffee] * 0.05` the name says it of what it is put into.
  const target = targetOf(money)
  const isAlone = money.type === 'Identifier' && MAYBE.test(wordsOf(money.name))
  const isPrice = isMoneyName(nameOf(money)) && (!isAlone || (target !== undefined && isMoneyName(nameOf(target))))
  return fraction ? isPrice || (isLookUp(money) && target !== undefined && isMoneyName(nameOf(target))) : isPrice
}

function isFraction(node: Node, scan: CodeScan): boolean {
  if (node.type === 'Literal') return typeof node.value === 'number' && !Number.isInteger(node.value)
  if (node.type !== 'Identifier' && node.type !== 'MemberExpression') return false
  return optionsOf(scan.valueOf(node)).some(
    (option) => option.kind === 'constant' && typeof option.value === 'number' && !Number.isInteger(option.value),
  )
}

/** `percent / 100` */
function isHundredth(node: Node): boolean {
  if (node.type === 'ParenthesizedExpression') return isHundredth(node.expression)
  return node.type === 'BinaryExpression' && node.operator === '/' && RATE.test(wordsOf(nameOf(node.left)))
}

function isLookUp(node: Node): boolean {
  return node.type === 'MemberExpression'
}

/** The variable or the property that a sum is put into. */
function targetOf(node: Node): Node | undefined {
  let at: Node = node
  while (at.parent && /^(?:Binary|Parenthesized|Logical|TSAs)/.test(at.parent.type)) at = at.parent
  const { parent } = at
  if (parent?.type === 'VariableDeclarator') return parent.id
  if (parent?.type === 'Property') return parent.key
  return parent?.type === 'AssignmentExpression' ? parent.left : undefined
}

const PARSES = /^(?:parseFloat|Number)$/

/** `parseFloat(req.body.amount)` and `Number(total.toFixed(2))`, where they are kept. */
function checkCall(node: Extract<Node, { type: 'CallExpression' }>, scan: CodeScan): void {
  const name = functionName(node.callee)
  const [argument] = node.arguments
  if (!PARSES.test(name) || !argument || !isAboutMoney(scan)) return
  const target = targetOf(node)
  const isMoney = isMoneyName(nameOf(argument)) || (target !== undefined && isMoneyName(nameOf(target)))
  const fixed =
    argument.type === 'CallExpression' &&
    argument.callee.type === 'MemberExpression' &&
    functionName(argument.callee.property) === 'toFixed'
  if (fixed) {
    const of = argument.callee.type === 'MemberExpression' ? nameOf(argument.callee.object) : ''
    if ((isMoneyName(of) || (target && isMoneyName(nameOf(target)))) && isKept(node, scan)) report(node, scan)
  } else if (name === 'parseFloat' && isMoney && isStored(node) && isKept(node, scan)) report(node, scan)
}

function functionName(callee: Node): string {
  if (callee.type === 'Identifier') return callee.name
  return callee.type === 'MemberExpression' &&
    !callee.computed &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Number' &&
    callee.property.name === 'parseFloat'
    ? 'parseFloat'
    : ''
}

/** Put into an object or a member of money, rather than asked about. */
function isStored(node: Node): boolean {
  let at: Node = node
  while (at.parent && /^(?:Parenthesized|Logical|TSAs|Conditional)/.test(at.parent.type)) at = at.parent
  const target = targetOf(at)
  return target !== undefined && at.parent?.type !== 'VariableDeclarator' && isMoneyName(nameOf(target))
}

const aboutMoney = new WeakMap<object, boolean>()

function isAboutMoney(scan: CodeScan): boolean {
  const known = aboutMoney.get(scan.module)
  if (known !== undefined) return known
  const answer = ABOUT_MONEY.test(scan.file.text)
  aboutMoney.set(scan.module, answer)
  return answer
}

function isKept(node: Node, scan: CodeScan): boolean {
  return fateOf(node, scan.module) === 'kept' && !isOnPage(node, scan)
}

const SENDS = /fetch|axios|post|put\b|patch|create|save|insert|update|checkout|order|pay|charge|submit|mutat|refund/i

/** On a page what is reckoned is shown, unless it is sent. */
function isOnPage(node: Node, scan: CodeScan): boolean {
  const isPage =
    /\.(?:jsx|tsx|vue|svelte|html?)$/.test(scan.file.path) ||
    scan.module.tree.byType.has('JSXElement') ||
    /\bdocument\.(?:getElementById|querySelector)/.test(scan.file.text)
  if (!isPage) return false
  for (let at: Node = node; at.parent; at = at.parent) {
    if (at.parent.type === 'CallExpression' && at.parent.callee !== at) {
      const { start, end } = scan.placeOf(at.parent.callee)
      if (SENDS.test(scan.file.text.slice(start, end).slice(-60))) return false
    }
    if (at.type.includes('Function')) break
  }
  return true
}

function report(node: Node, scan: CodeScan): void {
  scan.report({
    at: scan.placeOf(node),
    message:
      'An amount of money is reckoned in floating point and kept without rounding: use whole numbers of the smallest unit',
  })
}

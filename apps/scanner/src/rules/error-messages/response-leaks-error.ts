import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'
import type { Sink } from '../../engine/flows/sinks.ts'
import { stackIn } from '../../engine/flows/stacks.ts'
import type { Node } from '../../engine/syntax/parse.ts'

export const rule: Rule = {
  id: 'response-leaks-error',
  practice: 8,
  severity: 'high',
  title: 'An error, or what it says, is sent to the client',
  why: 'Messages of errors name tables, columns, paths, versions and values: they tell an attacker what to try next, and a database error can quote the card number that it refused.',
  mend: 'Answer with one fixed sentence and a request id. Write the error to your own log, under the same id, with what is sensitive taken out. (A response that has a stack in it, or an error written out whole, is reported by `stack-in-response` alone.)',
  before: 'app.use((err, req, res, next) => res.status(500).send(err.message))',
  after:
    "app.use((err, req, res, next) => {\n  log.error({ err, requestId: req.id })\n  res.status(500).send({ msg: 'SYSTEMERROR', requestId: req.id })\n})",
  controls: { pci: ['6.2.4'], asvs: ['16.5.1'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored'],
  on: { sinks: [{ kinds: ['response'], check }] },
}

function check(sink: Sink, scan: CodeScan): void {
  // With its stack, or where only developers get the stack: that is `stack-in-response`.
  const hit = scan.sourcesIn(sink.value, ['error']).find(({ path }) => !/\.stack\b/.test(path))
  if (!hit || stackIn(sink.value, scan) || isForDevelopment(sink.node) || isForeseen(sink.node)) return
  scan.report({
    at: scan.placeOf(sink.node),
    message: `${shown(hit.path)} is sent to the client`,
    related: [{ what: 'the error', at: scan.placeOf(hit.origin) }],
  })
}

function shown(path: string): string {
  return path.includes('.message') ? "An error's message" : 'An error'
}

/** Only outside of production: `if (process.env.NODE_ENV !== 'production')`. */
function isForDevelopment(node: Node): boolean {
  return guardsOf(node).some(({ inElse, text }) => {
    if (!/NODE_ENV|isDev|isProd|development|DEBUG/i.test(text)) return false
    const isProduction = /(?<![!=])={2,3}\s*['"]production|isProd/i.test(text)
    return isProduction ? inElse : true
  })
}

/** Of a class whose messages are written for the client: `if (error instanceof PublicError)`. */
function isForeseen(node: Node): boolean {
  return guardsOf(node).some(({ test, inElse }) => !inElse && asksForClass(test))
}

function asksForClass(test: Node): boolean {
  if (test.type === 'LogicalExpression') return asksForClass(test.left) || asksForClass(test.right)
  if (test.type === 'BinaryExpression') {
    if (test.operator !== 'instanceof' || test.right.type !== 'Identifier') return false
    return !/^(?:Error|TypeError|SyntaxError|RangeError|DatabaseError|AxiosError|SequelizeError|MongoError|PrismaClient\w*)$/.test(
      test.right.name,
    )
  }
  const member = test.type === 'MemberExpression' && !test.computed ? test.property : undefined
  return member !== undefined && /^(?:expose|isOperational|isPublic|isBoom|public)$/.test(member.name)
}

interface Guard {
  readonly test: Node
  readonly text: string
  readonly inElse: boolean
}

function guardsOf(node: Node): Guard[] {
  const guards: Guard[] = []
  for (let at: Node = node; at.parent; at = at.parent) {
    const parent: Node = at.parent
    if ((parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.test !== at) {
      guards.push({ test: parent.test, text: textOf(parent.test), inElse: parent.alternate === at })
    }
  }
  return guards
}

/** Names and texts in a condition. */
function textOf(node: Node): string {
  switch (node.type) {
    case 'Identifier':
      return node.name
    case 'Literal':
      return typeof node.value === 'string' ? `'${node.value}'` : String(node.value)
    case 'MemberExpression':
      return `${textOf(node.object)}.${textOf(node.property)}`
    case 'BinaryExpression':
    case 'LogicalExpression':
      return `${textOf(node.left)} ${node.operator} ${textOf(node.right)}`
    case 'UnaryExpression':
      return `${node.operator}${textOf(node.argument)}`
    case 'CallExpression':
      return `${textOf(node.callee)}(${node.arguments.map(textOf).join()})`
    default:
      return ''
  }
}

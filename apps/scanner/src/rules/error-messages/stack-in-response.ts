import type { Sink } from '../../engine/flows/sinks.ts'
import { isForDevelopers, stackIn } from '../../engine/flows/stacks.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import type { Origin } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'stack-in-response',
  practice: 8,
  severity: 'high',
  title: 'The stack of an error is sent to the client',
  why: 'A stack names the files, the folders, the libraries with their versions, and the way through the code: a map for whoever looks for the next hole, shown for a request that they can repeat with other values. Scanners look for nothing else first.',
  mend: 'Answer with one fixed sentence and a request id, and write the stack to your own log under the same id. Where developers want to see it, send it only where NODE_ENV says development. (What an error says, without its stack, is `response-leaks-error`; a response is reported by one of the two.)',
  before: 'app.use((err, req, res, next) => res.status(500).json({ message: err.message, stack: err.stack }))',
  after:
    "app.use((err, req, res, next) => {\n  log.error({ err, requestId: req.id })\n  res.status(500).json({ msg: 'SYSTEMERROR', requestId: req.id })\n})",
  controls: { pci: ['6.2.4'], asvs: ['16.5.1'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated'],
  words: ['stack', 'inspect', 'serialize', 'getOwnPropertyNames', 'ownKeys'],
  on: {
    sinks: [{ kinds: ['response'], check }],
    nodes: {
      // GraphQL and tRPC make an answer of what this function returns.
      Property(node, scan) {
        if (
          node.key.type !== 'Identifier' ||
          !/^(?:formatError|errorFormatter|customFormatErrorFn)$/.test(node.key.name)
        )
          return
        for (const returned of returnedBy(node.value)) {
          const stack = stackIn(scan.valueOf(returned), scan)
          if (stack) report(stack, returned, scan)
        }
      },
    },
  },
}

function returnedBy(fn: Node): Node[] {
  if (fn.type === 'ArrowFunctionExpression' && fn.body.type !== 'BlockStatement') return [fn.body]
  const body = 'body' in fn ? (fn.body as Node | null) : null
  if (body?.type !== 'BlockStatement') return []
  return body.body.flatMap((each) => (each.type === 'ReturnStatement' && each.argument ? [each.argument] : []))
}

function check(sink: Sink, scan: CodeScan): void {
  const stack = stackIn(sink.value, scan)
  if (stack && !isForDevelopers({ module: scan.module, node: sink.node })) report(stack, sink.node, scan)
}

/** Where the stack is taken, if that is within what is sent; else where it is sent. */
function report(stack: Origin, sent: Node, scan: CodeScan): void {
  const isWithin = stack.module === scan.module && sent.start <= stack.node.start && stack.node.end <= sent.end
  scan.report({
    at: scan.placeOf(isWithin ? stack : sent),
    message: 'The stack of an error is sent to the client: answer with one fixed sentence, and log it',
    related: [{ what: isWithin ? 'sent here' : 'the stack', at: scan.placeOf(isWithin ? sent : stack) }],
  })
}

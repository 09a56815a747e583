import type { Sink } from '../../engine/flows/sinks.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'

/** The whole of what a client sent: not one member of it. */
const BODY =
  /^(?:@request|~req|~request)\.(?:body|rawBody|json\(\)|formData\(\))$|^@ctx\.request\.(?:body|rawBody)$|^@hono\.req\.(?:json|parseBody)\(\)$/
const HEADERS = /^(?:@request|~req|~request)\.(?:headers|rawHeaders|cookies)$|^@ctx\.(?:request\.)?headers?$/
const WHOLE = /^(?:@request|@ctx\.req(?:uest)?)$/

export const rule: Rule = {
  id: 'log-request-body',
  practice: 9,
  severity: 'medium',
  title: 'All that a client sent is written to a log',
  why: 'Bodies of payments and sign-ins hold card numbers, passwords and personal data; headers hold keys and cookies. A log that takes them whole keeps whatever anybody will ever send.',
  mend: "Log the members that are needed, by name: the order's number, the route, the request's id. Where a library logs requests, give it a list of what it may write.",
  before: "app.post('/pay', (req, res) => {\n  console.log(req.body)\n})",
  after: "app.post('/pay', (req, res) => {\n  log.info({ orderId: req.body.orderId, requestId: req.id })\n})",
  controls: { pci: ['3.3.1.2', '3.5.1'], asvs: ['16.2.5'], gdpr: ['5(1)(c)', '32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'development'],
  words: ['req', 'ctx', 'Body', 'body', 'headers'],
  on: {
    sinks: [{ kinds: ['log'], check }],
    calls: [{ to: ['express-winston.logger'], check: checkLibrary }],
  },
}

function check(sink: Sink, scan: CodeScan): void {
  for (const { path, origin } of scan.sourcesIn(sink.value, ['request'])) {
    const what = whatOf(path)
    if (what === undefined) continue
    scan.report({
      at: scan.placeOf(sink.node),
      message: `${what} written to a log; log only the members that are needed`,
      related: [{ what: 'where it comes from', at: scan.placeOf(origin) }],
    })
    return
  }
}

function whatOf(path: string): string | undefined {
  // A member of an object that is named after what it holds: `@request.body (payload)`.
  const own = path.replace(/ \([^()]*\)$/, '')
  if (BODY.test(own)) return 'The whole body of a request is'
  if (HEADERS.test(own)) return 'All headers or cookies of a request are'
  return WHOLE.test(own) ? 'A request as a whole is' : undefined
}

/** express-winston writes no body unless `requestWhitelist` names it. */
function checkLibrary(call: CallSite, scan: CodeScan): void {
  const [options] = call.args
  if (!options || scan.members(options, 'bodyBlacklist').length > 0) return
  for (const { value, origin } of scan.members(options, 'requestWhitelist')) {
    const items = value.kind === 'list' ? value.items : []
    if (items.some((item) => item.kind === 'constant' && item.value === 'body')) {
      scan.report({ at: scan.placeOf(origin), message: 'express-winston writes the body of every request to the log' })
    }
  }
}

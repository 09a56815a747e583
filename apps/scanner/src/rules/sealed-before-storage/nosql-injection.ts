import { isChecked, sentIn } from '../../engine/flows/request-flow.ts'
import { sourceOf } from '../../engine/modules/source-text.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { optionsOf, type Named, type Origin, type Value } from '../../engine/values/value.ts'

/** Methods of collections and models whose first argument says which documents are meant. */
const FILTERS = [
  'find',
  'findOne',
  'findOneAndUpdate',
  'findOneAndDelete',
  'findOneAndRemove',
  'findOneAndReplace',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'remove',
  'update',
  'count',
  'countDocuments',
  'exists',
].map((name) => `*.${name}`)
const MONGO = /mongo|marsdb|nedb|collection|(?:^|\.)model\(\)/i
/** What a client can send as an object: a body, and a query as Express 4 and Fastify with qs read it. */
const SENT_AS_OBJECT =
  /^(?:@request|~req|~request|@ctx\.request)\.(?:body|query)(?:\.[\w$]+){0,4}$|^@ctx\.query(?:\.[\w$]+)*$|^(?:@request|@hono\.req|@ctx\.request)\.json\(\)(?:\.[\w$]+)*$/
/** What looks at a body before it comes here, or takes operators out of it. */
const VALIDATED =
  /mongo-?sanitize|sanitizeFilter|validationResult|celebrate|checkSchema|express-validator|\b(?:joi|zod|yup|ajv|superstruct|valibot|typebox)\b|class-validator|@nestjs|schema:\s*\{|\bvalidat(?:e|or|ion)\w*\(/i

export const rule: Rule = {
  id: 'nosql-injection',
  practice: 6,
  severity: 'high',
  title: 'What a client sent becomes a condition of a MongoDB query, whatever it is',
  why: 'In JSON, and in `?password[$ne]=`, a client can send an object where a text is expected: with `{ "$ne": null }` as the password anybody is signed in, with `{ "$gt": "" }` an order of somebody else is found. `$where` runs what was sent as a program.',
  mend: 'Make a text of it (`String(req.body.email)`), or check the body against a schema before. Name the fields of a condition yourself, and do without `$where`.',
  before: 'users.findOne({ email: req.body.email, token: req.body.token })',
  after: 'users.findOne({ email: String(req.body.email), token: String(req.body.token) })',
  controls: { pci: ['6.2.4'], asvs: ['1.2.4'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'generated', 'vendored'],
  words: ['find', 'update', 'delete', 'remove', 'count', 'exists', 'replaceOne'],
  on: { calls: [{ to: FILTERS, check }] },
}

function check(call: CallSite, scan: CodeScan): void {
  const [filter] = call.args
  // `$where` is of MongoDB alone.
  const isMongo = MONGO.test(call.path)
  if (!filter || !(isMongo || scan.file.text.includes('$where'))) return
  for (const option of optionsOf(filter)) {
    if (option.kind === 'named' && isMongo && isSent(option)) {
      reportUnlessChecked(option, { call, scan, origin: { module: scan.module, node: call.node } })
    } else if (option.kind === 'object') checkMembers(option, { call, scan, isMongo }, 0)
  }
}

interface Place {
  readonly isMongo: boolean
  readonly call: CallSite
  readonly scan: CodeScan
}

function checkMembers(filter: Extract<Value, { kind: 'object' }>, { call, scan, isMongo }: Place, depth: number): void {
  for (const layer of filter.layers) {
    const origin = { module: filter.origin.module, node: layer.node }
    if ('spread' in layer) {
      const spread = layer.spread()
      if (spread.kind === 'named' && isMongo && isSent(spread)) reportUnlessChecked(spread, { call, scan, origin })
      continue
    }
    const value = layer.value()
    if (layer.name === '$where') checkWhere(value, { call, scan, origin })
    else if (!isMongo) continue
    // With an operator of one's own, only lists and comparisons are left to whoever sends.
    else if (layer.name !== undefined && /^\$(?:eq|in|nin|regex|options|search|text)$/.test(layer.name)) continue
    else if (value.kind === 'named' && isSent(value)) reportUnlessChecked(value, { call, scan, origin })
    else if (value.kind === 'list' && depth < 2) {
      for (const item of value.items) if (item.kind === 'object') checkMembers(item, { call, scan, isMongo }, depth + 1)
    }
  }
}

/** As it was sent, through nothing that makes a text or a number of it. */
function isSent(value: Named): boolean {
  return (value.via === 'member' || value.path.endsWith('.json()')) && SENT_AS_OBJECT.test(value.path)
}

function checkWhere(value: Value, { call, scan, origin }: Omit<Place, 'isMongo'> & { origin: Origin }): void {
  // The program compares as well, and that is no check of what is put into it.
  const program = sourceOf(value.origin.node, value.origin.module)
  const weigh = (text: string): string => text.replace(program, '')
  const hit = sentIn(value, scan).find((each) => !isChecked(each, value.origin, { scan, weigh }))
  if (!hit) return
  scan.report({
    at: scan.placeOf(origin),
    message: 'What the client sent is run by the database as a program: do without `$where`',
    severity: 'critical',
    related: [{ what: 'run here', at: scan.placeOf(call.node) }],
  })
}

function reportUnlessChecked(value: Named, { call, scan, origin }: Omit<Place, 'isMongo'> & { origin: Origin }): void {
  if (VALIDATED.test(scan.file.text) || VALIDATED.test(value.origin.module.text)) return
  const hit = { kind: 'request', path: value.path, origin: value.origin } as const
  // That it is a text is all that is asked here.
  const weigh = (text: string): string =>
    text.replaceAll(/typeof\s+([\w.$]{1,80})\s*[!=]==?\s*['"]string['"]/g, 'valid($1)')
  if (isChecked(hit, origin, { scan, weigh })) return
  scan.report({
    at: scan.placeOf(origin),
    message:
      'What the client sent becomes a condition as it is, and can be an operator: make a text of it, or check it',
    related: [
      { what: 'sent by the client', at: scan.placeOf(value.origin) },
      { what: 'used here', at: scan.placeOf(call.node) },
    ],
  })
}

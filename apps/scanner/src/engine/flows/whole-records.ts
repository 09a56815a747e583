import { wordsOf } from '../data/column.ts'
import type { Node } from '../syntax/parse.ts'
import type { Named, Value } from '../values/value.ts'
import { SANITIZER, type SourceHit } from './sources.ts'

const WRITES_OUT = /^(?:JSON\.stringify|util\.inspect|inspect|util\.format|js-yaml\.dump|yaml\.stringify)\(\)$/
const PERSON =
  /^(?:(?:new |the |full )?(?:customer|user|buyer|shopper|patient|guest|card ?holder|subscriber|member|employee|applicant|lead|contact|profile)s?|(?:customer|user|buyer|patient|billing|shipping|personal|contact|profile)s? ?(?:details|data|info|information|record|profile|address|row|form))$/
const CARD = /^(?:credit ?card|(?:credit ?)?card ?(?:details|data|info|information|form))$/
const BODY =
  /^(?:@request|~req|~request)\.(?:body|rawBody|headers|json\(\)|formData\(\))$|^@ctx\.(?:request\.)?(?:body|headers?)$|^@hono\.req\.(?:json|parseBody)\(\)$/
const DEEPEST = 8

/** What is written out with all that it has. */
export interface WholeRecord {
  readonly what: 'person' | 'card' | 'request' | 'environment'
  readonly origin: SourceHit['origin']
}

/** Records of people, cards, requests and the environment that a text has whole: `${JSON.stringify(customer)}`. */
export function wholeRecordsIn(value: Value, depth = 0): readonly WholeRecord[] {
  if (depth > DEEPEST) return []
  const within = (values: readonly Value[]): readonly WholeRecord[] =>
    values.flatMap((each) => wholeRecordsIn(each, depth + 1))
  switch (value.kind) {
    case 'text':
      return within(value.parts)
    case 'list':
      return within(value.items)
    case 'union':
      return within(value.options)
    case 'object':
      return within(value.layers.map((layer) => ('spread' in layer ? layer.spread() : layer.value())))
    case 'named':
      return value.via === 'call' && WRITES_OUT.test(value.path) ? writtenBy(value) : []
    default:
      return []
  }
}

function writtenBy(call: Named): readonly WholeRecord[] {
  const { origin } = call
  const given = origin.node.type === 'CallExpression' ? origin.node.arguments : []
  return (call.args ?? []).flatMap((value, index): readonly WholeRecord[] => {
    // What is known in full was put together for this: its members are looked at one by one.
    if (value.kind !== 'named' || SANITIZER.test(value.path)) return []
    if (value.path === 'process.env') return [{ what: 'environment', origin }]
    if (BODY.test(value.path)) return [{ what: 'request', origin }]
    const node = given[index]
    const words = wordsOf(node ? nameOf(node) : '')
    if (PERSON.test(words)) return [{ what: 'person', origin }]
    return CARD.test(words) ? [{ what: 'card', origin }] : []
  })
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return ''
  return node.property.name
}

import { wordsOf } from '../data/column.ts'
import { sourceOf } from '../modules/source-text.ts'
import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import type { Value } from '../values/value.ts'
import { isOfPaymentCard } from './payment-cards.ts'
import { bodiesOf, isRequest, membersOf, unwrapped } from './posted.ts'
import type { NamedSourceKind } from './sensitive-names.ts'
import type { Sink } from './sinks.ts'
import { RENDERS, type SourceHit } from './sources.ts'
import { writtenVariables } from './written-variables.ts'

/** What of a mail or of a message in a chat is read by whoever gets it. */
export interface Content {
  readonly value: Value
  /** The expression of it, where there is one of its own. */
  readonly node: Node | undefined
}

/** Whether a member of a message says how it is sent and to whom, by its name and by those beside it. */
export type IsAround = (name: string, all: readonly string[]) => boolean

/** What is read of a message that is sent. */
export function contentsOf(sink: Sink, scan: CodeScan, isAround: IsAround): readonly Content[] {
  const { path, value, node, valueNode } = sink
  if (isRequest(path)) {
    return bodiesOf(value, path, scan).flatMap((body) => partsOf({ value: body, node: undefined }, scan, isAround))
  }
  const written = valueNode === node ? [] : writtenTo(valueNode, scan, isAround)
  return [...partsOf({ value: unwrapped(value), node: valueNode }, scan, isAround), ...written]
}

function partsOf(content: Content, scan: CodeScan, isAround: IsAround): readonly Content[] {
  const members = membersOf(content.value, scan)
  if (members.length === 0) return content.value.kind === 'object' ? [] : [content]
  const all = members.map(({ name }) => name)
  return members.flatMap(({ name, value, origin }): Content[] =>
    isAround(name, all) ? [] : [{ value: keyed(name, value, origin.node), node: rightOf(origin.node) }],
  )
}

/** The value with its name, which may say what it is: `{ to, template, password }`. */
function keyed(name: string, value: Value, node: Node): Value {
  if (value.kind !== 'named') return value
  return { kind: 'object', layers: [{ name, node, maybe: false, value: () => value }], origin: value.origin }
}

function rightOf(node: Node): Node | undefined {
  if (node.type === 'Property') return node.value
  return node.type === 'AssignmentExpression' ? node.right : undefined
}

/** `const mail = new SendSmtpEmail(); mail.htmlContent = …`: what was put into it before it was sent. */
function writtenTo(id: Node, scan: CodeScan, isAround: IsAround): readonly Content[] {
  if (id.type !== 'Identifier') return []
  const reads = scan.module.tree.bindings.get(id)?.reads ?? []
  return reads.flatMap((read): Content[] => {
    const member = read.parent
    const set = member?.parent
    if (member?.type !== 'MemberExpression' || member.object !== read || set?.type !== 'AssignmentExpression') return []
    if (set.left !== member || member.property.type !== 'Identifier' || isAround(member.property.name, [])) return []
    return [{ value: scan.valueOf(set.right), node: set.right }]
  })
}

/** Sensitive things that somebody reads in a part of a message, through templates; tokens in links are passed over. */
export function hitsIn(
  { value, node }: Content,
  kinds: readonly NamedSourceKind[],
  scan: CodeScan,
): readonly SourceHit[] {
  const plain = kinds.filter((kind) => kind !== 'secret')
  const secret = kinds.filter((kind) => kind === 'secret')
  return [value, ...attributes(node, scan), ...renderedFor(node, scan)].flatMap((each) => [
    ...scan.sourcesIn(each, plain, { throughTemplates: true }),
    ...scan.sourcesIn(each, secret, { throughTemplates: true, outsideLinks: true }),
    ...writtenVariables(each, kinds),
  ])
}

/** `react: <Welcome password={password} />` */
function attributes(node: Node | undefined, scan: CodeScan): readonly Value[] {
  if (node?.type !== 'JSXElement') return []
  const origin = { module: scan.module, node }
  return node.openingElement.attributes.flatMap((attribute): Value[] => {
    if (attribute.type !== 'JSXAttribute' || attribute.value?.type !== 'JSXExpressionContainer') return []
    const { expression } = attribute.value
    const name = attribute.name.type === 'JSXIdentifier' ? attribute.name.name : undefined
    const layer = { name, node: attribute, maybe: false, value: (): Value => scan.valueOf(expression) }
    return [{ kind: 'object', layers: [layer], origin }]
  })
}

/** `render(file, { password }, (err, html) => send(html))`: what the text that is handed to it was made from. */
function renderedFor(node: Node | undefined, scan: CodeScan): readonly Value[] {
  if (node?.type !== 'Identifier') return []
  const fn = scan.module.tree.bindings.get(node)?.declarations.at(-1)?.parent
  const call = fn?.parent
  if (!fn?.type.includes('Function') || call?.type !== 'CallExpression' || call.callee === fn) return []
  if (!RENDERS.test(sourceOf(call.callee, scan.module))) return []
  return call.arguments.filter((argument) => argument !== fn).map((argument) => scan.valueOf(argument))
}

/** Passwords that are good once, codes of a post office, and logins of a mail server. */
const OTHER_PASSWORD = /\b(?:one time|otp|totp|forgot|forgotten|pin code|smtp|mail|mailer|app|email)\b/
const MASKED = /mask|redact|\*{3}/i

/** Whether whoever reads a hit in a message, of a file with this text, reads something that they must not. */
export function isSensitiveToRead(hit: SourceHit, text: string): boolean {
  if (MASKED.test(hit.path)) return false
  // What is sent to whoever signs in is called a security code as well.
  if (hit.kind === 'cvc' && /security_?code$/i.test(hit.path) && !/card|pay|billing|checkout/i.test(hit.path)) {
    return /\b(?:card_?number|cc_?num\w*|pan)\b/i.test(textAround(hit))
  }
  if (hit.kind === 'card' || hit.kind === 'cvc') return isOfPaymentCard(hit, text)
  // A payment has an authorisation, and a shell has a folder that it is in.
  if (/(?:^|[.~])(?:authorization|PWD|pwd)(?: \(\w+\))?$/.test(hit.path)) return false
  return hit.kind !== 'password' || !OTHER_PASSWORD.test(wordsOf(nameOf(hit)))
}

/** The statement, or the list of parameters, that a hit stands in. */
function textAround({ origin: { module, node } }: SourceHit): string {
  let at = node
  while (at.parent && !/Statement$|Declaration$|Function/.test(at.type)) at = at.parent
  return sourceOf(at, module)
}

/** The name that says what a hit is: that of the member that it was put into, or the last of the way that leads to it. */
export function nameOf({ path }: SourceHit): string {
  return / \((\w+)\)$/.exec(path)?.[1] ?? path.replace(/^.*[.~]/, '')
}

import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { pathsOf, type Value } from '../values/value.ts'
import { sensitiveVariables } from './named-variables.ts'
import { isOfPaymentCard } from './payment-cards.ts'
import { SANITIZER, type SourceHit, type SourceOptions } from './sources.ts'

/** A value, and the expression that it stands in. */
export interface Outgoing {
  readonly value: Value
  readonly valueNode: Node
}

/** Numbers and codes of payment cards in a value, by where they come from and by what they are called. */
export function cardHits(
  { value, valueNode }: Outgoing,
  scan: CodeScan,
  { kinds, ...options }: { readonly kinds: readonly ('card' | 'cvc')[] } & SourceOptions,
): readonly SourceHit[] {
  return [...scan.sourcesIn(value, kinds, options), ...sensitiveVariables(valueNode, kinds, scan)].filter(
    (hit) => isOfPaymentCard(hit, scan.file.text) && (options.evenSealed === true || !isSealedInPlace(hit, scan)),
  )
}

/** `this.cardNumber = encrypt(this.cardNumber)`, as in a hook that runs before it is saved. */
function isSealedInPlace({ path }: SourceHit, scan: CodeScan): boolean {
  const name = path.replace(/ \(\w+\)$/, '').replace(/^.*[.~]/, '')
  return (scan.module.tree.byType.get('AssignmentExpression') ?? []).some(
    (node) =>
      node.type === 'AssignmentExpression' &&
      node.left.type === 'MemberExpression' &&
      node.left.property.type === 'Identifier' &&
      node.left.property.name === name &&
      pathsOf(scan.valueOf(node.right)).some((each) => SANITIZER.test(each.slice(each.lastIndexOf('.') + 1))),
  )
}

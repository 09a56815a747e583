import type { CodeScan } from '../scan/code-scan.ts'
import { pathsOf } from '../values/value.ts'
import { sensitiveVariables } from './named-variables.ts'
import type { Outgoing } from './outgoing.ts'
import { isOfPaymentCard } from './payment-cards.ts'
import { putInto } from './put-into.ts'
import { seenCardData } from './seen-members.ts'
import { SANITIZER, type SourceHit, type SourceOptions } from './sources.ts'

/** Numbers and codes of payment cards in a value, by where they come from and by what they are called. */
export function cardHits(
  outgoing: Outgoing,
  scan: CodeScan,
  { kinds, ...options }: { readonly kinds: readonly ('card' | 'cvc')[] } & SourceOptions,
): readonly SourceHit[] {
  // What a file is called and where it lies speaks of money as well as what is in it.
  const text = `${scan.file.path}\n${scan.file.text}`
  return [outgoing, ...putInto(outgoing.valueNode, scan)]
    .flatMap((each) => [
      ...scan.sourcesIn(each.value, kinds, options),
      ...sensitiveVariables(each.valueNode, kinds, scan),
      ...seenCardData(each, kinds, scan),
    ])
    .filter((hit) => isOfPaymentCard(hit, text) && (options.evenSealed === true || !isSealedInPlace(hit, scan)))
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

import type { Module } from '../modules/module.ts'
import type { Node } from '../syntax/parse.ts'
import type { Binding } from '../syntax/scopes.ts'

const SAVES = /^(?:save|persist|persistAndFlush|saveAsync)$/

const known = new WeakMap<Module, ReadonlySet<Binding>>()

/** Whether a member belongs to a variable that this file saves: `card.number` where there is `card.save()`. */
export function savedRoot(member: Node, module: Module): boolean {
  let at = member
  while (at.type === 'MemberExpression') at = at.object
  if (at === member || at.type !== 'Identifier') return false
  const binding = module.tree.bindings.get(at)
  return binding !== undefined && savedBindings(module).has(binding)
}

function savedBindings(module: Module): ReadonlySet<Binding> {
  const before = known.get(module)
  if (before) return before
  const found = new Set<Binding>()
  known.set(module, found)
  for (const node of module.tree.byType.get('CallExpression') ?? []) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue
    const { object, property } = node.callee
    if (property.type !== 'Identifier' || !SAVES.test(property.name)) continue
    for (const each of [object, ...node.arguments]) {
      const binding = each.type === 'Identifier' ? module.tree.bindings.get(each) : undefined
      if (binding) found.add(binding)
    }
  }
  return found
}

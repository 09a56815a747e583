import type { Node } from './parse.ts'

export type BindingKind = 'import' | 'variable' | 'function' | 'class' | 'param' | 'caught' | 'enum'

/** A name that a file declares, with every place that reads it or gives it a value. */
export interface Binding {
  readonly name: string
  readonly kind: BindingKind
  readonly scope: Scope
  /** The identifiers that declare it: one, or several for `var` and overloads. */
  readonly declarations: Node[]
  /** Identifiers that use it, its assignments left out. */
  readonly reads: Node[]
  /** Identifiers that stand where a value is assigned after the declaration. */
  readonly writes: Node[]
}

export interface Scope {
  readonly node: Node
  readonly parent: Scope | undefined
  /** The function (or program) that it belongs to. */
  readonly home: Node
  readonly names: Map<string, Binding>
}

/** Makes a scope within another one. */
export function newScope(node: Node, parent: Scope | undefined, isHome: boolean): Scope {
  return { node, parent, home: isHome || !parent ? node : parent.home, names: new Map() }
}

/** Declares a name; a second declaration of it in the same scope joins the first. */
export function declare(scope: Scope, kind: BindingKind, id: Node & { name: string }): Binding {
  const known = scope.names.get(id.name)
  if (known) {
    known.declarations.push(id)
    return known
  }
  const binding: Binding = { name: id.name, kind, scope, declarations: [id], reads: [], writes: [] }
  scope.names.set(id.name, binding)
  return binding
}

/** The binding that a name means here; undefined for a global. */
export function lookUp(scope: Scope | undefined, name: string): Binding | undefined {
  for (let at = scope; at; at = at.parent) {
    const found = at.names.get(name)
    if (found) return found
  }
  return undefined
}

/** The scope whose names a `var` here joins. */
export function homeScope(scope: Scope): Scope {
  let at = scope
  while (at.parent && at.node !== at.home) at = at.parent
  return at
}

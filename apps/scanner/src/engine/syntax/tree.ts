import { visitorKeys } from 'oxc-parser'
import type { Comment, Node } from './parse.ts'
import { parseCode } from './parse.ts'
import { declare, homeScope, lookUp, newScope, type Binding, type BindingKind, type Scope } from './scopes.ts'

/** A file's syntax tree with its scopes. Every node outside of types has its `parent`. */
export interface Tree {
  readonly program: Node
  readonly comments: readonly Comment[]
  readonly broken: boolean
  readonly byType: ReadonlyMap<string, readonly Node[]>
  /** What each identifier that is used means; a global has no entry. */
  readonly bindings: ReadonlyMap<Node, Binding>
  readonly top: Scope
}

type Identifier = Extract<Node, { type: 'Identifier' }>
interface Use {
  readonly id: Identifier
  readonly scope: Scope
  readonly write: boolean
}

/** Reads a file's code and finds out what its names mean. */
export function growTree(path: string, text: string): Tree {
  const { program, comments, broken } = parseCode(path, text)
  const top = newScope(program, undefined, true)
  const grower = new Grower(top)
  grower.grow(program)
  const bindings = new Map<Node, Binding>()
  for (const declared of grower.declared) for (const id of declared.declarations) bindings.set(id, declared)
  for (const { id, scope, write } of grower.uses) {
    if (bindings.has(id)) continue // It is part of a pattern that declares it.
    const binding = lookUp(scope, id.name)
    if (!binding) continue
    bindings.set(id, binding)
    ;(write ? binding.writes : binding.reads).push(id)
  }
  return { program, comments, broken, byType: grower.byType, bindings, top }
}

const HOMES = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression', 'StaticBlock'])
const BLOCKS = new Set([
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'CatchClause',
  'ClassExpression',
  'ClassDeclaration',
  'TSModuleBlock',
])
/** What has no value at run time is passed over: half of a TypeScript file, and nothing that a rule asks for. */
const TYPES_ONLY =
  /^TS(?!AsExpression|Satisfies|TypeAssertion|NonNull|Instantiation|Enum|ExportAssignment|ParameterProperty|ImportEquals|ModuleDeclaration|ModuleBlock|ExternalModule)/

/** A text of some thousand parts is as deep as it has parts. */
const DEEPEST = 500

/** One pass over the tree: parents, nodes by type, declarations, uses. */
class Grower {
  readonly byType = new Map<string, Node[]>()
  readonly uses: Use[] = []
  readonly declared = new Set<Binding>()
  /** What lies too deep for one go. */
  readonly #later: { node: Node; parent: Node; key: string; scope: Scope }[] = []
  #scope: Scope
  #depth = 0

  constructor(top: Scope) {
    this.#scope = top
  }

  grow(program: Node): void {
    this.#visitChildren(program)
    for (const later of this.#later) {
      this.#scope = later.scope
      this.#visit(later.node, later.parent, later.key)
    }
  }

  #visitChildren(node: Node): void {
    const members = node as unknown as Record<string, Node | (Node | null)[] | null | undefined>
    for (const key of visitorKeys[node.type] ?? []) {
      const child = members[key]
      if (!child) continue
      if (!Array.isArray(child)) this.#visit(child, node, key)
      else for (const each of child) if (each) this.#visit(each, node, key)
    }
  }

  #visit(node: Node, parent: Node, key: string): void {
    const { type } = node
    if (type.startsWith('TS') && TYPES_ONLY.test(type)) return
    if (this.#depth >= DEEPEST) {
      this.#later.push({ node, parent, key, scope: this.#scope })
      return
    }
    ;(node as { parent?: Node }).parent = parent
    const known = this.byType.get(type)
    if (known) known.push(node)
    else this.byType.set(type, [node])
    if (type === 'Identifier') {
      if (isUse(parent, key)) this.uses.push({ id: node, scope: this.#scope, write: isWrite(node) })
      return
    }
    if (type === 'Literal') return
    const outer = this.#scope
    this.#declarations(node, outer)
    const isHome = HOMES.has(type)
    if (isHome || BLOCKS.has(type)) {
      this.#scope = newScope(node, outer, isHome)
      this.#ownNames(node, this.#scope)
    }
    this.#depth++
    this.#visitChildren(node)
    this.#depth--
    this.#scope = outer
  }

  /** Names that a statement declares in the scope around it. */
  #declarations(node: Node, scope: Scope): void {
    switch (node.type) {
      case 'VariableDeclaration': {
        const target = node.kind === 'var' ? homeScope(scope) : scope
        for (const { id } of node.declarations) this.#pattern(id, { scope: target, kind: 'variable' })
        break
      }
      case 'FunctionDeclaration':
        if (node.id) this.#name(node.id, { scope, kind: 'function' })
        break
      case 'ClassDeclaration':
        if (node.id) this.#name(node.id, { scope, kind: 'class' })
        break
      case 'TSEnumDeclaration':
        this.#name(node.id, { scope, kind: 'enum' })
        break
      case 'TSImportEqualsDeclaration':
        this.#name(node.id, { scope, kind: 'import' })
        break
      case 'ImportSpecifier':
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
        this.#name(node.local, { scope, kind: 'import' })
        break
      default:
    }
  }

  /** Names that live inside the scope that a node opens. */
  #ownNames(node: Node, scope: Scope): void {
    if (node.type === 'CatchClause' && node.param) this.#pattern(node.param, { scope, kind: 'caught' })
    if (node.type === 'FunctionExpression' && node.id) this.#name(node.id, { scope, kind: 'function' })
    if (node.type === 'ClassExpression' && node.id) this.#name(node.id, { scope, kind: 'class' })
    if ('params' in node && HOMES.has(node.type)) {
      for (const param of node.params as Node[]) this.#pattern(param, { scope, kind: 'param' })
    }
  }

  #pattern(pattern: Node, place: { scope: Scope; kind: BindingKind }): void {
    switch (pattern.type) {
      case 'Identifier':
        this.#name(pattern, place)
        break
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          this.#pattern(property.type === 'RestElement' ? property.argument : property.value, place)
        }
        break
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) this.#pattern(element, place)
        break
      case 'AssignmentPattern':
        this.#pattern(pattern.left, place)
        break
      case 'RestElement':
        this.#pattern(pattern.argument, place)
        break
      case 'TSParameterProperty':
        this.#pattern(pattern.parameter, place)
        break
      default:
    }
  }

  #name(id: Node & { name: string }, { scope, kind }: { scope: Scope; kind: BindingKind }): void {
    this.declared.add(declare(scope, kind, id))
  }
}

/** Whether an identifier in this place names a value, rather than a member, a label, or what it declares. */
function isUse(parent: Node, key: string): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return key === 'object' || parent.computed
    case 'Property':
      // Declarations are told apart by `isWrite`'s climb and by the bindings they already have.
      return key === 'value' || parent.computed
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return key !== 'key' || parent.computed
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'ExportAllDeclaration':
    case 'ImportAttribute':
    case 'MetaProperty':
    case 'TSEnumMember':
      return key === 'initializer'
    case 'ExportSpecifier':
      return key === 'local'
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'TSEnumDeclaration':
      return key === 'superClass' || key === 'body'
    case 'VariableDeclarator':
      return key === 'init'
    case 'CatchClause':
      return false
    default:
      return true
  }
}

/** Whether an identifier stands where a value is put: the left side of an assignment, or within a pattern there. */
function isWrite(id: Node): boolean {
  let node: Node = id
  for (;;) {
    const parent: Node | null | undefined = node.parent
    if (!parent) return false
    switch (parent.type) {
      case 'AssignmentExpression':
        return parent.left === node
      case 'UpdateExpression':
        return true
      case 'ForOfStatement':
      case 'ForInStatement':
        return parent.left === node
      case 'AssignmentPattern':
        if (parent.left !== node) return false
        break
      case 'Property':
        if (parent.value !== node || parent.parent?.type !== 'ObjectPattern') return false
        break
      case 'ObjectPattern':
      case 'ArrayPattern':
      case 'RestElement':
        break
      default:
        return false
    }
    node = parent
  }
}

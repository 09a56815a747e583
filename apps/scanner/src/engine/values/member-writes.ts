import type { Node } from '../syntax/parse.ts'
import type { Binding } from '../syntax/scopes.ts'
import type { Evaluation, Frame, Layer, Value } from './value.ts'
import { union } from './value.ts'
import { standing } from './order.ts'

interface MemberWrite {
  /** The assignment or call. */
  readonly node: Node
  /** `opts.tls.verify = x` is written by way of `tls`, then `verify`; undefined where a name is not known. */
  readonly names: readonly (string | undefined)[]
  /** What is written; of a call such as `Object.assign(opts, more)`, what is spread in. */
  readonly right: Node
  readonly kind: 'set' | 'spread' | 'push'
}

interface Place {
  readonly binding: Binding
  readonly use: Node
  readonly frame: Frame
  readonly evaluation: Evaluation
}

/** Adds what is put into an object or an array after it was made: `opts.x = …`, `Object.assign(opts, …)`, `list.push(…)`. */
export function withMemberWrites(value: Value, place: Place): Value {
  const writes = memberWrites(place.binding)
  if (writes.length === 0 || isBaseOfWrite(place.use)) return value
  if (value.kind === 'union') {
    return union(
      value.options.map((option) => withMemberWrites(option, place)),
      value.origin,
    )
  }
  if (value.kind === 'object') {
    const layers = writes.flatMap((write) => layersOf(write, value, place))
    return layers.length === 0 ? value : { ...value, layers: [...value.layers, ...layers] }
  }
  if (value.kind === 'list') {
    const pushed = writes.filter(({ kind, node }) => kind === 'push' && standing(node, place.use) !== 'not yet')
    const items = pushed.map(({ right }) => place.evaluation.evaluate(right, place.frame))
    return items.length === 0 ? value : { ...value, items: [...value.items, ...items], open: true }
  }
  return value
}

/** A value that is known by name alone keeps it; what was put into one of its members is found here. */
export function writtenMembers(name: string, { binding, use, frame, evaluation }: Place): Value[] {
  return memberWrites(binding).flatMap((write) => {
    if (write.kind !== 'set' || write.names.length !== 1 || write.names[0] !== name) return []
    return standing(write.node, use) === 'not yet' ? [] : [evaluation.evaluate(write.right, frame)]
  })
}

function layersOf(write: MemberWrite, base: Value, { use, frame, evaluation }: Place): Layer[] {
  const stands = standing(write.node, use)
  if (stands === 'not yet' || write.kind === 'push') return []
  const maybe = stands === 'maybe'
  const { node, right } = write
  if (write.kind === 'spread') return [{ spread: () => evaluation.evaluate(right, frame), node, maybe }]
  const [first, ...deeper] = write.names
  const value = (): Value => {
    const inner = evaluation.evaluate(right, frame)
    return deeper.length === 0 ? inner : nested(deeper, inner, { base, first, node, frame, evaluation })
  }
  return [{ name: first, node, maybe, value }]
}

interface Nest {
  readonly base: Value
  readonly first: string | undefined
  readonly node: Node
  readonly frame: Frame
  readonly evaluation: Evaluation
}

/** `opts.tls.verify = x` leaves the rest of `opts.tls` as it was. */
function nested(names: readonly (string | undefined)[], inner: Value, nest: Nest): Value {
  const { base, first, node, frame, evaluation } = nest
  const origin = { module: frame.module, node }
  const spread = (): Value => evaluation.member(base, first, origin)
  const [next, ...deeper] = names
  const value = (): Value =>
    deeper.length === 0 ? inner : nested(deeper, inner, { ...nest, base: spread(), first: next })
  return {
    kind: 'object',
    layers: [
      { spread, node, maybe: false },
      { name: next, node, maybe: false, value },
    ],
    origin,
  }
}

const known = new WeakMap<Binding, readonly MemberWrite[]>()

const NONE: readonly MemberWrite[] = []

function memberWrites(binding: Binding): readonly MemberWrite[] {
  if (binding.reads.length === 0) return NONE
  const before = known.get(binding)
  if (before) return before
  const writes = binding.reads.flatMap((read) => (mayWrite(read) ? writeFrom(read) : []))
  known.set(binding, writes)
  return writes
}

/** Told apart without any work for nearly all: the base of a member, or the first argument of a call. */
function mayWrite({ parent }: Node): boolean {
  return parent?.type === 'MemberExpression' || parent?.type === 'CallExpression'
}

function writeFrom(read: Node): MemberWrite[] {
  const names: (string | undefined)[] = []
  let at: Node = read
  while (at.parent?.type === 'MemberExpression' && at.parent.object === at) {
    at = at.parent
    names.push(memberName(at))
  }
  const parent = at.parent
  if (names.length === 0) return at.parent ? assigns(read, at.parent) : []
  if (parent?.type === 'AssignmentExpression' && parent.left === at) {
    return [{ node: parent, names, right: parent.right, kind: 'set' }]
  }
  const isPush = names.length === 1 && (names[0] === 'push' || names[0] === 'unshift')
  if (isPush && parent?.type === 'CallExpression' && parent.callee === at) {
    return parent.arguments.map((right) => ({ node: parent, names, right, kind: 'push' as const }))
  }
  return []
}

/** `Object.assign(opts, a, b)` */
function assigns(read: Node, call: Node): MemberWrite[] {
  if (call.type !== 'CallExpression' || call.arguments[0] !== read || call.callee.type !== 'MemberExpression') return []
  const { object } = call.callee
  if (object.type !== 'Identifier' || object.name !== 'Object' || memberName(call.callee) !== 'assign') return []
  return call.arguments.slice(1).map((right) => ({ node: call, names: [], right, kind: 'spread' as const }))
}

function memberName(node: Node & { type: 'MemberExpression' }): string | undefined {
  if (!node.computed) return node.property.name
  return node.property.type === 'Literal' ? String(node.property.value) : undefined
}

/** `opts` in `opts.x = 1` is the object before that. */
function isBaseOfWrite(use: Node): boolean {
  const member = use.parent
  return (
    member?.type === 'MemberExpression' &&
    member.object === use &&
    member.parent?.type === 'AssignmentExpression' &&
    member.parent.left === member
  )
}

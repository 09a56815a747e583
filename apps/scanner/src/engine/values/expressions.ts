import type { Node } from '../syntax/parse.ts'
import { mayBeKnown, textOf } from './known-calls.ts'
import { writtenMembers } from './member-writes.ts'
import { keyOf } from './patterns.ts'
import type { Evaluation, Frame, Layer, Origin, Primitive, Value } from './value.ts'
import { constant, named, optionsOf, resultOf, truth, union } from './value.ts'

/** What an expression other than a name can be. */
export function expressionValue(node: Node, frame: Frame, evaluation: Evaluation): Value {
  const origin: Origin = { module: frame.module, node }
  const evaluate = (part: Node): Value => evaluation.evaluate(part, frame)
  switch (node.type) {
    case 'Literal':
      return 'regex' in node ? named('~regex', origin) : constant(node.value, origin)
    case 'TemplateLiteral':
      return templateValue(node, frame, evaluation)
    case 'ObjectExpression':
      return objectValue(node, frame, evaluation)
    case 'ArrayExpression':
      return listValue(node.elements, { origin, frame, evaluation })
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return { kind: 'function', node, frame, origin }
    case 'ClassDeclaration':
    case 'ClassExpression':
      return { kind: 'class', node, frame, origin }
    case 'MemberExpression':
      return memberExpression(node, frame, evaluation)
    case 'CallExpression':
      return callExpression(node, frame, evaluation)
    case 'NewExpression':
      return newExpression(node, frame, evaluation)
    case 'ImportExpression': {
      const source = evaluate(node.source)
      return source.kind === 'constant' ? evaluation.imported(String(source.value), origin) : named('~import', origin)
    }
    case 'BinaryExpression':
    case 'UnaryExpression':
      return operation(node, frame, evaluation)
    case 'LogicalExpression':
      return logical(node, frame, evaluation)
    case 'ConditionalExpression': {
      const test = truth(evaluate(node.test))
      if (test !== undefined) return evaluate(test ? node.consequent : node.alternate)
      return union([evaluate(node.consequent), evaluate(node.alternate)], origin)
    }
    default:
      return wrapped(node, frame, evaluation)
  }
}

/** Expressions that pass on the value of another one. */
function wrapped(node: Node, frame: Frame, evaluation: Evaluation): Value {
  switch (node.type) {
    case 'AwaitExpression':
      return evaluation.evaluate(node.argument, frame)
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'JSXExpressionContainer':
      return evaluation.evaluate(node.expression, frame)
    case 'SequenceExpression': {
      const last = node.expressions.at(-1)
      return last ? evaluation.evaluate(last, frame) : named('~', { module: frame.module, node })
    }
    case 'AssignmentExpression':
      return evaluation.evaluate(node.right, frame)
    case 'TaggedTemplateExpression':
      return taggedTemplate(node, frame, evaluation)
    case 'MetaProperty':
      return named(`${node.meta.name}.${node.property.name}`, { module: frame.module, node })
    case 'Super':
      return named('super', { module: frame.module, node })
    default:
      return named('~', { module: frame.module, node })
  }
}

function taggedTemplate(
  node: Node & { type: 'TaggedTemplateExpression' },
  frame: Frame,
  evaluation: Evaluation,
): Value {
  const origin = { module: frame.module, node: node as Node }
  const tag = evaluation.evaluate(node.tag, frame)
  const text = evaluation.evaluate(node.quasi, frame)
  if (tag.kind === 'named' && tag.path === 'String.raw') return text
  return resultOf(tag, [text], { origin, via: 'call' })
}

function templateValue(node: Node & { type: 'TemplateLiteral' }, frame: Frame, evaluation: Evaluation): Value {
  const origin = { module: frame.module, node: node as Node }
  const parts = node.quasis.flatMap((quasi, index): Value[] => {
    const expression = node.expressions[index]
    const text = constant(quasi.value.cooked ?? quasi.value.raw, { module: frame.module, node: quasi })
    return expression ? [text, evaluation.evaluate(expression, frame)] : [text]
  })
  return textOf(parts, origin)
}

function objectValue(node: Node & { type: 'ObjectExpression' }, frame: Frame, evaluation: Evaluation): Value {
  const layers = node.properties.map((property): Layer => {
    if (property.type === 'SpreadElement') {
      return { spread: () => evaluation.evaluate(property.argument, frame), node: property, maybe: false }
    }
    const name = keyOf(property, frame, evaluation)
    const value = (): Value => {
      const given = evaluation.evaluate(property.value, frame)
      return property.kind === 'get' && given.kind === 'function' ? evaluation.result(given, [], undefined) : given
    }
    return { name, node: property, maybe: false, value }
  })
  return { kind: 'object', layers, origin: { module: frame.module, node } }
}

function listValue(
  elements: readonly (Node | null)[],
  { origin, frame, evaluation }: { origin: Origin; frame: Frame; evaluation: Evaluation },
): Value {
  let open = false
  const items = elements.flatMap((element): Value[] => {
    if (!element) return [constant(undefined, origin)]
    if (element.type !== 'SpreadElement') return [evaluation.evaluate(element, frame)]
    const spread = evaluation.evaluate(element.argument, frame)
    if (spread.kind === 'list' && !spread.open) return [...spread.items]
    open = true
    return spread.kind === 'list' ? [...spread.items] : [evaluation.member(spread, undefined, origin)]
  })
  return { kind: 'list', items, open, origin }
}

function memberExpression(node: Node & { type: 'MemberExpression' }, frame: Frame, evaluation: Evaluation): Value {
  const origin = { module: frame.module, node: node as Node }
  const base = evaluation.evaluate(node.object, frame)
  const name = memberName(node, frame, evaluation)
  const value = evaluation.member(base, name, origin)
  if (base.kind !== 'named' || name === undefined || node.object.type !== 'Identifier') return unrooted(value)
  const binding = frame.module.tree.bindings.get(node.object)
  const isTarget = node.parent?.type === 'AssignmentExpression' && node.parent.left === node
  const written = binding && !isTarget ? writtenMembers(name, { binding, use: node.object, frame, evaluation }) : []
  return unrooted(written.length === 0 ? value : union([value, ...written], origin))
}

const GLOBALS = /^(?:globalThis|window|self|global)\.(?=[A-Za-z])/

/** `window.fetch` is `fetch`. */
function unrooted(value: Value): Value {
  if (value.kind !== 'named' || value.via !== 'member' || !GLOBALS.test(value.path)) return value
  return { ...value, path: value.path.replace(GLOBALS, '') }
}

function memberName(
  node: Node & { type: 'MemberExpression' },
  frame: Frame,
  evaluation: Evaluation,
): string | undefined {
  if (!node.computed) return node.property.type === 'PrivateIdentifier' ? `#${node.property.name}` : node.property.name
  const key = evaluation.evaluate(node.property, frame)
  return key.kind === 'constant' ? String(key.value) : undefined
}

/** The arguments of a call, with what is spread in among them. */
export function argumentsOf(args: readonly Node[], frame: Frame, evaluation: Evaluation): Value[] {
  return args.flatMap((argument): Value[] => {
    if (argument.type !== 'SpreadElement') return [evaluation.evaluate(argument, frame)]
    const list = evaluation.evaluate(argument.argument, frame)
    if (list.kind === 'list') return [...list.items]
    return [evaluation.member(list, undefined, { module: frame.module, node: argument })]
  })
}

function callExpression(node: Node & { type: 'CallExpression' }, frame: Frame, evaluation: Evaluation): Value {
  const origin = { module: frame.module, node: node as Node }
  const { callee } = node
  if (callee.type === 'Identifier' && callee.name === 'require' && !frame.module.tree.bindings.has(callee)) {
    const [specifier] = argumentsOf(node.arguments, frame, evaluation)
    if (specifier?.kind === 'constant') return evaluation.imported(String(specifier.value), origin)
  }
  const fn = evaluation.evaluate(callee, frame)
  const options = optionsOf(fn)
  if (options.every((option) => option.kind === 'named' && !mayBeKnown(option))) {
    const lazily = (): readonly Value[] => argumentsOf(node.arguments, frame, evaluation)
    return union(
      options.map((option) => resultOf(option, lazily, { origin, via: 'call' })),
      origin,
    )
  }
  const args = argumentsOf(node.arguments, frame, evaluation)
  if (callee.type !== 'MemberExpression') return evaluation.call(fn, args, origin)
  // A method's `this` is what it is called on.
  const self = evaluation.evaluate(callee.object, frame)
  const values = options.map((option) =>
    option.kind === 'function' && self.kind === 'object'
      ? evaluation.result(option, args, self)
      : evaluation.call(option, args, origin),
  )
  return union(values, origin)
}

function newExpression(node: Node & { type: 'NewExpression' }, frame: Frame, evaluation: Evaluation): Value {
  const origin = { module: frame.module, node: node as Node }
  const args = (): readonly Value[] => argumentsOf(node.arguments, frame, evaluation)
  const values = optionsOf(evaluation.evaluate(node.callee, frame)).map((option) =>
    option.kind === 'class'
      ? evaluation.instance(option, args(), origin)
      : resultOf(option, args, { origin, via: 'new' }),
  )
  return union(values, origin)
}

function logical(node: Node & { type: 'LogicalExpression' }, frame: Frame, evaluation: Evaluation): Value {
  const left = evaluation.evaluate(node.left, frame)
  const right = (): Value => evaluation.evaluate(node.right, frame)
  const origin = { module: frame.module, node: node as Node }
  if (node.operator === '??') {
    const nothing = left.kind === 'constant' && (left.value === null || left.value === undefined)
    if (nothing) return right()
    return left.kind === 'named' || left.kind === 'union' ? union([left, right()], origin) : left
  }
  const known = truth(left)
  const isOr = node.operator === '||'
  if (known !== undefined) return known === isOr ? left : right()
  // What `a && b` has when `a` is false is no value that anybody passes on purpose.
  return isOr ? union([left, right()], origin) : right()
}

function operation(node: Node, frame: Frame, evaluation: Evaluation): Value {
  const origin = { module: frame.module, node }
  if (node.type === 'UnaryExpression') return unary(node, evaluation.evaluate(node.argument, frame), origin)
  if (node.type !== 'BinaryExpression' || node.left.type === 'PrivateIdentifier') return named('~', origin)
  const left = evaluation.evaluate(node.left, frame)
  const right = evaluation.evaluate(node.right, frame)
  if (left.kind === 'constant' && right.kind === 'constant')
    return reckon(node.operator, [left.value, right.value], origin)
  return node.operator === '+' ? textOf([left, right], origin) : named('~', origin)
}

function unary(node: Node & { type: 'UnaryExpression' }, value: Value, origin: Origin): Value {
  if (node.operator === 'void') return constant(undefined, origin)
  if (node.operator === '!') {
    const known = truth(value)
    return known === undefined ? named('~', origin) : constant(!known, origin)
  }
  // `+text` is `Number(text)`.
  if (node.operator === '+' && value.kind !== 'constant')
    return resultOf(named('Number', origin), [value], { origin, via: 'call' })
  if (value.kind !== 'constant') return named('~', origin)
  if (node.operator === '-' && typeof value.value === 'number') return constant(-value.value, origin)
  if (node.operator === '+') return constant(Number(value.value), origin)
  return node.operator === 'typeof' ? constant(typeof value.value, origin) : named('~', origin)
}

function reckon(operator: string, [left, right]: readonly [Primitive, Primitive], origin: Origin): Value {
  const numbers = typeof left === 'number' && typeof right === 'number'
  switch (operator) {
    case '+':
      return numbers ? constant(left + right, origin) : constant(`${String(left)}${String(right)}`, origin)
    case '*':
      return numbers ? constant(left * right, origin) : named('~', origin)
    case '-':
      return numbers ? constant(left - right, origin) : named('~', origin)
    case '/':
      return numbers ? constant(left / right, origin) : named('~', origin)
    case '**':
      return numbers ? constant(left ** right, origin) : named('~', origin)
    case '===':
      return constant(left === right, origin)
    case '!==':
      return constant(left !== right, origin)
    default:
      return named('~', origin)
  }
}

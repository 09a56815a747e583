import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { optionsOf, type Named, type Value } from '../values/value.ts'

/** A member that something is declared to have. */
export interface DeclaredMember {
  readonly name: string
  readonly node: Node
}

/** States of React, Vue, Svelte, Angular and of forms, which begin with what they are given. */
const STATE =
  /(?:^|[.~])(?:use(?:Immer)?State|useImmer|useRef)\(\)\.(?:0|current)$|(?:^|[.~])(?:shallowRef|ref)\(\)(?:\.value)?$|(?:^|[.~])(?:shallowReactive|reactive|\$state|writable|signal\(\))\(\)$|\.group\(\)\.(?:value|getRawValue\(\))$|^new (?:[\w@/-]+\.)?FormGroup\.(?:value|getRawValue\(\))$/
/** What libraries for forms give: all fields of the form. */
const FORM_VALUES =
  /(?:^|[.~])(?:useForm\(\)\.(?:getValues|watch)\(\)|useFormik\(\)\.values|useFormikContext\(\)\.values)$/
const BEGINS_WITH = /^(?:defaultValues|initialValues)$/
const HANDS_VALUES = /^(?:handleSubmit|onSubmit|onFinish|watch)$/

/** The members of something that is not known but by name: by its type in this file, by what it begins with. */
export function declaredMembers(value: Named, scan: CodeScan): readonly DeclaredMember[] {
  const call = STATE.test(value.path) ? callOf(value) : undefined
  const initial = call?.args?.[0]
  return [
    ...(initial ? namesIn(initial, scan) : []),
    ...(call ? ofType(typeArgumentOf(call.origin.node), scan, 0) : []),
    ...(value.via === 'root' ? ofType(annotationOf(value.origin.node), scan, 0) : []),
    ...(FORM_VALUES.test(value.path) || isHandedValues(value) ? formFields(scan) : []),
  ]
}

/** The call that it all begins with: of `useState({ … })[0]`, of `fb.group({ … }).value`. */
function callOf(value: Named): Named | undefined {
  let call: Named | undefined
  for (let at: Value | undefined = value; at?.kind === 'named'; at = at.base) {
    if ((at.via === 'call' && !at.path.endsWith('getRawValue()')) || at.via === 'new') call ??= at
  }
  return call
}

/** The parameter of `handleSubmit((data) => …)`, of `onSubmit: (values) => …`, of `const onSubmit = (data) => …`. */
function isHandedValues({ via, origin }: Named): boolean {
  const fn = origin.node.parent
  if (via !== 'root' || !fn || !('params' in fn) || (fn.params as Node[])[0] !== origin.node) return false
  const name = nameGivenBy(fn) ?? (fn.parent ? nameGivenBy(fn.parent) : undefined)
  return name !== undefined && HANDS_VALUES.test(name)
}

/** The name under which a function stands, or of the function that it is handed to. */
function nameGivenBy(node: Node): string | undefined {
  const id =
    node.type === 'Property'
      ? node.key
      : node.type === 'CallExpression'
        ? node.callee
        : node.type === 'VariableDeclarator' || node.type === 'FunctionDeclaration'
          ? node.id
          : undefined
  return id?.type === 'Identifier' ? id.name : undefined
}

/** The fields of the forms of a file: `defaultValues: { … }`, `register('cardNumber')`. */
function formFields(scan: CodeScan): DeclaredMember[] {
  const { byType } = scan.module.tree
  const begun = (byType.get('Property') ?? []).flatMap((node) => {
    if (node.type !== 'Property' || node.key.type !== 'Identifier' || !BEGINS_WITH.test(node.key.name)) return []
    return namesIn(scan.valueOf(node.value), scan)
  })
  const registered = (byType.get('CallExpression') ?? []).flatMap((node): DeclaredMember[] => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'register')
      return []
    const [name] = node.arguments
    return name?.type === 'Literal' && typeof name.value === 'string' ? [{ name: name.value, node }] : []
  })
  return [...begun, ...registered]
}

function namesIn(initial: Value, scan: CodeScan): DeclaredMember[] {
  return optionsOf(initial).flatMap((option) =>
    option.kind === 'object' && option.origin.module === scan.module
      ? option.layers.flatMap((layer) =>
          'spread' in layer || layer.name === undefined ? [] : [{ name: layer.name, node: layer.node }],
        )
      : [],
  )
}

function annotationOf(node: Node): Node | undefined {
  const id = node.type === 'AssignmentPattern' ? node.left : node
  return (id as { typeAnnotation?: { typeAnnotation?: Node } | null }).typeAnnotation?.typeAnnotation
}

function typeArgumentOf(node: Node): Node | undefined {
  return (node as { typeArguments?: { params?: Node[] } | null }).typeArguments?.params?.[0]
}

/** The members of a type that is written out, or that this file declares. */
function ofType(type: Node | undefined, scan: CodeScan, depth: number): DeclaredMember[] {
  if (!type || depth > 4) return []
  switch (type.type) {
    case 'TSTypeLiteral':
      return type.members.flatMap(asMember)
    case 'TSArrayType':
      return ofType(type.elementType, scan, depth + 1)
    case 'TSUnionType':
    case 'TSIntersectionType':
      return type.types.flatMap((each) => ofType(each, scan, depth + 1))
    case 'TSTypeReference':
      return type.typeName.type === 'Identifier' ? ofTypeNamed(type.typeName.name, scan, depth + 1) : []
    default:
      return []
  }
}

/** Types stand at the top of a file, exported or not: the tree of the program, which types are no part of, has no index of them. */
function ofTypeNamed(name: string, scan: CodeScan, depth: number): DeclaredMember[] {
  const { program } = scan.module.tree
  if (program.type !== 'Program') return []
  return program.body.flatMap((statement): DeclaredMember[] => {
    const each = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (each?.type === 'TSInterfaceDeclaration') return each.id.name === name ? each.body.body.flatMap(asMember) : []
    if (each?.type !== 'TSTypeAliasDeclaration' || each.id.name !== name) return []
    return ofType(each.typeAnnotation, scan, depth)
  })
}

function asMember(node: Node): DeclaredMember[] {
  if (node.type !== 'TSPropertySignature' || node.computed || node.key.type !== 'Identifier') return []
  return [{ name: node.key.name, node }]
}

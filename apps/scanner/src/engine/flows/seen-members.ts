import type { Module } from '../modules/module.ts'
import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { optionsOf, pathsOf, type Named, type Value } from '../values/value.ts'
import { declaredMembers } from './declared-members.ts'
import type { Outgoing } from './outgoing.ts'
import { cardKindOf } from './payment-cards.ts'
import { SANITIZER, type SourceHit } from './sources.ts'

type CardKind = 'card' | 'cvc'

/** A place of a file that speaks of a card's number or code as a member of something. */
interface Seen extends CardMember {
  /** The expression of what it is a member of. */
  readonly owner: Node
}

/**
 * Card data of objects that go out as a whole, where nothing but the code around says what they have: `form.cardNumber`
 * is read somewhere in the file, or stands in its type or in what it begins with, and `JSON.stringify(form)` is stored.
 */
export function seenCardData(
  { value, valueNode, keeps }: Outgoing,
  kinds: readonly CardKind[],
  scan: CodeScan,
): readonly SourceHit[] {
  const wholes: Whole[] = []
  collect(value, { without: new Set(), wholes, depth: 0 })
  const watched = wholes.flatMap((each) => watchedBy(each.value, scan).map((value) => ({ ...each, value })))
  return [...wholes, ...watched].flatMap(({ value: whole, without }): SourceHit[] => {
    if (SAYS_OF_FIELDS.test(whole.path)) return []
    const own = membersOf(whole, scan).filter(
      ({ name, kind }) => kinds.includes(kind) && !without.has(name) && keeps?.has(name) !== false,
    )
    const cleared = own.filter(({ node }) => isCleared(node, scan))
    const taken = cleared.filter(({ node }) => isBefore(node, valueNode)).map(({ name }) => name)
    const left = own.find((each) => !cleared.includes(each) && !taken.includes(each.name))
    if (!left) return []
    const { name, kind, node } = left
    return [{ kind, path: `${whole.path}.${name}`, origin: { module: scan.module, node } }]
  })
}

/** What is watched, where it is handed to a function that watches: `watch(form, (now) => …)`, `store.subscribe((now) => …)`. */
function watchedBy({ via, origin }: Named, scan: CodeScan): Named[] {
  const fn = origin.node.parent
  const call = fn?.parent
  if (via !== 'root' || !fn || !('params' in fn) || call?.type !== 'CallExpression') return []
  const [first, second] = call.arguments
  const { callee } = call
  const isWatch = callee.type === 'Identifier' && callee.name === 'watch' && second === fn
  const isSubscribe =
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'subscribe' &&
    first === fn
  const watched = isWatch ? first : isSubscribe ? callee.object : undefined
  return watched ? optionsOf(scan.valueOf(watched)).flatMap((each) => (each.kind === 'named' ? [each] : [])) : []
}

interface CardMember {
  readonly name: string
  readonly kind: CardKind
  readonly node: Node
}

function membersOf(whole: Named, scan: CodeScan): readonly CardMember[] {
  const declared = declaredMembers(whole, scan).flatMap(({ name, node }): CardMember[] => {
    const kind = cardKindOf(name)
    return kind ? [{ name, kind, node }] : []
  })
  return [...declared, ...seenIn(scan.module).filter(({ owner }) => isSame(whole, owner, scan))]
}

interface Whole {
  readonly value: Named
  /** Members that were left out, or overwritten. */
  readonly without: ReadonlySet<string>
}

interface Collecting {
  readonly without: ReadonlySet<string>
  readonly wholes: Whole[]
  readonly depth: number
}

/** Objects that have something about each field: what is wrong with it, whether it was touched, how it is labelled. */
const SAYS_OF_FIELDS =
  /(?:errors?|touched|dirty|valid\w*|schema|labels?|rules|placeholders?|messages?|masks?|masked|fields|columns|headers|formatters|props|styles|classes|refs|elements|selectors)(?:\(\))?$/i
const MOST_WHOLES = 12
const PASSES = /^(?:JSON\.(?:stringify|parse)|structuredClone|Object\.(?:assign|freeze)|Buffer\.from|String)\(\)$/

/** What goes out whole, in a value: by itself, spread, in a list, as JSON. */
function collect(value: Value, { without, wholes, depth }: Collecting): void {
  if (depth > 8 || wholes.length >= MOST_WHOLES) return
  const inner = { without, wholes, depth: depth + 1 }
  const fresh = { ...inner, without: new Set<string>() }
  if (value.kind === 'union') for (const option of value.options) collect(option, inner)
  else if (value.kind === 'text') for (const part of value.parts) collect(part, fresh)
  else if (value.kind === 'list') for (const item of value.items) collect(item, fresh)
  else if (value.kind === 'object') {
    const names = value.layers.flatMap((layer) => ('spread' in layer || layer.name === undefined ? [] : [layer.name]))
    for (const layer of value.layers) {
      if (!('spread' in layer)) collect(layer.value(), fresh)
      else collect(layer.spread(), { ...inner, without: new Set([...without, ...names, ...(layer.except ?? [])]) })
    }
  } else if (value.kind === 'named') {
    if (value.via === 'call' && PASSES.test(value.path)) for (const arg of value.args ?? []) collect(arg, inner)
    else if (value.path !== '~') wholes.push({ value, without })
  }
}

/** Whether an expression means the same thing as a value: by the way to it, and by where that begins. */
function isSame(whole: Named, owner: Node, scan: CodeScan): boolean {
  return optionsOf(scan.valueOf(owner)).some(
    (option) => option.kind === 'named' && option.path === whole.path && beginOf(option) === beginOf(whole),
  )
}

/** The call, or the parameter, that a way begins with: `a` of two functions is not the same. */
function beginOf(value: Named): Node | undefined {
  let at: Value | undefined = value
  let begin: Named = value
  while (at?.kind === 'named') {
    begin = at
    if (at.via === 'call' || at.via === 'new') break
    at = at.base
  }
  return begin.path === '~this' ? undefined : begin.origin.node
}

/** In the same function: what is cleared elsewhere may be there all the same. */
function isBefore(node: Node, use: Node): boolean {
  return node.start < use.start && functionAround(node) === functionAround(use)
}

/** `delete form.cvv`, `form.cvv = ''`, `form.cardNumber = mask(form.cardNumber)`, `form.cardNumber = form.cardNumber.slice(-4)` */
function isCleared(node: Node, scan: CodeScan): boolean {
  const { parent } = node
  if (parent?.type === 'UnaryExpression') return parent.operator === 'delete'
  if (parent?.type !== 'AssignmentExpression' || parent.left !== node) return false
  const value = scan.valueOf(parent.right)
  if (value.kind === 'constant' || value.kind === 'text') return parent.operator === '='
  return pathsOf(value).some((path) => CLEARS.test(path) || SANITIZER.test(path.slice(path.lastIndexOf('.') + 1)))
}

const CLEARS = /\.(?:slice|substr|substring|at)\(\)$/

function functionAround(node: Node): Node | undefined {
  let at: Node | null | undefined = node.parent
  while (at && !at.type.includes('Function')) at = at.parent
  return at ?? undefined
}

const known = new WeakMap<Module, readonly Seen[]>()

function seenIn(module: Module): readonly Seen[] {
  const before = known.get(module)
  if (before) return before
  const { byType } = module.tree
  const found = [
    ...(byType.get('MemberExpression') ?? []).flatMap(asMember),
    ...(byType.get('ObjectPattern') ?? []).flatMap(asPattern),
  ]
  known.set(module, found)
  return found
}

function asMember(node: Node): Seen[] {
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return []
  const { name } = node.property
  const kind = cardKindOf(name)
  return kind ? [{ name, kind, node, owner: node.object }] : []
}

/** `const { cardNumber, cvv } = form` */
function asPattern(node: Node): Seen[] {
  if (node.type !== 'ObjectPattern' || node.parent?.type !== 'VariableDeclarator' || !node.parent.init) return []
  const owner = node.parent.init
  return node.properties.flatMap((property): Seen[] => {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') return []
    const kind = cardKindOf(property.key.name)
    return kind ? [{ name: property.key.name, kind, node: property, owner }] : []
  })
}

import { wordsOf } from '../data/column.ts'
import type { Module } from '../modules/module.ts'
import { sourceOf } from '../modules/source-text.ts'
import type { Node } from '../syntax/parse.ts'
import type { Layer, Origin, Value } from '../values/value.ts'
import { SENSITIVE_NAMES, type NamedSourceKind } from './sensitive-names.ts'
import { BEFORE_LINK_PART, RENDERS, SANITIZER, type SourceHit } from './sources.ts'

const DEEPEST = 6
const MOST_HITS = 4

/**
 * Variables that a text was put together from, and that are named after something sensitive though what they were made
 * from does not say so: `const password = randomBytes(8).toString('hex')` in a text that was written in another file.
 */
export function writtenVariables(value: Value, kinds: readonly NamedSourceKind[]): readonly SourceHit[] {
  const search = new Search(kinds)
  search.look(value, 0)
  return search.hits
}

class Search {
  readonly hits: SourceHit[] = []
  readonly #kinds: readonly NamedSourceKind[]
  readonly #seen = new Set<Node | Value>()

  constructor(kinds: readonly NamedSourceKind[]) {
    this.#kinds = kinds
  }

  look(value: Value, depth: number): void {
    if (depth > DEEPEST || this.hits.length >= MOST_HITS || this.#seen.has(value)) return
    this.#seen.add(value)
    if (value.kind === 'text') {
      for (const part of value.parts) {
        if (part.kind === 'constant') this.#lookAround(part.origin)
        else this.look(part, depth + 1)
      }
    } else if (value.kind === 'list') for (const item of value.items) this.look(item, depth + 1)
    else if (value.kind === 'union') for (const option of value.options) this.look(option, depth + 1)
    else if (value.kind === 'object') for (const layer of value.layers) this.#lookAtLayer(layer, value.origin, depth)
    else if (value.kind === 'named' && value.via === 'call' && RENDERS.test(value.path)) {
      for (const arg of value.args ?? []) this.look(arg, depth + 1)
      const { node } = value.origin
      if (node.type === 'CallExpression') for (const arg of node.arguments) this.#lookAtName(arg, value.origin.module)
    }
  }

  #lookAtLayer(layer: Layer, { module }: Origin, depth: number): void {
    if ('spread' in layer) {
      this.look(layer.spread(), depth + 1)
      return
    }
    const { node } = layer
    const right = node.type === 'Property' ? node.value : node.type === 'AssignmentExpression' ? node.right : undefined
    if (right?.type === 'Identifier') this.#lookAtName(right, module)
    // `{ password: generate() }`
    else if (right?.type === 'CallExpression' && layer.name !== undefined && isPlain(right, module)) {
      this.#add(layer.name, { module, node: right })
    }
    this.look(layer.value(), depth + 1)
  }

  /** The names that stand beside a piece of text in a template or a sum. */
  #lookAround({ module, node }: Origin): void {
    let at: Node = node.type === 'TemplateElement' && node.parent ? node.parent : node
    while (at.parent?.type === 'BinaryExpression' && at.parent.operator === '+') at = at.parent
    if (this.#seen.has(at)) return
    this.#seen.add(at)
    for (const { node: id, isInLink } of namesIn(at, '')) this.#lookAtName(id, module, isInLink)
  }

  #lookAtName(node: Node, module: Module, isInLink = false): void {
    if (node.type !== 'Identifier') return
    const declaration = module.tree.bindings.get(node)?.declarations.at(-1)
    const made = declaration ? makingOf(declaration) : undefined
    if (made && isPlain(made, module)) this.#add(node.name, { module, node }, isInLink)
  }

  #add(name: string, { module, node }: Origin, isInLink = false): void {
    const words = wordsOf(name)
    const kind = this.#kinds.find(
      (each) => SENSITIVE_NAMES[each].pattern.test(words) && !SENSITIVE_NAMES[each].not.test(words),
    )
    // Links have tokens that are good once.
    if (kind && !(kind === 'secret' && isInLink)) this.hits.push({ kind, path: name, origin: { module, node } })
  }
}

interface NameInText {
  readonly node: Node
  readonly isInLink: boolean
}

/** The names in a template or a sum, each with whether it is a part of an address there. */
function namesIn(node: Node, before: string): readonly NameInText[] {
  switch (node.type) {
    case 'TemplateLiteral':
      return node.expressions.flatMap((each, index) => namesIn(each, node.quasis[index]?.value.raw ?? ''))
    case 'BinaryExpression':
      return [...namesIn(node.left, before), ...namesIn(node.right, endOf(node.left))]
    case 'ParenthesizedExpression':
      return namesIn(node.expression, before)
    case 'Identifier':
      return [{ node, isInLink: BEFORE_LINK_PART.test(before) }]
    default:
      return []
  }
}

function endOf(node: Node): string {
  if (node.type === 'Literal') return String(node.value)
  if (node.type === 'TemplateLiteral') return node.quasis.at(-1)?.value.raw ?? ''
  return node.type === 'BinaryExpression' ? endOf(node.right) : ''
}

/** What a variable is made of where it is declared. */
function makingOf(declaration: Node): Node | undefined {
  for (let at: Node | null | undefined = declaration; at; at = at.parent) {
    if (at.type === 'VariableDeclarator') return at.init ?? undefined
    if (at.type.includes('Function') || at.type === 'Property') return undefined
  }
  return undefined
}

/** Neither written out as it stands, nor masked, hashed or cut on the way. */
function isPlain(made: Node, module: Module): boolean {
  if (made.type === 'Literal' && made.value !== '') return false
  const text = sourceOf(made, module)
  if (/\.(?:slice|substr|substring|at)\(/.test(text) && !/random/i.test(text)) return false
  return ![...text.slice(0, 400).matchAll(/([\w$]+)\s*\(/g)].some(([, name = '']) => SANITIZER.test(name))
}

import { sourceOf } from '../modules/source-text.ts'
import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { optionsOf, type Origin, type Value } from '../values/value.ts'
import { isForStage } from './development-only.ts'

/** Functions that write an error out with all that it has. */
const WRITES_ALL =
  /^(?:(?:util|node:util)\.)?inspect\(\)$|^serialize-error(?:\.serializeError)?\(\)$|^~?errorToObject\(\)$/
const OWN_STACK = /^new (?:[\w.]*Error)\.stack$/
const DEEPEST = 8

/**
 * Where the stack of an error is in a value, or the error is written out with all that it has; undefined where there is
 * none, and where it is there only outside of production.
 */
export function stackIn(value: Value, scan: CodeScan): Origin | undefined {
  const hit = scan.sourcesIn(value, ['error']).find(({ path }) => /\.stack\b/.test(path))
  const found = hit?.origin ?? writtenOut(value, scan, 0)
  return found && !isForDevelopers(found) ? found : undefined
}

function writtenOut(value: Value, scan: CodeScan, depth: number): Origin | undefined {
  if (depth > DEEPEST) return undefined
  for (const option of optionsOf(value)) {
    const inner = partsOf(option)
    if (option.kind === 'named' && (OWN_STACK.test(option.path) || isWritten(option.path, option.args ?? [], scan))) {
      return option.origin
    }
    for (const part of inner) {
      const found = writtenOut(part, scan, depth + 1)
      if (found) return found
    }
  }
  return undefined
}

function partsOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'text':
      return value.parts
    case 'list':
      return value.items
    case 'object':
      return value.layers.map((layer) => ('spread' in layer ? layer.spread() : layer.value()))
    case 'named':
      // `util.inspect(err).replace(…)`
      return value.via === 'call' && value.base?.kind === 'named' && value.base.base ? [value.base.base] : []
    default:
      return []
  }
}

function isWritten(path: string, args: readonly Value[], scan: CodeScan): boolean {
  const [first, second] = args
  if (!first) return false
  // `JSON.stringify(err, Object.getOwnPropertyNames(err))` has what an error does not show by itself.
  const hasAll =
    WRITES_ALL.test(path) ||
    (path === 'JSON.stringify()' &&
      second?.kind === 'named' &&
      /^(?:Object\.getOwnPropertyNames|Reflect\.ownKeys)\(\)$/.test(second.path))
  return hasAll && scan.sourcesIn(first, ['error']).length > 0
}

const CHOSEN = /debug|verbose|(?:show|include|expose|with|print)_?(?:stack|trace|error)|isLocal/i

/** Whether something is done only outside of production, or where somebody asked for it. */
export function isForDevelopers(place: Origin): boolean {
  if (isForStage(place)) return true
  const { module, node } = place
  for (let at: Node = node; at.parent; at = at.parent) {
    const { parent } = at
    const isBranch = parent.type === 'IfStatement' || parent.type === 'ConditionalExpression'
    if (isBranch && at !== parent.test && isForStages(sourceOf(parent.test, module))) return true
    if (parent.type === 'LogicalExpression' && parent.operator === '&&' && at === parent.right) {
      if (isForStages(sourceOf(parent.left, module))) return true
    }
    if (parent.type === 'CallExpression' && sourceOf(parent.callee, module).endsWith('.configure')) {
      const [stage] = parent.arguments
      if (stage?.type === 'Literal' && /dev|test/i.test(String(stage.value))) return true
    }
    if (at.type.includes('Function') && isCalledByDevelopers(at, place)) return true
  }
  return followsReturn(node, place)
}

function isForStages(test: string): boolean {
  return CHOSEN.test(test) || /NODE_ENV|\bprod|develop|\bisDev|\bisProd|\benv\b/i.test(test)
}

/** `sendErrorDev(err, res)`, or a function that is called in such branches alone. */
function isCalledByDevelopers(fn: Node, { module }: Origin): boolean {
  const declared =
    fn.type === 'FunctionDeclaration' ? fn.id : fn.parent?.type === 'VariableDeclarator' ? fn.parent.id : null
  if (declared?.type !== 'Identifier') return false
  if (/(?:Dev|Development|Debug|Local)(?:Error)?s?$|^(?:dev|development|debug)/.test(declared.name)) return true
  const reads = module.tree.bindings.get(declared)?.reads ?? []
  return reads.length > 0 && reads.every((node) => isForStage({ module, node }))
}

/** `if (isProduction) return res.send('…')` goes before. */
function followsReturn(node: Node, { module }: Origin): boolean {
  for (let at: Node = node; at.parent; at = at.parent) {
    const { parent } = at
    if (parent.type !== 'BlockStatement') continue
    const before = parent.body.filter((each) => each.end <= at.start)
    const isLeft = before.some(
      (each) =>
        each.type === 'IfStatement' &&
        /={2,3}\s*['"`]production|isProd/i.test(sourceOf(each.test, module)) &&
        !/!={1,2}|^!/.test(sourceOf(each.test, module)) &&
        /\breturn\b|\bthrow\b/.test(sourceOf(each.consequent, module)),
    )
    if (isLeft) return true
  }
  return false
}

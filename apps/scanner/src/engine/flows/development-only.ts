import type { Module } from '../modules/module.ts'
import { sourceOf } from '../modules/source-text.ts'
import type { Origin } from '../values/value.ts'

const STAGE =
  /NODE_ENV|\bprod|production|develop|\b(?:is)?dev\b|\b__DEV__\b|isDev|isProd|isLocal|isTest|\bDEV\b|\bPROD\b/i

/** Whether a value is used only where a test says which stage it runs in, such as `isDev ? 'a' : process.env.B`. */
export function isForStage({ module, node }: Origin): boolean {
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at
    if (/Function|Class|^Program$/.test(parent.type)) return false
    const isBranch = parent.type === 'ConditionalExpression' || parent.type === 'IfStatement'
    if (isBranch && at !== parent.test && STAGE.test(sourceOf(parent.test, module))) return true
    if (parent.type === 'LogicalExpression' && parent.operator === '&&' && at === parent.right) {
      if (STAGE.test(sourceOf(parent.left, module))) return true
    }
  }
  return false
}

/** Whether the file stops where a test on this name says so: `if (isProduction && !process.env.SECRET) throw …`. */
export function isRefused(names: RegExp, module: Module): boolean {
  return (module.tree.byType.get('IfStatement') ?? []).some(
    (node) =>
      node.type === 'IfStatement' &&
      names.test(sourceOf(node.test, module)) &&
      /\bthrow\b|\bexit\(/.test(sourceOf(node.consequent, module).slice(0, 600)),
  )
}

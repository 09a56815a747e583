import type { Node } from '../syntax/parse.ts'

/** How a happening stands to a use: it cannot have been yet, it was for sure, or it may have been. */
export type Standing = 'not yet' | 'sure' | 'maybe'

const HOMES = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'Program',
  'StaticBlock',
])
const LOOPS = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement'])

/** The function, or the program, that a node runs in. */
function homeOf(node: Node): Node {
  let at: Node = node
  while (at.parent) {
    at = at.parent
    if (HOMES.has(at.type)) return at
  }
  return at
}

/** Whether something has happened where a value is used. */
export function standing(happening: Node, use: Node): Standing {
  const home = homeOf(happening)
  const useHome = homeOf(use)
  const branch = branchOf(happening, home)
  if (home === useHome) {
    if (happening.end > use.start && !inOneLoop(happening, use)) return 'not yet'
    return (branch === undefined || contains(branch, use)) && happening.end <= use.start ? 'sure' : 'maybe'
  }
  // Used in a function within: by the time it runs, what is around it has run to its end.
  if (contains(home, use)) return branch === undefined ? 'sure' : 'maybe'
  return 'maybe'
}

/** The branch that has to be taken for a node to run; undefined where there is none within its function. */
function branchOf(node: Node, home: Node): Node | undefined {
  let at: Node = node
  while (at !== home && at.parent) {
    const parent: Node = at.parent
    if (isBranch(parent, at)) return at
    at = parent
  }
  return undefined
}

function isBranch(parent: Node, child: Node): boolean {
  switch (parent.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return parent.test !== child
    case 'LogicalExpression':
      return parent.right === child
    case 'SwitchStatement':
      return parent.discriminant !== child
    case 'TryStatement':
      return parent.handler === child
    default:
      return LOOPS.has(parent.type) && 'body' in parent && parent.body === child
  }
}

function inOneLoop(first: Node, second: Node): boolean {
  for (let at: Node | null | undefined = first; at && !HOMES.has(at.type); at = at.parent) {
    if (LOOPS.has(at.type) && contains(at, second)) return true
  }
  return false
}

/** Whether a node lies within another one. */
function contains(outer: Node, inner: Node): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}

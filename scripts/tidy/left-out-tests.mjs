import ts from 'typescript'
import { isCode, isTest, nameOf, ownerOf, visit } from './source-tree.mjs'

const RUNNERS = new Set(['test', 'it', 'describe', 'suite', 'bench'])
/** Not `skipIf` and `runIf`: those name the machine that a test is not for. */
const LEAVES_OUT = new Set(['only', 'skip', 'todo'])
const OTHER_NAMES = new Set(['fit', 'fdescribe', 'xit', 'xtest', 'xdescribe'])

/** A test that is left out, or that leaves out all others. */
export function leftOutTests(sources) {
  const findings = []
  for (const source of sources.filter((candidate) => isCode(candidate) && isTest(candidate))) {
    visit(source, (node, line) => {
      const found = leavesOut(node)
      if (found === undefined) return
      findings.push({
        file: source.path,
        line: line(),
        what: `${found} leaves tests out`,
        why: 'the run is green and nobody sees what it did not check',
        todo: 'run it, or remove it',
      })
    })
  }
  return findings
}

function leavesOut(node) {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    return OTHER_NAMES.has(node.expression.text) ? node.expression.text : undefined
  }
  if (!ts.isPropertyAccessExpression(node) || !LEAVES_OUT.has(node.name.text)) return undefined
  return RUNNERS.has(rootOf(node)) || RUNNERS.has(ownerOf(node)) ? `${rootOf(node)}.${nameOf(node)}` : undefined
}

/** `test` in `test.concurrent.only`. */
function rootOf(node) {
  return ts.isPropertyAccessExpression(node) ? rootOf(node.expression) : nameOf(node)
}

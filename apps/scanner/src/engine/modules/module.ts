import { growTree, type Tree } from '../syntax/tree.ts'
import { codeOf } from './embedded-code.ts'

/** A file of the project that holds code. */
export interface Module {
  /** Relative to the root of the scan, with `/`. */
  readonly path: string
  readonly text: string
  readonly tree: Tree
  /** How far positions in the tree are ahead of those in the text: JSON is read in parentheses. */
  readonly shift: number
}

/** Reads the code of a file; of a page or component, that of its scripts, every character at its own place. */
export function readModule(path: string, text: string): Module {
  const isJson = path.endsWith('.json')
  const code = isJson ? `(${text}\n)` : codeOf(path, text)
  return { path, text, tree: growTree(path, code), shift: isJson ? 1 : 0 }
}

import type { Node } from '../syntax/parse.ts'
import type { Module } from './module.ts'

/** The text of a node, as it is written. */
export function sourceOf({ start, end }: Node, { text, shift }: Module): string {
  return text.slice(Math.max(0, start - shift), Math.max(0, end - shift))
}

/** The text of a node without its comments: one that says how it ought to be does not make it so. */
export function codeOf(node: Node, module: Module): string {
  return codeBetween(node.start, node.end, module)
}

/** The text between two offsets of the parser's, without comments. They are the parser's, which knows them from texts. */
export function codeBetween(start: number, end: number, { text, shift, tree }: Module): string {
  let code = ''
  let from = start
  for (const comment of tree.comments) {
    if (comment.end <= from || comment.start >= end) continue
    code += `${text.slice(from - shift, Math.max(from, comment.start) - shift)} `
    from = Math.min(comment.end, end)
  }
  return code + text.slice(Math.max(0, from - shift), Math.max(0, end - shift))
}

import type { Fix } from '../fix.ts'
import type { Module } from '../modules/module.ts'
import type { Node } from '../syntax/parse.ts'
import type { Origin, Value } from './value.ts'

/** What can be replaced without a loss: it says nothing but yes or no, or a single word. */
const FLAG = /^(?:true|false|null|!?[01])$/
const WORD = /^(['"`])[\w.-]{0,40}\1$/

/**
 * Puts another value in the place of one that is written out where it is given: `secure: false`, `tls.secure = false`.
 *
 * @param origin the property or the assignment, which is where the finding has to be reported too
 * @param text a flag for a flag, a word in quotes for a word
 * @returns undefined where the value comes from elsewhere: others may go by it
 */
export function fixWrittenValue({ node, module }: Origin, text: string): Fix | undefined {
  const given = valueGivenBy(node)
  if (!given) return undefined
  const range = rangeIn(module, given)
  const before = module.text.slice(range.start, range.end)
  const isPlain = (WORD.test(text) ? WORD : FLAG).test(before)
  return isPlain ? { what: `Write ${text} for ${before}`, edits: [{ ...range, text }] } : undefined
}

/**
 * Gives an object that is written out one more member, which it does not have.
 *
 * @param member such as `secure: true`
 * @param module the file that the finding is reported in
 * @returns undefined where the object is made elsewhere
 */
export function fixMissingMember(object: Value | undefined, member: string, module: Module): Fix | undefined {
  if (object?.kind !== 'object' || object.origin.module !== module) return undefined
  const { node } = object.origin
  const last = node.type === 'ObjectExpression' ? node.properties.at(-1) : undefined
  if (!last) return undefined
  const { end } = rangeIn(module, last)
  return { what: `Add ${member}`, edits: [{ start: end, end, text: `, ${member}` }] }
}

function valueGivenBy(node: Node): Node | null | undefined {
  if (node.type === 'Property' || node.type === 'PropertyDefinition') return node.value
  return node.type === 'AssignmentExpression' && node.operator === '=' ? node.right : undefined
}

function rangeIn({ shift }: Module, { start, end }: Node): { start: number; end: number } {
  return { start: start - shift, end: end - shift }
}

import type { FileContext } from '../files/file-context.ts'
import { contextsOf } from '../files/file-context.ts'
import type { Module } from '../modules/module.ts'
import type { Rule } from '../rule.ts'

/** Whether a rule is silent in a file that is there for these. */
export function isSilentIn({ silentIn }: Rule, contexts: ReadonlySet<FileContext>): boolean {
  return silentIn?.some((context) => contexts.has(context)) === true
}

/** Whether a text has anything of what a rule looks for. */
export function hasWords({ words }: Rule, text: string): boolean {
  return words === undefined || words.some((word) => text.includes(word))
}

const known = new WeakMap<Module, Map<Rule, boolean>>()
const contexts = new WeakMap<Module, ReadonlySet<FileContext>>()

/** Whether a rule has anything to look for in a file of the project. */
export function applies(rule: Rule, module: Module): boolean {
  const answers = known.get(module) ?? new Map<Rule, boolean>()
  known.set(module, answers)
  const before = answers.get(rule)
  if (before !== undefined) return before
  const own = contexts.get(module) ?? contextsOf(module.path, module.text)
  contexts.set(module, own)
  const answer = !isSilentIn(rule, own) && hasWords(rule, module.text)
  answers.set(rule, answer)
  return answer
}

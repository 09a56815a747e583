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

interface Standing {
  readonly isSilent: boolean
  readonly hasWords: boolean
}

const known = new WeakMap<Module, Map<Rule, Standing>>()
const contexts = new WeakMap<Module, ReadonlySet<FileContext>>()

/**
 * Whether a rule has anything to look for in a function of another file. What must not leave the program is named where
 * it comes from: the words of a rule about sinks may be in the caller alone.
 */
export function applies(rule: Rule, module: Module, caller: Module): boolean {
  const standing = standingOf(rule, module)
  if (standing.isSilent) return false
  return standing.hasWords || (rule.on.sinks !== undefined && standingOf(rule, caller).hasWords)
}

function standingOf(rule: Rule, module: Module): Standing {
  const answers = known.get(module) ?? new Map<Rule, Standing>()
  known.set(module, answers)
  const before = answers.get(rule)
  if (before !== undefined) return before
  const own = contexts.get(module) ?? contextsOf(module.path, module.text)
  contexts.set(module, own)
  const standing = { isSilent: isSilentIn(rule, own), hasWords: hasWords(rule, module.text) }
  answers.set(rule, standing)
  return standing
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ALL_RULES } from '../../apps/scanner/src/rules/all-rules.ts'
import { UNSAFE_SHOP } from './audit.ts'

/**
 * Turned on once every rule that faults.json names is there. Until then a fault without a rule is only listed, and the
 * tutorial prints what the rules find that are there.
 */
export const STATE: { readonly allRulesAreThere: boolean } = { allRulesAreThere: true }

/** A fault that was planted. */
export interface Fault {
  readonly practice: number
  readonly rule: string
  readonly file: string
  /** The text of the line, without what is blank at its ends. */
  readonly line: string
  readonly why: string
}

/** What examples/unsafe-shop/faults.json lists. */
export const FAULTS = JSON.parse(readFileSync(join(UNSAFE_SHOP, 'faults.json'), 'utf8')) as Fault[]
/** The rules that there are, by name. */
export const RULES = new Map(ALL_RULES.map((rule) => [rule.id, rule]))

/** `file:line rule` of a planted fault. @throws Error where its line is not there, or there twice */
export function placeOf({ file, line, rule }: Fault): string {
  const lines = readFileSync(join(UNSAFE_SHOP, file), 'utf8').split('\n')
  const at = lines.flatMap((text, index) => (text.trim() === line ? [index + 1] : []))
  const [only] = at
  if (only === undefined || at.length > 1) throw new Error(`${file}: ${at.length} lines are: ${line}`)
  return `${file}:${only} ${rule}`
}

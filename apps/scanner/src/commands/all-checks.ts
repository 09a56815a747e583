import type { RuleText } from '../engine/rule.ts'
import { ALL_PROBES } from '../probes/all-probes.ts'
import { ALL_RULES } from '../rules/all-rules.ts'

/** What is looked for in files and on running sites. */
export const ALL_CHECKS: readonly RuleText[] = [...ALL_RULES, ...ALL_PROBES]

import type { FailureDetail } from '@ucanpay/wire/failures'
import { Refusal } from './refusal.ts'
import type { Rule, Shape } from './rules.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * Refuses members that do not have the shape, by the first rule that they break, in the gateway's order: what is missing,
 * then what is unknown, then each member.
 *
 * @throws Refusal LACK_PARAMS, PARAM_ERROR
 */
export function checkMembers(members: Members, { required, members: rules }: Shape): void {
  const missing = required.find((name) => !Object.hasOwn(members, name))
  if (missing !== undefined) refuse('LACK_PARAMS', { pointer: `/${missing}`, rule: 'required' })
  const unknown = Object.keys(members).some((name) => !Object.hasOwn(rules, name))
  if (unknown) refuse('PARAM_ERROR', { pointer: '', rule: 'additionalProperties' })
  for (const [name, rule] of Object.entries(rules)) {
    if (!Object.hasOwn(members, name)) continue
    const broken = brokenRule(members[name], rule)
    if (broken !== undefined) refuse('PARAM_ERROR', { pointer: `/${name}`, rule: broken })
  }
}

function refuse(msg: 'LACK_PARAMS' | 'PARAM_ERROR', failure: FailureDetail): never {
  throw new Refusal(msg, { failures: [failure] })
}

function brokenRule(value: unknown, rule: Rule): string | undefined {
  if (rule.type === 'integer') return brokenNumber(value, rule)
  if (typeof value !== 'string') return 'type'
  const length = Array.from(value).length // JSON Schema counts characters, not UTF-16 units.
  if (length > (rule.maxLength ?? Infinity)) return 'maxLength'
  if (length < (rule.minLength ?? 0)) return 'minLength'
  if (rule.pattern !== undefined && !new RegExp(rule.pattern, 'u').test(value)) return 'pattern'
  if (rule.format === 'date-time' && !isDateTime(value)) return 'format'
  return rule.enum !== undefined && !rule.enum.includes(value) ? 'enum' : undefined
}

function brokenNumber(value: unknown, { minimum = -Infinity, maximum = Infinity }: Rule): string | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return 'type'
  if (value > maximum) return 'maximum'
  return value < minimum ? 'minimum' : undefined
}

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt\s]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$/

/** RFC 3339, with a day that the calendar has. */
function isDateTime(value: string): boolean {
  const day = DATE_TIME.exec(value)?.[1]
  if (day === undefined || Number.isNaN(Date.parse(value))) return false
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}

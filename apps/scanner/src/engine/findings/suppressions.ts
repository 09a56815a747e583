import type { Lines } from '../files/lines.ts'

/** `ucanpay-audit-ignore <rule-id>: reason`, in a comment on the line itself or alone on the line before. */
export interface IgnoreMark {
  readonly ruleId: string
  /** Empty where none is given: the mark then holds nothing back. */
  readonly reason: string
  /** The line that it is for. */
  readonly line: number
  readonly start: number
  readonly end: number
}

const MARK = /ucanpay-audit-ignore[ \t]+([a-z0-9-]+|\*)(?:[ \t]*:[ \t]*([^\n]*?))?[ \t]*(?:\*\/|-->|\*\/\}|$)/gm
/** Nothing but a comment before it: the mark is for the line after. */
const ALONE = /^\s*(?:\/\/|\/\*+|\*|#|--|<!--|;|\{\/\*)\s*$/

/** The marks in a text by which findings are accepted where they stand. */
export function ignoreMarks(text: string, lines: Lines): IgnoreMark[] {
  if (!text.includes('ucanpay-audit-ignore')) return []
  return [...text.matchAll(MARK)].map((match) => {
    const [whole, ruleId = '', reason = ''] = match
    const { line, column } = lines.position(match.index)
    const alone = ALONE.test(lines.text(line).slice(0, column - 1))
    return {
      ruleId,
      reason: reason.trim(),
      line: alone ? line + 1 : line,
      start: match.index,
      end: match.index + whole.length,
    }
  })
}

/** Whether a finding of this rule on this line is accepted by a mark with a reason. */
export function isIgnored(marks: readonly IgnoreMark[], ruleId: string, line: number): boolean {
  return marks.some(
    (mark) => mark.reason !== '' && mark.line === line && (mark.ruleId === ruleId || mark.ruleId === '*'),
  )
}

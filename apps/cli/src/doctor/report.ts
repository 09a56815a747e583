import { shown } from '../command.ts'
import type { Row } from './row.ts'

/** The practices, by their numbers in the list that UCanPay publishes. */
const PRACTICES: Readonly<Record<number, string>> = {
  1: 'HTTPS always',
  2: 'Certificates are validated',
  3: 'API keys stay secret',
  4: 'Keys are regenerated',
  5: 'AES-256 at rest',
  6: 'Sensitive data is encrypted before it is stored',
  7: 'No sensitive data by open channels',
  8: 'Generic error messages',
  9: 'Errors are logged without sensitive data',
  10: 'Sessions time out',
  11: 'Secure, HttpOnly cookies',
  12: 'Automated scanning in development',
  13: 'Third-party audits',
  14: 'PCI DSS, GDPR: segmentation, data protection, retention',
}

const MARKS = { held: ['ok  ', 32], 'not held': ['FAIL', 31], absent: ['–   ', 2] } as const
const BOLD = 1
const DIM = 2

/**
 * The rows as a person reads them: under each practice its checks, a line of evidence each, and what to do where one does
 * not hold; at the end the verdict in one line.
 *
 * @param rows in the order of their practices
 */
export function render(rows: readonly Row[], colour: boolean): string {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  const lines: string[] = []
  let practice = 0
  for (const row of rows) {
    if (row.practice !== practice) {
      practice = row.practice
      lines.push('', paint(BOLD, `${practice}. ${PRACTICES[practice] ?? 'Other'}`))
    }
    const [mark, code] = MARKS[row.state]
    lines.push(`  ${paint(code, mark)}  ${row.what}`, `        ${paint(DIM, shown(row.evidence))}`)
    if (row.remedy !== undefined) lines.push(`        → ${shown(row.remedy)}`)
  }
  return `${lines.join('\n').trimStart()}\n\n${verdict(rows, paint)}\n`
}

function verdict(rows: readonly Row[], paint: (code: number, text: string) => string): string {
  const count = (state: Row['state']): number => rows.filter((row) => row.state === state).length
  const [held, broken, absent] = [count('held'), count('not held'), count('absent')]
  const rest = absent === 0 ? '' : `, ${absent} do not apply here`
  if (broken === 0) return paint(32, `In order: all ${held} checks hold${rest}.`)
  const practices = new Set(rows.filter(({ state }) => state === 'not held').map(({ practice }) => practice))
  const named = `practice${practices.size === 1 ? '' : 's'} ${[...practices].join(', ')}`
  return paint(31, `Not in order: ${broken} of ${held + broken} checks do not hold (${named})${rest}.`)
}

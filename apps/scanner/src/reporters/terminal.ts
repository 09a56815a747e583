import type { Finding } from '../engine/findings/finding.ts'
import { SEVERITIES, type Severity } from '../engine/severity.ts'
import type { AuditReport, Reporter } from './report.ts'

const COLOURS: Readonly<Record<Severity, number>> = { critical: 31, high: 31, medium: 33, low: 36 }

/** For people: by file, each finding with its line and how to mend it, and one line at the end that says how it is. */
export const terminal: Reporter = (report, { colour }) => {
  const paint = (text: string, code: number): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  const mends = new Map(report.rules.map(({ id, mend }) => [id, mend]))
  const lines: string[] = []
  let path = ''
  const explained = new Set<string>()
  for (const finding of report.findings) {
    if (finding.place.path !== path) {
      path = finding.place.path
      lines.push('', paint(shown(path), 1))
    }
    lines.push(...described(finding, paint))
    if (!explained.has(finding.ruleId)) {
      explained.add(finding.ruleId)
      lines.push(`      ${paint('mend:', 2)} ${mends.get(finding.ruleId) ?? ''}`)
    }
  }
  return `${[...lines, '', verdict(report, paint)].join('\n').replace(/^\n/, '')}\n`
}

type Paint = (text: string, code: number) => string

function described({ place, severity, message, ruleId, excerpt, related, commit }: Finding, paint: Paint): string[] {
  const where = (place.line === 0 ? '' : `${place.line}:${place.column}`).padEnd(8)
  const inCommit = commit === undefined ? '' : ` in commit ${commit.slice(0, 12)}`
  return [
    `  ${paint(where, 2)} ${paint(severity.padEnd(8), COLOURS[severity])} ${shown(message)}${inCommit}  ${paint(ruleId, 2)}`,
    ...(excerpt === '' ? [] : [`      ${paint('|', 2)} ${shown(excerpt)}`]),
    ...related
      .slice(0, 3)
      .map(({ what, place: at }) => `      ${paint(`${what}: ${shown(at.path)}:${at.line}:${at.column}`, 2)}`),
  ]
}

function verdict({ findings, files, read: what = 'files', accepted }: AuditReport, paint: Paint): string {
  const read = `${files} ${files === 1 ? what.slice(0, -1) : what} read`
  const kept = accepted === 0 ? '' : `, ${accepted} accepted by the baseline`
  if (findings.length === 0) return paint(`Nothing found; ${read}${kept}.`, 32)
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}`]
  })
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  return paint(`${count} (${counts.join(', ')}); ${read}${kept}.`, 31)
}

/** Control characters of somebody's file stay out of the terminal: an escape sequence there can do more than be read. */
function shown(text: string): string {
  // eslint-disable-next-line no-control-regex -- They are what is looked for.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?')
}

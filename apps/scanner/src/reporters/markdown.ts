import { SEVERITIES } from '../engine/severity.ts'
import { placeWords } from '../engine/findings/finding.ts'
import type { AuditReport, Reporter } from './report.ts'

/** Markdown, for a comment on a change or a page of a wiki: a table, then how to mend each kind. */
export const markdown: Reporter = (report) => {
  const { findings, rules } = report
  const rows = findings.map(({ severity, place, message, ruleId }) => {
    const where = cell(placeWords(place))
    return `| ${severity} | ${where} | ${cell(message)} | ${ruleId} |`
  })
  const table =
    rows.length === 0 ? [] : ['| severity | where | what | rule |', '| --- | --- | --- | --- |', ...rows, '']
  const found = rules.filter(({ id }) => findings.some(({ ruleId }) => ruleId === id))
  const pages = found.flatMap(({ id, title, why, mend, controls: { pci, asvs, gdpr } }) => [
    `## ${id}`,
    '',
    `${title}. ${why}`,
    '',
    `**How to mend it.** ${mend}`,
    '',
    `PCI DSS v4.0.1: ${pci.join(', ') || '–'} · OWASP ASVS 5.0.0: ${asvs.join(', ') || '–'} · GDPR: ${gdpr.join(', ') || '–'}`,
    '',
  ])
  return `# ucanpay-audit\n\n${summary(report)}\n\n${[...table, ...pages].join('\n')}`.replace(/\n*$/, '\n')
}

/** How many were found, by severity, in one sentence. */
export function summary({ findings, files, read = 'files', accepted }: AuditReport): string {
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}`]
  })
  const what = counts.length === 0 ? 'Nothing found' : `Found: ${counts.join(', ')}`
  return `${what}; ${files} ${read} read${accepted === 0 ? '' : `, ${accepted} accepted by the baseline`}.`
}

/** A text that stays within its cell and means nothing to Markdown or HTML. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, (sign) => `\\${sign}`)
}

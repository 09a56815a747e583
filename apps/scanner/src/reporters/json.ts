import type { Reporter } from './report.ts'

/** For programs: everything that is known, under names that stay. */
export const json: Reporter = ({ findings, rules, version, files, accepted, startedAt, durationMs }) => {
  const titles = new Map(rules.map((rule) => [rule.id, rule]))
  const results = findings.map((finding) => {
    const rule = titles.get(finding.ruleId)
    return { ...finding, practice: rule?.practice, mend: rule?.mend, controls: rule?.controls }
  })
  const tool = { name: 'ucanpay-audit', version }
  return `${JSON.stringify({ tool, startedAt, durationMs, files, accepted, findings: results }, undefined, 2)}\n`
}

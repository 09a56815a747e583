import { placeWords } from '../engine/findings/finding.ts'
import { markupText } from './markup.ts'
import type { Reporter } from './report.ts'

/** JUnit's XML, as CI servers show it: a test for each rule, which fails where it found something. */
export const junit: Reporter = ({ findings, rules, durationMs }) => {
  const cases = rules.map(({ id, title, practice }) => {
    const own = findings.filter(({ ruleId }) => ruleId === id)
    const name = `<testcase classname="practice-${practice}" name="${markupText(`${id}: ${title}`)}"`
    if (own.length === 0) return `    ${name}/>`
    const failures = own.map(({ message, severity, place, excerpt }) => {
      const where = placeWords(place)
      return `      <failure type="${severity}" message="${markupText(`${where} ${message}`)}">${markupText(`${where}\n${excerpt}`)}</failure>`
    })
    return `    ${name}>\n${failures.join('\n')}\n    </testcase>`
  })
  const failed = new Set(findings.map(({ ruleId }) => ruleId)).size
  const counts = `tests="${rules.length}" failures="${failed}" errors="0" time="${(durationMs / 1000).toFixed(3)}"`
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="ucanpay-audit" ${counts}>
${cases.join('\n')}
  </testsuite>
</testsuites>
`
}

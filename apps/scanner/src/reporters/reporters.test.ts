import { expect, test } from 'vitest'
import type { Finding } from '../engine/findings/finding.ts'
import { ALL_RULES } from '../rules/all-rules.ts'
import { html } from './html.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { oscal } from './oscal.ts'
import type { AuditReport } from './report.ts'
import { sarif } from './sarif.ts'
import { terminal } from './terminal.ts'

const HOSTILE = '</code><script>alert(1)</script>\u001b[2J|`]]>&\ud800'
const finding: Finding = {
  ruleId: 'tls-verification-disabled',
  severity: 'critical',
  message: `a ${HOSTILE}`,
  place: { path: `src/${HOSTILE}/a b.ts`, line: 3, column: 5, endLine: 3, endColumn: 9 },
  excerpt: HOSTILE,
  related: [{ what: 'used by x', place: { path: 'b.ts', line: 1, column: 1, endLine: 1, endColumn: 2 } }],
  fix: { what: 'Remove it', edits: [{ start: 0, end: 4, text: '' }] },
  fingerprint: '0123456789abcdef0123',
}
const report: AuditReport = {
  findings: [finding],
  rules: ALL_RULES,
  version: '1.0.0',
  files: 7,
  accepted: 0,
  startedAt: '2026-11-25T00:00:00.000Z',
  durationMs: 1500,
}
const plain = { colour: false }

test('what a file holds is never markup in a page, nor an order to a terminal', () => {
  expect(html(report, plain)).not.toMatch(/<script|\son\w+=|javascript:/i)
  expect(html(report, plain)).toContain("default-src 'none'")
  expect(junit(report, plain)).not.toContain('<script')
  expect(markdown(report, plain)).not.toMatch(/(?<!\\)<script/)
  for (const write of [html, junit, terminal]) expect(write(report, plain)).not.toContain('\u001b')
})

test('JUnit counts a test for each rule, and fails those that found something', () => {
  const text = junit(report, plain)
  expect(text).toContain(`tests="${ALL_RULES.length}" failures="1"`)
  expect(text.match(/<testcase /g)).toHaveLength(ALL_RULES.length)
})

test('SARIF leads from a result to its rule, its place, its fix and its controls', () => {
  const { runs } = JSON.parse(sarif(report, plain)) as {
    runs: {
      tool: { driver: { rules: { id: string; relationships: object[] }[] } }
      results: { ruleId: string; ruleIndex: number; fixes: object[]; locations: object[] }[]
    }[]
  }
  const [run] = runs
  const [result] = run?.results ?? []
  const rule = run?.tool.driver.rules[result?.ruleIndex ?? -1]
  expect(rule?.id).toBe('tls-verification-disabled')
  expect(rule?.relationships.length).toBeGreaterThan(2)
  expect(result?.fixes).toHaveLength(1)
  expect(JSON.stringify(result?.locations)).toContain('a%20b.ts')
})

test('OSCAL says of each control whether it was met, and what speaks against it', () => {
  const document = JSON.parse(oscal(report, plain)) as {
    'assessment-results': {
      results: {
        observations: { uuid: string }[]
        findings: {
          title: string
          target: { status: { state: string } }
          'related-observations'?: { 'observation-uuid': string }[]
        }[]
      }[]
    }
  }
  const [result] = document['assessment-results'].results
  const tls = result?.findings.find(({ title }) => title === 'pci-4.2.1')
  expect(tls?.target.status.state).toBe('not-satisfied')
  expect(tls?.['related-observations']?.[0]?.['observation-uuid']).toBe(result?.observations[0]?.uuid)
  expect(result?.findings.find(({ title }) => title === 'pci-8.6.2')?.target.status.state).toBe('satisfied')
  expect(result?.observations[0]?.uuid).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
})

import { createHash } from 'node:crypto'
import { placeWords, type Finding } from '../engine/findings/finding.ts'
import type { Controls } from '../engine/rule.ts'
import type { AuditReport, Reporter } from './report.ts'

const OSCAL_VERSION = '1.1.3'

/** NIST OSCAL, assessment results: for each control that a rule answers to, whether it was met, with what was observed. */
export const oscal: Reporter = (report) => {
  const { findings, rules, startedAt, durationMs, version } = report
  const end = new Date(Date.parse(startedAt) + durationMs).toISOString()
  const controls = [...new Set(rules.flatMap((rule) => controlIds(rule.controls)))].sort()
  const observations = findings.map((finding) => observation(finding, end))
  const result = {
    uuid: uuid('result', startedAt),
    title: 'ucanpay-audit',
    description: `An automated reading of ${report.files} ${report.read ?? 'files'} by ${rules.length} rules.`,
    start: startedAt,
    end,
    'reviewed-controls': {
      'control-selections': [{ 'include-controls': controls.map((id) => ({ 'control-id': id })) }],
    },
    ...(observations.length === 0 ? {} : { observations }),
    findings: controls.map((id) => verdict(id, report)),
  }
  const document = {
    'assessment-results': {
      uuid: uuid('document', startedAt, ...findings.map(({ fingerprint }) => fingerprint)),
      metadata: { title: 'Results of ucanpay-audit', 'last-modified': end, version, 'oscal-version': OSCAL_VERSION },
      'import-ap': { href: '#', remarks: 'The rules of ucanpay-audit are the plan: see --list-rules.' },
      results: [result],
    },
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

/** Identifiers as OSCAL's tokens: `pci-8.6.2`, `asvs-13.3.1`, `gdpr-32.1.a`. */
function controlIds({ pci, asvs, gdpr }: Controls): string[] {
  const article = (id: string): string => id.replace(/\)/g, '').replace(/\(/g, '.')
  return [
    ...pci.map((id) => `pci-${id}`),
    ...asvs.map((id) => `asvs-${id}`),
    ...gdpr.map((id) => `gdpr-${article(id)}`),
  ]
}

function observation({ ruleId, severity, message, place, fingerprint, commit }: Finding, collected: string): object {
  return {
    uuid: uuid('observation', fingerprint, commit ?? ''),
    title: ruleId,
    description: message,
    props: [
      { name: 'severity', value: severity },
      { name: 'fingerprint', value: fingerprint },
    ],
    methods: ['TEST'],
    types: ['finding'],
    'relevant-evidence': [
      {
        description: `${placeWords(place)}${commit === undefined ? '' : ` in commit ${commit}`}`,
      },
    ],
    collected,
  }
}

function verdict(control: string, { findings, rules, startedAt }: AuditReport): object {
  const ids = new Set(rules.filter(({ controls }) => controlIds(controls).includes(control)).map(({ id }) => id))
  const own = findings.filter(({ ruleId }) => ids.has(ruleId))
  const related = own.map(({ fingerprint, commit }) => ({
    'observation-uuid': uuid('observation', fingerprint, commit ?? ''),
  }))
  return {
    uuid: uuid('finding', control, startedAt),
    title: control,
    description: own.length === 0 ? 'Nothing was found against it.' : `${own.length} observations speak against it.`,
    target: {
      type: 'objective-id',
      'target-id': control,
      status: { state: own.length === 0 ? 'satisfied' : 'not-satisfied' },
    },
    ...(related.length === 0 ? {} : { 'related-observations': related }),
  }
}

/** The same for the same (RFC 9562, version 5 by its marks). */
function uuid(...parts: readonly string[]): string {
  const hex = createHash('sha1').update(parts.join('\n')).digest('hex')
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8'
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

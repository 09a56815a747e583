import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Finding, Place } from '../engine/findings/finding.ts'
import type { Controls, RuleText } from '../engine/rule.ts'
import type { Severity } from '../engine/severity.ts'
import type { AuditReport, Reporter } from './report.ts'

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'
const LEVELS: Readonly<Record<Severity, string>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' }
/** GitHub's scale, from 0 to 10. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
}

interface Taxonomy {
  readonly name: string
  readonly organization: string
  readonly version: string
  readonly guid: string
  readonly of: (controls: Controls) => readonly string[]
}

/** The catalogues that rules answer to. The identifiers are ours and stay, so that runs can be compared. */
const TAXONOMIES: readonly Taxonomy[] = [
  {
    name: 'PCI DSS',
    organization: 'PCI Security Standards Council',
    version: '4.0.1',
    guid: '6b6f3c1e-3d0b-4d52-9e6a-0d3a51c1f401',
    of: ({ pci }) => pci,
  },
  {
    name: 'OWASP ASVS',
    organization: 'OWASP',
    version: '5.0.0',
    guid: '6b6f3c1e-3d0b-4d52-9e6a-0d3a51c1f402',
    of: ({ asvs }) => asvs,
  },
  {
    name: 'GDPR',
    organization: 'European Union',
    version: '2016/679',
    guid: '6b6f3c1e-3d0b-4d52-9e6a-0d3a51c1f403',
    of: ({ gdpr }) => gdpr,
  },
]

/** SARIF 2.1.0, as code hosts and editors read it: rules with their pages, fixes, and what each answers to. */
export const sarif: Reporter = (report) => {
  const run = {
    tool: { driver: driver(report) },
    taxonomies: TAXONOMIES.map((taxonomy) => taxonomyOf(taxonomy, report.rules)),
    originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(resolve('.')).href}/` } },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: true,
        startTimeUtc: report.startedAt,
        endTimeUtc: new Date(Date.parse(report.startedAt) + report.durationMs).toISOString(),
      },
    ],
    results: report.findings.map((finding) => resultOf(finding, report.rules)),
  }
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, undefined, 2)}\n`
}

function driver({ rules, version }: AuditReport): object {
  return {
    name: 'ucanpay-audit',
    version,
    semanticVersion: version,
    supportedTaxonomies: TAXONOMIES.map(({ name, guid }, index) => ({ name, index, guid })),
    rules: rules.map((rule) => ({
      id: rule.id,
      name: rule.id.replace(/(?:^|-)([a-z0-9])/g, (_dash, letter: string) => letter.toUpperCase()),
      shortDescription: { text: `${rule.title}.` },
      fullDescription: { text: rule.why },
      help: { text: `${rule.why}\n\n${rule.mend}`, markdown: helpOf(rule) },
      defaultConfiguration: { level: LEVELS[rule.severity] },
      properties: {
        tags: ['security', `practice-${rule.practice}`],
        'security-severity': SECURITY_SEVERITY[rule.severity],
        precision: 'high',
      },
      relationships: TAXONOMIES.flatMap((taxonomy, index) =>
        taxonomy.of(rule.controls).map((id) => ({
          target: { id, toolComponent: { name: taxonomy.name, index, guid: taxonomy.guid } },
          kinds: ['relevant'],
        })),
      ),
    })),
  }
}

function helpOf({ why, mend, before, after, language = 'ts' }: RuleText): string {
  return `${why}\n\n**How to mend it.** ${mend}\n\nBefore:\n\`\`\`${language}\n${before}\n\`\`\`\nAfter:\n\`\`\`${language}\n${after}\n\`\`\``
}

function taxonomyOf({ name, organization, version, guid, of }: Taxonomy, rules: readonly RuleText[]): object {
  const ids = [...new Set(rules.flatMap(({ controls }) => of(controls)))].sort()
  return {
    name,
    organization,
    version,
    guid,
    isComprehensive: false,
    shortDescription: { text: `${name} ${version}` },
    taxa: ids.map((id) => ({ id, name: `${name} ${id}` })),
  }
}

function resultOf(finding: Finding, rules: readonly RuleText[]): object {
  const { ruleId, severity, message, place, excerpt, related, fix, fingerprint, commit } = finding
  return {
    ruleId,
    ruleIndex: rules.findIndex(({ id }) => id === ruleId),
    level: LEVELS[severity],
    message: { text: `${message}.` },
    locations: [{ physicalLocation: { ...locationOf(place), ...contextOf(place, excerpt) } }],
    partialFingerprints: { 'ucanpayAudit/v1': fingerprint },
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map(({ what, place: at }, index) => ({
            id: index + 1,
            message: { text: what },
            physicalLocation: locationOf(at),
          })),
        }),
    ...(fix ? { fixes: [fixOf(finding, fix)] } : {}),
    properties: {
      'security-severity': SECURITY_SEVERITY[severity],
      ...(place.line === 0 && excerpt !== '' ? { evidence: excerpt } : {}),
      ...(commit === undefined ? {} : { commit }),
    },
  }
}

function locationOf({ path, line, column, endLine, endColumn }: Place): object {
  return {
    artifactLocation: artifactOf(path),
    ...(line === 0 ? {} : { region: { startLine: line, startColumn: column, endLine, endColumn } }),
  }
}

/** The line, masked as everywhere. The whole line is its region, since a snippet has to be the region's own text. */
function contextOf({ line }: Place, excerpt: string): object {
  return excerpt === '' || line === 0
    ? {}
    : { contextRegion: { startLine: line, endLine: line, snippet: { text: excerpt } } }
}

function artifactOf(path: string): object {
  if (/^https?:\/\//.test(path)) return { uri: URL.parse(path)?.href ?? encodeURI(path.toWellFormed()) }
  const inside = relative('.', resolve(path)).replaceAll('\\', '/')
  if (inside.startsWith('..')) return { uri: pathToFileURL(resolve(path)).href }
  return { uri: inside.toWellFormed().split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' }
}

function fixOf({ place }: Finding, { what, edits }: NonNullable<Finding['fix']>): object {
  return {
    description: { text: `${what}.` },
    artifactChanges: [
      {
        artifactLocation: artifactOf(place.path),
        replacements: edits.map(({ start, end, text }) => ({
          deletedRegion: { charOffset: start, charLength: end - start },
          insertedContent: { text },
        })),
      },
    ],
  }
}

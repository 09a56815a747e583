import { UsageError } from '../command-line.ts'
import type { RuleText } from '../engine/rule.ts'
import { ALL_PROBES } from '../probes/all-probes.ts'
import { ALL_CHECKS } from './all-checks.ts'

/** Prints a rule's page. @throws UsageError where there is no such rule */
export function explain(id: string): number {
  const rule = ALL_CHECKS.find((each) => each.id === id)
  if (!rule) throw new UsageError(`there is no rule ${id}: see --list-rules`)
  process.stdout.write(rulePage(rule))
  return 0
}

/** A rule as a page in Markdown: what the pages of the rules are made of. */
export function rulePage(rule: RuleText): string {
  const { id, title, severity, practice, why, mend, before, after, language = 'ts', controls, fixes } = rule
  const list = (name: string, items: readonly string[]): string =>
    items.length === 0 ? '' : `- ${name} ${items.join(', ')}\n`
  return `# ${id}

${title}.

Severity: ${severity}. Practice: ${practice}.

## Why it matters

${why}

## How to mend it

${mend}
${fixes === undefined ? '' : `\n\`--fix\` does this by itself: ${fixes}\n`}
### Before

\`\`\`${language}
${before}
\`\`\`

### After

\`\`\`${language}
${after}
\`\`\`

## Controls

${list('PCI DSS v4.0.1:', controls.pci)}${list('OWASP ASVS 5.0.0:', controls.asvs)}${list('GDPR, Article', controls.gdpr)}
## Where it is silent

${silenceOf(rule)}
`
}

function silenceOf({ id, silentIn = [] }: RuleText): string {
  if (ALL_PROBES.some((probe) => probe.id === id))
    return 'Nowhere: it asks the running site. A single finding is accepted by an entry of a baseline that says why.'
  return `${silentIn.length === 0 ? 'Nowhere: it looks into every file.' : `In files that are there for: ${silentIn.join(', ')}.`}
A single finding is accepted by a comment on its line, or alone on the line before, that says why:
\`ucanpay-audit-ignore ${id}: reason\`.`
}

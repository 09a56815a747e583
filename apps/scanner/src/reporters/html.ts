import type { Finding } from '../engine/findings/finding.ts'
import type { RuleText } from '../engine/rule.ts'
import { summary } from './markdown.ts'
import { markupText } from './markup.ts'
import type { Reporter } from './report.ts'

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--dim:#767676}
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem;font-size:1.1rem;overflow-wrap:anywhere}
article{border-top:1px solid var(--line);padding:.75rem 0}
pre{overflow-x:auto;background:#8881;padding:.5rem .75rem;border-radius:.25rem}
.severity{display:inline-block;min-width:4.5rem;font-weight:600}
.critical,.high{color:#c62828}.medium{color:#a66300}.low{color:#00708a}
@media (prefers-color-scheme:dark){.critical,.high{color:#ff8a80}.medium{color:#ffc66d}.low{color:#7fd6ea}}
.rule,.controls{color:var(--dim);font-size:.9rem}
summary{cursor:pointer}
@media print{details>*{display:block}}
`

/** One page that needs nothing else: no script, no picture, no other file, and a policy that says so. */
export const html: Reporter = (report) => {
  const byId = new Map(report.rules.map((rule) => [rule.id, rule]))
  const paths = [...new Set(report.findings.map(({ place }) => place.path))]
  const files = paths.map((path) => {
    const own = report.findings.filter(({ place }) => place.path === path)
    return `<section><h2>${markupText(path)}</h2>\n${own.map((finding) => article(finding, byId.get(finding.ruleId))).join('\n')}</section>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>ucanpay-audit</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>ucanpay-audit</h1>
<p>${markupText(summary(report))} <span class="rule">${markupText(report.startedAt)}, version ${markupText(report.version)}</span></p>
${files.join('\n')}
</main>
</body>
</html>
`
}

function article({ severity, place, message, ruleId, excerpt, commit }: Finding, rule: RuleText | undefined): string {
  const where = `${place.line === 0 ? 'the running site' : `line ${place.line}, column ${place.column}`}${commit === undefined ? '' : `, commit ${commit.slice(0, 12)}`}`
  return `<article>
<div><span class="severity ${severity}">${severity}</span> ${markupText(message)} <span class="rule">${markupText(where)} · ${markupText(ruleId)}</span></div>
${excerpt === '' ? '' : `<pre><code>${markupText(excerpt)}</code></pre>`}
${rule ? details(rule) : ''}</article>`
}

function details({ why, mend, before, after, controls: { pci, asvs, gdpr } }: RuleText): string {
  const catalogue = `PCI DSS v4.0.1: ${pci.join(', ') || '–'} · OWASP ASVS 5.0.0: ${asvs.join(', ') || '–'} · GDPR: ${gdpr.join(', ') || '–'}`
  return `<details><summary>Why it matters, and how to mend it</summary>
<p>${markupText(why)}</p>
<p>${markupText(mend)}</p>
<p>Before:</p><pre><code>${markupText(before)}</code></pre>
<p>After:</p><pre><code>${markupText(after)}</code></pre>
<p class="controls">${markupText(catalogue)}</p>
</details>`
}

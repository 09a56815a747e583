import { isPage, type Answer } from './ask.ts'
import { readPage } from './page-elements.ts'
import type { Probe, Sighting } from './probe.ts'

/** What the policy of the page lets run. */
export const POLICY_PROBES: readonly Probe[] = [
  {
    id: 'site-content-security-policy',
    practice: 14,
    severity: 'medium',
    title: 'The page has no Content-Security-Policy, or one that lets any script run',
    why: 'The policy is what stops a script that got into the page, by a hole in a form or a supplier that was broken into, from reading the card as it is typed. With `unsafe-inline`, `*`, `https:` or `data:` for scripts it stops nothing, and one that is only reported stops nothing either.',
    mend: "Send `Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'none'`, name where other scripts come from, and give inline scripts a nonce or a hash. Try it with `-Report-Only` first, but do not leave it at that.",
    before: "content-security-policy: script-src 'self' 'unsafe-inline' https:",
    after:
      "content-security-policy: default-src 'self'; script-src 'self' 'nonce-…'; object-src 'none'; base-uri 'none'",
    language: 'http',
    controls: { pci: ['6.4.3', '11.6.1'], asvs: ['3.4.3'], gdpr: ['32(1)(b)'] },
    check: ({ page }) => (isPage(page) ? faultsOf(page) : []),
  },
]

/** The directives of one policy; of two of one name the first counts (CSP 3, 2.2.1). */
export type Policy = ReadonlyMap<string, readonly string[]>

/** Every policy that a browser enforces on a page: each of them has to allow what is done. */
export function policiesOf({ headers, body }: Answer): Policy[] {
  const inPage = readPage(body)
    .elements.filter(({ name, attributes }) => {
      return name === 'meta' && attributes.get('http-equiv')?.toLowerCase() === 'content-security-policy'
    })
    .map(({ attributes }) => attributes.get('content') ?? '')
  return [...(headers.get('content-security-policy') ?? []), ...inPage].flatMap((text) => text.split(',').map(policyOf))
}

function policyOf(text: string): Policy {
  const directives = new Map<string, readonly string[]>()
  for (const part of text.split(';')) {
    const [name = '', ...values] = part.trim().split(/\s+/)
    if (name !== '' && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), values)
  }
  return directives
}

function faultsOf(page: Answer): Sighting[] {
  const { url, headers } = page
  const policies = policiesOf(page).filter(({ size }) => size > 0)
  if (policies.length === 0) {
    const [trial] = headers.get('content-security-policy-report-only') ?? []
    return trial === undefined
      ? [{ url, message: 'There is no Content-Security-Policy', evidence: '' }]
      : [
          {
            url,
            message: 'The Content-Security-Policy is only reported: nothing is stopped',
            evidence: `content-security-policy-report-only: ${withoutNonces(trial)}`,
          },
        ]
  }
  // What one policy forbids is forbidden.
  const faults = policies.map(faultOf)
  const [first] = faults
  if (!first || faults.includes(undefined)) return []
  return [{ url, ...first }]
}

type Fault = Omit<Sighting, 'url'>

function faultOf(policy: Policy): Fault | undefined {
  if (policy.has('sandbox') && !policy.get('sandbox')?.some((word) => word.toLowerCase() === 'allow-scripts'))
    return undefined
  const fallback = ['script-src', 'default-src']
  const lists = [firstOf(policy, ['script-src-elem', ...fallback]), firstOf(policy, ['script-src-attr', ...fallback])]
  for (const [index, list] of lists.entries()) {
    if (!list) return { message: 'The Content-Security-Policy says nothing of scripts', evidence: textOf(policy) }
    const open = openSourceOf(list.sources, index === 0)
    if (open === undefined) continue
    const message = `The Content-Security-Policy lets any script run: ${open} in ${list.name}`
    return { message, evidence: withoutNonces(`${list.name} ${list.sources.join(' ')}`) }
  }
  return laxFaultOf(policy, lists[0]?.sources ?? [])
}

/** What lets a script in by another door. */
function laxFaultOf(policy: Policy, scripts: readonly string[]): Fault | undefined {
  const evidence = textOf(policy)
  if (!firstOf(policy, ['object-src', 'default-src']))
    return { message: 'The Content-Security-Policy is without object-src', evidence, severity: 'low' }
  // A script that is let in by its nonce comes from wherever a <base> that got into the page says.
  if (scripts.some((source) => /^'nonce-/i.test(source)) && !policy.has('base-uri'))
    return { message: 'The Content-Security-Policy is without base-uri', evidence, severity: 'low' }
  return undefined
}

/** The first source that any script can satisfy. `elements` are `<script>`; the rest are handlers in attributes. */
function openSourceOf(sources: readonly string[], elements: boolean): string | undefined {
  const words = sources.map((source) => source.toLowerCase())
  const isStrict = words.includes("'strict-dynamic'")
  const isNamed = isStrict || words.some((word) => /^'(?:nonce|sha(?:256|384|512))-/.test(word))
  if (!isNamed && words.includes("'unsafe-inline'")) return "'unsafe-inline'"
  if (!elements || isStrict) return undefined
  return words.find((word) => /^(?:\*|https?:|data:|(?:https?|\*):\/\/\*(?::(?:\*|\d+))?\/?)$/.test(word))
}

function firstOf(policy: Policy, names: readonly string[]): { name: string; sources: readonly string[] } | undefined {
  const name = names.find((each) => policy.has(each))
  return name === undefined ? undefined : { name, sources: policy.get(name) ?? [] }
}

function textOf(policy: Policy): string {
  return withoutNonces([...policy].map(([name, values]) => [name, ...values].join(' ')).join('; '))
}

/** They differ each time, and a finding would never be the same one. */
function withoutNonces(text: string): string {
  return text.replace(/'nonce-[^'\s]*'?/gi, "'nonce-…'")
}

import { isForStage } from '../../engine/flows/development-only.ts'
import {
  headerOfCall,
  headersOfObject,
  HELMETS,
  registeredHelmet,
  SETTERS,
  type WrittenHeader,
} from '../../engine/flows/page-headers.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { optionsOf, type Member, type Value } from '../../engine/values/value.ts'

const POLICY = /^content-security-policy$/i
const DANGEROUS = /'unsafe-(?:inline|eval)'/

export const rule: Rule = {
  id: 'script-policy-disabled',
  practice: 14,
  severity: 'medium',
  title: 'The page may run scripts that are not its own',
  why: 'A Content-Security-Policy is what stops a script that got into the page, by a hole in a form or a supplier that was broken into, from reading the card as it is typed. Turned off, or with unsafe-inline and unsafe-eval for scripts, it stops nothing.',
  mend: 'Leave the policy on and name where scripts come from; give inline scripts a nonce or a hash instead of unsafe-inline.',
  before: 'app.use(helmet({ contentSecurityPolicy: false }))',
  after: 'app.use(helmet({ contentSecurityPolicy: { directives: { scriptSrc: ["\'self\'"] } } }))',
  controls: { pci: ['6.4.3'], asvs: ['3.4.3'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'development'],
  words: ['ontentSecurityPolicy', 'ecurity-', 'helmet'],
  on: {
    calls: [
      { to: HELMETS, check: (call, scan) => checkOptions(call.args[0], scan) },
      { to: ['*.register'], check: (call, scan) => checkOptions(registeredHelmet(call), scan) },
      {
        to: HELMETS.flatMap((name) => [`${name}.contentSecurityPolicy`, `${name}.csp`]),
        check: (call, scan) => checkDirectives(call.args[0], scan),
      },
      { to: SETTERS, check: checkSetter },
    ],
    nodes: {
      ObjectExpression(node, scan) {
        for (const header of headersOfObject(node, POLICY, scan)) checkPolicy(header, scan)
      },
    },
  },
}

function checkSetter(call: CallSite, scan: CodeScan): void {
  const header = headerOfCall(call, POLICY)
  if (header) checkPolicy(header, scan)
}

function checkOptions(options: Value | undefined, scan: CodeScan): void {
  if (!options) return
  const members = scan.members(options, 'contentSecurityPolicy')
  const [latest] = members
  if (!latest) return
  if (members.every(({ value }) => isFalse(value))) {
    if (!isForStage(latest.origin)) report('The Content-Security-Policy is turned off', latest, scan)
  } else for (const { value } of members) checkDirectives(value, scan)
}

function isFalse(value: Value): boolean {
  return optionsOf(value).every((option) => option.kind === 'constant' && option.value === false)
}

/** `{ directives: { scriptSrc: ["'self'", "'unsafe-inline'"] } }`. */
function checkDirectives(options: Value | undefined, scan: CodeScan): void {
  if (!options) return
  for (const directives of scan.members(options, 'directives')) {
    for (const name of ['scriptSrc', 'script-src', 'scriptSrcElem', 'script-src-elem']) {
      for (const member of scan.members(directives.value, name)) checkSources(member, scan)
    }
  }
}

function checkSources(member: Member, scan: CodeScan): void {
  const sources = optionsOf(member.value).flatMap((option) => (option.kind === 'list' ? option.items : [option]))
  const texts = sources.flatMap((source) => (source.kind === 'constant' ? [source] : []))
  const bad = texts.find(({ value }) => DANGEROUS.test(String(value)))
  if (!bad || isForStage(bad.origin) || isOverruled(texts.map(({ value }) => String(value)).join(' '))) return
  report(`scripts are allowed ${String(bad.value)}`, member, scan)
}

/** Browsers that know nonces and hashes leave `unsafe-inline` out beside them. */
function isOverruled(sources: string): boolean {
  return /'nonce-|'sha(?:256|384|512)-|'strict-dynamic'/.test(sources) && !sources.includes("'unsafe-eval'")
}

function checkPolicy({ value, origin }: WrittenHeader, scan: CodeScan): void {
  const directive =
    /(?:^|;)\s*script-src(?:-elem)?\s([^;]*)/i.exec(value) ?? /(?:^|;)\s*default-src\s([^;]*)/i.exec(value)
  const sources = directive?.[1] ?? ''
  const found = DANGEROUS.exec(sources)?.[0]
  if (found === undefined || isOverruled(sources)) return
  if ('module' in origin && isForStage(origin)) return
  report(`scripts are allowed ${found}`, { origin }, scan)
}

function report(what: string, { origin }: { readonly origin: WrittenHeader['origin'] }, scan: CodeScan): void {
  scan.report({
    at: scan.placeOf(origin),
    message: `${what}, so that a script that got into the page runs`.replace(/^./, (first) => first.toUpperCase()),
  })
}

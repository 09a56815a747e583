import { parseApiKey } from '@ucanpay/wire/api-key'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Severity } from '../../engine/severity.ts'

interface SecretForm {
  readonly what: string
  readonly pattern: RegExp
  /** A part that every such text has: most files are done with by looking for it. */
  readonly word: string
  readonly severity: Severity
  /** Whether a text of this form is one indeed. */
  readonly confirm?: (text: string) => boolean
}

const FORMS: readonly SecretForm[] = [
  {
    what: 'a live secret key of UCanPay',
    pattern: /\bucp_(?:sk|rk)_live_[0-9A-Za-z]{38}\b/g,
    word: 'ucp_',
    severity: 'critical',
    confirm: (text) => parseApiKey(text) !== undefined,
  },
  {
    what: 'a secret key of UCanPay for tests',
    pattern: /\bucp_(?:sk|rk)_test_[0-9A-Za-z]{38}\b/g,
    word: 'ucp_',
    severity: 'medium',
    confirm: (text) => parseApiKey(text) !== undefined,
  },
  {
    what: 'a live secret key of Stripe',
    pattern: /\b[sr]k_live_[0-9A-Za-z]{16,247}\b/g,
    word: 'k_live_',
    severity: 'critical',
  },
  {
    what: 'a secret key of Stripe for tests',
    pattern: /\b[sr]k_test_[0-9A-Za-z]{16,247}\b/g,
    word: 'k_test_',
    severity: 'medium',
  },
  { what: 'a webhook secret', pattern: /\bwhsec_[0-9A-Za-z+/]{24,}={0,2}/g, word: 'whsec_', severity: 'high' },
  { what: 'an access key of AWS', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, word: 'IA', severity: 'critical' },
  {
    what: 'a token of GitHub',
    pattern: /\bgh[pousr]_[0-9A-Za-z]{36,255}\b/g,
    word: 'gh',
    severity: 'critical',
  },
  {
    what: 'a fine-grained token of GitHub',
    pattern: /\bgithub_pat_[0-9A-Za-z_]{60,255}\b/g,
    word: 'github_pat_',
    severity: 'critical',
  },
  { what: 'a token of GitLab', pattern: /\bglpat-[0-9A-Za-z_-]{20,64}\b/g, word: 'glpat-', severity: 'critical' },
  { what: 'a token of Slack', pattern: /\bxox[abposr]-[0-9A-Za-z-]{20,250}/g, word: 'xox', severity: 'high' },
  {
    what: 'a webhook address of Slack',
    pattern: /https:\/\/hooks\.slack\.com\/services\/T[0-9A-Z]{6,12}\/B[0-9A-Z]{6,12}\/[0-9A-Za-z]{20,32}/g,
    word: 'hooks.slack.com',
    severity: 'high',
  },
  {
    what: 'a key of SendGrid',
    pattern: /\bSG\.[0-9A-Za-z_-]{20,24}\.[0-9A-Za-z_-]{39,50}/g,
    word: 'SG.',
    severity: 'high',
  },
  { what: 'a key of Google', pattern: /\bAIza[0-9A-Za-z_-]{35}\b/g, word: 'AIza', severity: 'medium' },
  { what: 'a token of npm', pattern: /\bnpm_[0-9A-Za-z]{36}\b/g, word: 'npm_', severity: 'critical' },
  {
    what: 'a key of Square',
    pattern: /\b(?:sq0csp|sq0atp|EAAA)[0-9A-Za-z_-]{22,60}\b/g,
    word: '',
    severity: 'critical',
  },
  {
    what: 'an access token of Braintree',
    pattern: /\baccess_token\$production\$[0-9a-z]{16}\$[0-9a-f]{32}\b/g,
    word: 'access_token$',
    severity: 'critical',
  },
  {
    what: 'a private key',
    pattern:
      /-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY(?: BLOCK)?-----(?:\\n|\\r|[\s"'+])*[0-9A-Za-z+/=]{40,}/g,
    word: 'PRIVATE KEY-----',
    severity: 'critical',
  },
  {
    what: 'an address with a password in it',
    pattern:
      /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|redis|rediss|amqps?|https?|smtps?):\/\/[^\s:@/'"`<>${}]{1,64}:[^\s:@/'"`<>${}]{6,128}@[^\s/'"`<>]{1,255}/g,
    word: '://',
    severity: 'high',
    confirm: isRealAddress,
  },
]

export const rule: Rule = {
  id: 'secret-in-source',
  practice: 3,
  severity: 'critical',
  title: 'A secret stands in a file of the project',
  why: 'Whoever can read the repository, a backup of it, or the image built from it can use the secret: take payments, refund them, read customer data. It stays in the history after the line is gone, and copies of it cannot be called back.',
  mend: 'Revoke or roll the key first, since it has to be taken as known. Then read it at run time from the environment, a file outside of the repository or a secret store, and remove it from the history.',
  before: "const client = new UCanPay({ key: 'ucp_sk_live_…' })",
  after: 'const client = new UCanPay({ key: process.env.UCANPAY_KEY })',
  controls: { pci: ['8.6.2'], asvs: ['13.3.1'], gdpr: ['32(1)(b)'] },
  silentIn: ['lockfile'],
  on: { text: { check: checkText } },
}

function checkText(scan: FileScan): void {
  const { text } = scan.file
  for (const { what, pattern, word, severity, confirm } of FORMS) {
    if (!text.includes(word)) continue
    for (const match of text.matchAll(pattern)) {
      const [secret] = match
      if (confirm && !confirm(secret)) continue
      if (!confirm && looksMadeUp(secret)) continue
      if (isInExample(text, match.index)) continue
      const at = { start: match.index, end: match.index + secret.length }
      scan.report({
        at,
        message: `${what[0]?.toUpperCase() ?? ''}${what.slice(1)} stands in the file`,
        secret: [at],
        severity: isForShow(scan) ? lower(severity) : severity,
      })
    }
  }
}

/** Where the file is there for tests or to explain, a key is likelier to be a made-up one. */
function isForShow(scan: FileScan): boolean {
  return scan.isFor('test', 'fixture', 'documentation', 'example', 'template')
}

function lower(severity: Severity): Severity {
  return severity === 'critical' ? 'medium' : 'low'
}

const LONGEST_COMMENT = 4_000

/** In the `@example` of a comment, as a gateway's own library has them: what it publishes opens nothing. */
function isInExample(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - LONGEST_COMMENT), at)
  const comment = before.slice(before.lastIndexOf('/**') + 1)
  return before.includes('/**') && !comment.includes('*/') && comment.includes('@example')
}

const PLACEHOLDER =
  /example|placeholder|your|changeme|dummy|fake|sample|redacted|insert|replace|x{6,}|\*{4,}|\.{3}|0{8,}|1234567|abcdefg|<|>/i

/** What stands in place of a secret: says so, counts up, or repeats itself. */
function looksMadeUp(secret: string): boolean {
  if (PLACEHOLDER.test(secret)) return true
  const body = secret.replace(/^[A-Za-z]+[_-](?:[a-z]+_)*/, '')
  return new Set(body).size < Math.min(8, body.length / 3)
}

const HARMLESS_PASSWORD =
  /^(?:password|passwd|pass|secret|postgres|mysql|root|admin|user|test(?:ing)?|guest|changeme|example|dev(?:elopment)?|local|\w*password\w*|x+|\*+|\.+)$/i

function isRealAddress(address: string): boolean {
  const [, password = '', host = ''] = /:\/\/[^:]+:([^@]+)@([^/:?]+)/.exec(address) ?? []
  if (
    /^(?:localhost|127\.[\d.]+|0\.0\.0\.0|::1|host\.docker\.internal|db|database|postgres|mysql|mongo|redis|rabbitmq)$/i.test(
      host,
    )
  )
    return false
  if (/(?:^|\.)(?:example\.(?:com|org|net)|test|invalid|local|localhost)$/i.test(host)) return false
  return !HARMLESS_PASSWORD.test(password) && !looksMadeUp(password) && !/^[%$<{[]|[%>}\]]$/.test(password)
}

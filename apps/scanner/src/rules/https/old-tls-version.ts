import type { Setting } from '../../engine/data/setting.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { fixWrittenValue } from '../../engine/values/literal-fix.ts'
import { optionsOf, type Value } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'old-tls-version',
  practice: 1,
  severity: 'high',
  title: 'TLS before 1.2, or a cipher that is broken, is allowed',
  why: 'TLS 1.0 and 1.1 were withdrawn, and RC4, DES, export and anonymous suites can be read or posed as by whoever is on the way. An attacker needs only one side to allow them, and card data that passes is theirs. PCI DSS does not count them as strong cryptography.',
  mend: 'Leave the versions and ciphers at the defaults of Node.js, or set `minVersion: "TLSv1.2"`. A partner who needs less has to renew their end.',
  before: "https.createServer({ key, cert, minVersion: 'TLSv1' }, app)",
  after: "https.createServer({ key, cert, minVersion: 'TLSv1.2' }, app)",
  controls: { pci: ['4.2.1'], asvs: ['12.1.1', '12.1.2'], gdpr: ['32(1)(a)'] },
  fixes:
    'it writes TLS 1.2 for an older version that is written out as the least, and TLS 1.3 for one that is the latest.',
  silentIn: ['test', 'fixture', 'documentation', 'declaration', 'vendored', 'lockfile'],
  words: ['ersion', 'VERSION', 'secureProtocol', 'cipher', 'CIPHER', '--tls-', 'ssl_', 'SSLProtocol'],
  on: {
    nodes: {
      Property(node, scan) {
        if (node.computed || node.parent?.type !== 'ObjectExpression') return
        const { key } = node
        const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : ''
        if (CHECKS.has(name)) check(name, scan.valueOf(node.value), { node, scan })
      },
      AssignmentExpression(node, scan) {
        const { left, right } = node
        if (left.type !== 'MemberExpression' || left.computed) return
        if (CHECKS.has(left.property.name)) check(left.property.name, scan.valueOf(right), { node, scan })
      },
    },
    settings: checkSetting,
    text: { check: checkServerFile },
  },
}

const OLD_VERSION = /^(?:SSLv?[23](?:\.0)?|TLSv?1(?:[._][01])?|VersionTLS1[01]|TLS1_[01])(?:_2016)?$/i
const OLD_METHOD = /^(?:SSLv[23]|TLSv1(?:_1)?)_(?:(?:client|server)_)?method$/
const CHECKS: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['minVersion', (value: string) => OLD_VERSION.test(value)],
  ['maxVersion', (value: string) => OLD_VERSION.test(value)],
  ['DEFAULT_MIN_VERSION', (value: string) => OLD_VERSION.test(value)],
  ['DEFAULT_MAX_VERSION', (value: string) => OLD_VERSION.test(value)],
  ['minimumProtocolVersion', (value: string) => OLD_VERSION.test(value)],
  ['MinimumProtocolVersion', (value: string) => OLD_VERSION.test(value)],
  ['secureProtocol', (value: string) => OLD_METHOD.test(value)],
  ['ciphers', hasBrokenCipher],
  ['DEFAULT_CIPHERS', hasBrokenCipher],
])

/** By the names of Node.js; those of others are spelled in ways of their own. */
const FIXED: Readonly<Record<string, string>> = {
  minVersion: "'TLSv1.2'",
  maxVersion: "'TLSv1.3'",
  DEFAULT_MIN_VERSION: "'TLSv1.2'",
  DEFAULT_MAX_VERSION: "'TLSv1.3'",
}

/** Ciphers of OpenSSL's list, without those that it takes out (`!RC4`, `-DES`). */
function hasBrokenCipher(list: string): boolean {
  return list
    .split(/[\s:,]/)
    .some(
      (suite) =>
        !/^[!-]/.test(suite) &&
        /^\+?(?:ALL|LOW|EXP|EXPORT\d*|aNULL|eNULL|NULL|ADH|AECDH|RC4|DES|3DES|MD5)$|^COMPLEMENTOF|^(?:TLS_\w*_)?(?:EXP|ADH|AECDH|NULL)[-_]|(?:^|[-_])(?:RC4|DES|3DES|RC2|NULL)(?:[-_]|$)/.test(
          suite,
        ),
    )
}

function check(name: string, value: Value, { node, scan }: { readonly node: Node; readonly scan: CodeScan }): void {
  const isOld = CHECKS.get(name)
  const found = optionsOf(value).some(
    (option) => option.kind === 'constant' && typeof option.value === 'string' && isOld?.(option.value) === true,
  )
  if (!found) return
  const text = FIXED[name]
  const fix = text === undefined ? undefined : fixWrittenValue({ node, module: scan.module }, text)
  scan.report({ at: scan.placeOf(node), message: messageFor(name), ...(fix ? { fix } : {}) })
}

function messageFor(name: string): string {
  return /cipher/i.test(name) ? `${name} allows ciphers that are broken` : `${name} allows TLS before 1.2`
}

function checkSetting({ name, value, start, end, source }: Setting, scan: FileScan): void {
  if (scan.isComment(start)) return
  const isFlag = /--tls-(?:min|max)-v1\.[01](?:\s|$|["'])/.test(value)
  const isVersion = source !== 'code' && CHECKS.get(name)?.(value.trim()) === true && !/cipher/i.test(name)
  if (isFlag || isVersion)
    scan.report({ at: { start, end }, message: messageFor(isFlag ? 'The option of Node.js' : name) })
}

/** nginx and Apache name the versions that they allow. */
function checkServerFile(scan: FileScan): void {
  const { path, text } = scan.file
  if (!/(?:\.conf|nginx[\w.-]*|\.vhost|\.htaccess)$/i.test(path)) return
  for (const match of text.matchAll(/^[ \t]*(?:ssl_protocols|SSLProtocol)[ \t]([^;\n]{1,200})/gm)) {
    const versions = (match[1] ?? '').split('#')[0]?.split(/\s+/) ?? []
    const isOld = versions.some((version) => /^\+?(?:SSLv[23]|TLSv1(?:\.[01])?)$/i.test(version))
    const start = match.index + match[0].search(/\S/)
    if (isOld) scan.report({ at: { start, end: match.index + match[0].length }, message: messageFor('The web server') })
  }
}

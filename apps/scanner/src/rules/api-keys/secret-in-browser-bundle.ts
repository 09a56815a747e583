import { wordsOf } from '../../engine/data/column.ts'
import type { Setting } from '../../engine/data/setting.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'

/** What a build tool puts into the scripts that browsers load, by how the name begins. */
const BUNDLED =
  /^(?:NEXT_PUBLIC|VITE|REACT_APP|VUE_APP|NUXT_PUBLIC|NUXT_ENV|GATSBY|EXPO_PUBLIC|NG_APP|PUBLIC|RAZZLE|STORYBOOK|PARCEL_PUBLIC|SNOWPACK_PUBLIC|RSBUILD_PUBLIC)_/
const SECRET =
  /\b(?:secret|secret key|private key|privatekey|secretkey|password|passwd|passphrase|service role(?: key)?|sk (?:live|test)|webhook secret|signing key|encryption key|master key|admin (?:key|token|api key))\b/
/** What is about a secret, or is no secret though it is called so. */
const ABOUT =
  /\b(?:publishable|public key|min|max|length|policy|rules?|reset|url|uri|path|route|enabled|show|hide|label|placeholder|hint|regex|pattern|expiry|expires|required|field|name|santa|login)\b/
const SECRET_VALUE =
  /\b(?:ucp_(?:sk|rk)_(?:live|test)_\w{8}|[sr]k_(?:live|test)_\w{8}|whsec_[\w+/]{16}|sk-(?:ant|proj)-[\w-]{16})/

export const rule: Rule = {
  id: 'secret-in-browser-bundle',
  practice: 3,
  severity: 'critical',
  title: 'A secret is built into the scripts that browsers load',
  why: 'Build tools write every variable with this prefix into the scripts of the site, as text. Everybody who opens the page can read the secret in it and then take payments, refund them or read customer data in your name.',
  mend: 'Rename it without the prefix and read it on the server alone: in a route, a server action or a function that the page calls. Give the browser the publishable key, or a session that the server made. Roll the secret, since it has been served.',
  before: 'const client = new UCanPay({ key: process.env.NEXT_PUBLIC_UCANPAY_SECRET_KEY })',
  after: "const session = await fetch('/api/checkout', { method: 'POST' }) // the key stays on the server",
  controls: { pci: ['8.6.2'], asvs: ['13.3.1'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'declaration', 'vendored', 'lockfile', 'generated'],
  words: [
    'PUBLIC_',
    'VITE_',
    'REACT_APP_',
    'VUE_APP_',
    'NUXT_',
    'GATSBY_',
    'NG_APP_',
    'RAZZLE_',
    'STORYBOOK_',
    'process.env',
    'runtimeConfig',
  ],
  on: {
    settings: checkSetting,
    nodes: {
      MemberExpression(node, scan) {
        const { property } = node
        const name = nameOf(property, node.computed)
        if (name !== undefined && isBundledSecret(name) && isEnvironment(node.object))
          scan.report({ at: scan.placeOf(property), message: messageFor(name) })
      },
      Property: checkProperty,
      ImportSpecifier(node, scan) {
        const from = node.parent?.type === 'ImportDeclaration' ? node.parent.source.value : ''
        const { imported } = node
        const name = imported.type === 'Identifier' ? imported.name : imported.value
        if (/^\$env\/(?:static|dynamic)\/public$/.test(from) && isBundledSecret(name))
          scan.report({ at: scan.placeOf(node), message: messageFor(name) })
      },
    },
  },
}

function messageFor(name: string): string {
  return `${name} is written into the scripts that browsers load: rename it without the prefix and use it on the server alone`
}

function isBundledSecret(name: string): boolean {
  const prefix = BUNDLED.exec(name)?.[0]
  return prefix !== undefined && isSecret(name.slice(prefix.length))
}

function isSecret(name: string): boolean {
  const words = wordsOf(name)
  return SECRET.test(words) && !ABOUT.test(words)
}

function checkSetting({ name, value, source, start, end, valueStart, valueEnd }: Setting, scan: FileScan): void {
  if (!BUNDLED.test(name) || source === 'code' || scan.isComment(start)) return
  if (isBundledSecret(name) ? isSwitch(value) : !SECRET_VALUE.test(value)) return
  scan.report({ at: { start, end }, message: messageFor(name), secret: [{ start: valueStart, end: valueEnd }] })
}

/** `VITE_PASSWORD=true` turns a form on. */
function isSwitch(value: string): boolean {
  return /^(?:true|false|on|off|yes|no|\d{1,3})$/i.test(value.trim())
}

function nameOf(node: Node, computed: boolean): string | undefined {
  if (node.type === 'Identifier' && !computed) return node.name
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

/** `process.env`, `import.meta.env`, `env` of `$env/dynamic/public`, or a configuration of the same names. */
function isEnvironment(node: Node): boolean {
  if (node.type === 'Identifier') return /env|config/i.test(node.name)
  return node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier'
    ? /env/i.test(node.property.name)
    : node.type === 'TSAsExpression' || node.type === 'TSNonNullExpression'
      ? isEnvironment(node.expression)
      : false
}

type Property = Extract<Node, { type: 'Property' }>

function checkProperty(node: Property, scan: CodeScan): void {
  const name = nameOf(node.key, node.computed)
  if (name === undefined) return
  if (node.parent?.type === 'ObjectPattern') {
    if (isBundledSecret(name) && isEnvironment(initialOf(node.parent) ?? node))
      scan.report({ at: scan.placeOf(node), message: messageFor(name) })
    return
  }
  const fixed = /^(?:process|import\.meta)\.env\.(\w+)$/.exec(name)?.[1]
  if (fixed !== undefined && isSecret(fixed) && !BUNDLED.test(fixed) && !isEmpty(node.value)) {
    // `define` of Vite and esbuild, DefinePlugin of webpack: the text is replaced in the scripts of the browser.
    if (scan.isFor('development') && !/server|node/i.test(scan.file.path))
      scan.report({ at: scan.placeOf(node), message: `${fixed} is put into the scripts that browsers load` })
    return
  }
  if (isSecret(name) && !isEmpty(node.value) && isPublicPart(node, scan))
    scan.report({
      at: scan.placeOf(node),
      message: `${name} stands in the part of the configuration that browsers get`,
    })
}

function initialOf(pattern: Node): Node | undefined {
  return pattern.parent?.type === 'VariableDeclarator' ? (pattern.parent.init ?? undefined) : undefined
}

function isEmpty(node: Node): boolean {
  return node.type === 'Literal' && (node.value === '' || typeof node.value === 'boolean' || node.value === null)
}

/** `env` and `publicRuntimeConfig` of next.config, `runtimeConfig.public` of nuxt.config. */
function isPublicPart(node: Property, scan: CodeScan): boolean {
  const owner = node.parent?.parent
  if (owner?.type !== 'Property') return false
  const name = nameOf(owner.key, owner.computed)
  if (/(?:^|\/)next\.config\.[cm]?[jt]s$/.test(scan.file.path)) return name === 'env' || name === 'publicRuntimeConfig'
  if (!/(?:^|\/)nuxt\.config\.[cm]?[jt]s$/.test(scan.file.path) || name !== 'public') return false
  const outer = owner.parent?.parent
  return outer?.type === 'Property' && nameOf(outer.key, outer.computed) === 'runtimeConfig'
}

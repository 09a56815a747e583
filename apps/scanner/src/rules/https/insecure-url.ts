import type { Setting } from '../../engine/data/setting.ts'
import { isForStage } from '../../engine/flows/development-only.ts'
import { isPublicHost, plainPublicHost } from '../../engine/flows/plain-address.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { shownText } from '../../engine/values/known-calls.ts'
import { optionsOf, type Origin, type Value } from '../../engine/values/value.ts'

/** Functions whose first argument is an address, or options with one. */
const CLIENTS = [
  'fetch',
  'useFetch',
  'useLazyFetch',
  'node-fetch',
  'cross-fetch',
  'isomorphic-fetch',
  '$fetch',
  'ofetch',
  'ofetch.*',
  'axios',
  'axios.*',
  'axios.create().*',
  'got',
  'got.*',
  'ky',
  'ky.*',
  'request',
  'request.*',
  'request-promise',
  'request-promise.*',
  'request-promise-native',
  'request-promise-native.*',
  'superagent.*',
  'needle.*',
  'undici.fetch',
  'undici.request',
  'new undici.Pool',
  'new undici.Client',
  'http.request',
  'http.get',
  'jquery.*',
  '$.ajax',
  '$.get',
  '$.post',
  '$.getJSON',
  'navigator.sendBeacon',
  'new WebSocket',
  'new ws',
  'new EventSource',
  'socket.io-client',
  'socket.io-client.io',
  'socket.io-client.connect',
  'soap.createClient',
  'soap.createClientAsync',
]
/** Of methods of these names the first argument is an address where it looks like one. */
const METHODS = ['*.get', '*.post', '*.put', '*.patch', '*.delete', '*.request']
const NO_CLIENT =
  /(?:cache|map|store|storage|redis|params|headers|cookies?|session|config|set|registry|nock|mock)s?(?:\(\))?\.\w+$/i

export const rule: Rule = {
  id: 'insecure-url',
  practice: 1,
  severity: 'high',
  title: 'An address outside of this network is used without TLS',
  why: 'Whoever is on the way, in a café’s network or at a provider, reads what goes to an http address and can change it: keys, passwords, amounts, where a buyer is sent back to. The answer can be theirs as well, so that an order is taken for paid that is not.',
  mend: 'Write https:// (wss:// for sockets). Where the other side does not offer it, put a proxy beside it that does, or use another.',
  before: "await axios.post('http://api.bank.com/v1/payments', order)",
  after: "await axios.post('https://api.bank.com/v1/payments', order)",
  controls: { pci: ['4.2.1'], asvs: ['12.2.1', '12.3.1'], gdpr: ['32(1)(a)'] },
  silentIn: [
    'test',
    'fixture',
    'documentation',
    'story',
    'declaration',
    'vendored',
    'generated',
    'lockfile',
    'template',
    'development',
  ],
  // An address of another file is used where only the client is named.
  words: [
    'http',
    'HTTP',
    'ws://',
    'fetch',
    'axios',
    'got',
    'ky',
    'request',
    'superagent',
    'needle',
    'undici',
    'WebSocket',
  ],
  on: {
    calls: [
      { to: CLIENTS, check: checkClient },
      { to: METHODS, check: checkMethod },
      { to: ['new XMLHttpRequest.open'], check: (call, scan) => checkAddress(call.args[1], call, scan) },
    ],
    nodes: {
      Property(node, scan) {
        if (node.parent?.type === 'ObjectExpression' && isAddressName(nameOf(node.key))) checkNamed(node.value, scan)
      },
      PropertyDefinition(node: Node, scan) {
        if (node.type !== 'PropertyDefinition' || !node.value) return
        if (isAddressName(nameOf(node.key))) checkNamed(node.value, scan)
      },
      VariableDeclarator(node, scan) {
        if (node.id.type === 'Identifier' && node.init && isAddressName(node.id.name)) checkNamed(node.init, scan)
      },
      AssignmentExpression(node, scan) {
        const { left } = node
        const name =
          left.type === 'Identifier'
            ? left.name
            : left.type === 'MemberExpression' && !left.computed
              ? nameOf(left.property)
              : ''
        if (isAddressName(name)) checkNamed(node.right, scan)
      },
    },
    settings: checkSetting,
  },
}

/** What an address is for, by which it matters here. */
const FOR =
  '(?:base|root|api|rest|graphql|payments?|pay|gateway|checkout|bank|billing|refund|order|notify|notification|return|callback|call_?back|webhook|hook|ipn|success|cancel|fail(?:ure)?|error|redirect|login|sign_?in|auth|oauth|sso|token|user_?info|authori[sz](?:e|ation)|server|backend|back_?end|service|remote|socket|ws|frontend|front_?end|client|app|prod|production)'
const ADDRESS_NAME = new RegExp(
  `^(?:\\w*_)?${FOR}(?:_?(?:base|root|server|end_?point|host|domain))?_?(?:url|uri|endpoint|end_?point|address)$|^(?:base|root)_?path_?url$|^(?:end_?point|end_?point_?url|api|base_?api|api_?base|api_?root|api_?host|api_?server|backend|server|url_?api|url_?base|api_?path)$`,
  'i',
)

function isAddressName(name: string): boolean {
  // The address of a picture that belongs to a token of a chain.
  if (/^token_?uri$/i.test(name)) return false
  return ADDRESS_NAME.test(name.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').replaceAll('-', '_'))
}

function nameOf(key: Node): string {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : ''
}

function checkClient(call: CallSite, scan: CodeScan): void {
  const [first, second] = call.args
  if (!first) return
  checkAddress(first, call, scan)
  const isHttp = call.path.startsWith('http.')
  for (const options of [first, second]) {
    if (!options || (options.kind !== 'object' && options.kind !== 'union')) continue
    for (const name of ['url', 'uri', 'baseURL', 'baseUrl', 'prefixUrl']) {
      for (const { value } of scan.members(options, name)) checkAddress(value, call, scan)
    }
    if (!isHttp) continue
    for (const name of ['hostname', 'host']) {
      for (const { value, origin } of scan.members(options, name)) {
        if (value.kind !== 'constant' || !isPublicHost(String(value.value)) || isForStage(origin)) continue
        scan.report({
          at: scan.placeOf(origin),
          message: messageFor(String(value.value)),
          related: [usedBy(call, scan)],
        })
      }
    }
  }
}

function checkMethod(call: CallSite, scan: CodeScan): void {
  if (NO_CLIENT.test(call.path)) return
  checkAddress(call.args[0], call, scan)
}

function usedBy(call: CallSite, scan: CodeScan): { what: string; at: ReturnType<CodeScan['placeOf']> } {
  return { what: `used by ${call.path.replace(/^~/, '')}`, at: scan.placeOf(call.node) }
}

function checkAddress(address: Value | undefined, call: CallSite, scan: CodeScan): void {
  if (address) report(address, scan, [usedBy(call, scan)])
}

function checkNamed(node: Node, scan: CodeScan): void {
  report(scan.valueOf(node), scan, [])
}

function report(address: Value, scan: CodeScan, related: readonly ReturnType<typeof usedBy>[]): void {
  for (const option of optionsOf(address)) {
    if (option.kind === 'named' && /^(?:new URL|new Request)$/.test(option.path)) {
      for (const arg of option.args ?? []) report(arg, scan, related)
      continue
    }
    for (const { text, origin } of beginnings(option, scan)) {
      const host = plainPublicHost(text)
      if (host === undefined || isForStage(origin) || isForStage(option.origin)) continue
      scan.report({ at: scan.placeOf(origin), message: messageFor(host), related })
    }
  }
}

/** The texts that an address can be, each with where its beginning, which is to be mended, is written. */
function beginnings(address: Value, scan: CodeScan): { text: string; origin: Origin }[] {
  if (address.kind === 'constant') return [{ text: String(address.value), origin: baseOf(address.origin, scan) }]
  if (address.kind !== 'text') return []
  const [first, ...others] = address.parts.filter((part) => part.kind !== 'constant' || part.value !== '')
  if (!first) return []
  const rest = others.map((part) => shownText(part)).join('')
  return optionsOf(first).flatMap((option) => {
    const text = shownText(option) + rest
    if (plainPublicHost(shownText(option)) === undefined) return [{ text, origin: address.origin }]
    return beginnings(option, scan).map(({ origin }) => ({ text, origin }))
  })
}

/** Where an address was put together from a base that stands elsewhere in the file, that base. */
function baseOf(origin: Origin, scan: CodeScan): Origin {
  const { module, node } = origin
  if (module !== scan.module) return origin
  const left = leftmost(node)
  const base = left && left !== node ? scan.valueOf(left) : undefined
  return base?.kind === 'constant' && plainPublicHost(String(base.value)) !== undefined ? base.origin : origin
}

function leftmost(node: Node): Node | undefined {
  if (node.type === 'BinaryExpression') return leftmost(node.left)
  if (node.type !== 'TemplateLiteral') return node
  return node.quasis[0]?.value.raw === '' ? node.expressions[0] : undefined
}

function messageFor(host: string): string {
  return `What goes to ${host} goes without TLS: use https`
}

const API_DESCRIPTION = /["']?\b(?:swagger|openapi)["']?\s*:/

function checkSetting({ name, value, start, end, source }: Setting, scan: FileScan): void {
  if (source === 'code' || !isAddressName(name)) return
  const host = plainPublicHost(value)
  if (host === undefined || scan.isComment(start) || API_DESCRIPTION.test(scan.file.text.slice(0, 2_000))) return
  scan.report({ at: { start, end }, message: messageFor(host) })
}

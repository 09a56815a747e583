import { isForStage } from '../../engine/flows/development-only.ts'
import { codeOf, sourceOf } from '../../engine/modules/source-text.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, pathsOf, type Origin, type Value } from '../../engine/values/value.ts'

const LIBRARIES = [
  'cors',
  '@koa/cors',
  'koa2-cors',
  'koa-cors',
  'kcors',
  'hono/cors.cors',
  '*.enableCors',
  'micro-cors',
]
const WITH_OPTION = ['socket.io', 'new socket.io.Server', 'new socket.io', '*.create']

export const rule: Rule = {
  id: 'cors-any-origin-with-credentials',
  practice: 1,
  severity: 'high',
  title: "Any website may call this with the customer's cookies and read the answer",
  why: 'A server that says the origin of whoever asks back, and allows credentials, has turned the same-origin policy off for itself: a page that a signed-in customer opens elsewhere reads their orders and tokens, and pays and refunds in their name.',
  mend: 'Name the origins that may, such as your shop, and compare whole origins with that list. Where everybody may ask, leave credentials out.',
  before: 'app.use(cors({ origin: true, credentials: true }))',
  after: "app.use(cors({ origin: ['https://www.shop.example'], credentials: true }))",
  controls: { pci: ['6.2.4'], asvs: ['3.4.2'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'development'],
  words: ['redentials'],
  on: {
    calls: [
      { to: LIBRARIES, check: (call, scan) => checkOptions(call.args[0], scan) },
      { to: ['*.register', '*.use'], check: checkRegister },
      { to: WITH_OPTION, check: checkNested },
      { to: ['*.setHeader', '*.header', '*.set', '*.append', '*.appendHeader'], check: checkHeader },
    ],
    nodes: { ObjectExpression: checkObject, AssignmentExpression: checkAssignment },
    text: { check: checkProxy },
  },
}

const ALLOW_ORIGIN = /^access-control-allow-origin$/i
const CREDENTIALS = /Access-Control-Allow-Credentials['"`]?\]?\s*[,:=]\s*(?:value:\s*)?['"`]?true/i
const REQUESTED = /(?:^|\.)headers\.(?:origin|referer)$/i
/** Where the origin of a request is compared with something. */
const COMPARED =
  /(?:includes|indexOf|has|test|some|find|match|exec|startsWith|endsWith|is\w*(?:Allowed|Trusted|Valid)\w*|allow\w*|check\w*|valid\w*)\s*\([^()]{0,80}origin|origin\w*\??\.(?:endsWith|startsWith|match|includes|indexOf)\(|origin\w*\)?\s*[!=]==?\s*(?!undefined|null|['"]{2})|[!=]==?\s*(?:req(?:uest)?\.headers\.)?origin\b|\[(?:req\.headers\.)?origin\]/i

function checkRegister(call: CallSite, scan: CodeScan): void {
  const [plugin, options] = call.args
  if (plugin && options && pathsOf(plugin).some((path) => /^(?:@fastify\/cors|fastify-cors)/.test(path)))
    checkOptions(options, scan)
}

function checkNested(call: CallSite, scan: CodeScan): void {
  if (call.path === '*.create' && !pathsOf(call.callee).some((path) => path.endsWith('NestFactory.create'))) return
  for (const arg of call.args.slice(0, 2)) for (const { value } of scan.members(arg, 'cors')) checkOptions(value, scan)
}

function checkOptions(options: Value | undefined, scan: CodeScan): void {
  if (!options) return
  const credentials = scan.members(options, 'credentials')
  const [latest] = credentials
  const isAllowed = credentials.some(({ value }) => optionsOf(value).some(isTrue))
  if (!latest || !isAllowed || isForStage(latest.origin)) return
  for (const { value, origin } of scan.members(options, 'origin')) {
    const anyone = optionsOf(value).find((option) => isAnyone(option, scan))
    if (anyone && !isForStage(anyone.origin) && !isForStage(origin)) {
      report(origin, isStar(anyone), scan)
      return
    }
  }
}

function isTrue(value: Value): boolean {
  return value.kind === 'constant' && (value.value === true || value.value === 'true')
}

function isStar(value: Value): boolean {
  return value.kind === 'constant' && value.value === '*'
}

function isAnyone(value: Value, scan: CodeScan): boolean {
  if (value.kind === 'constant') return value.value === true || value.value === '*'
  if (value.kind === 'function') return letsAllIn(value.node, value.origin)
  const { node } = value.origin
  if (node.type === 'Literal' && 'regex' in node)
    return /^\/\^?\(?\.[*+]?\)?\$?\/\w*$/.test(sourceOf(node, value.origin.module))
  return value.kind === 'named' && isRequested(value, scan)
}

/** `(origin, callback) => callback(null, true)`, `(origin) => origin`. */
function letsAllIn(fn: Node, origin: Origin): boolean {
  const code = codeOf(fn, origin.module)
  if (COMPARED.test(code) || /\bif\s*\(|\bswitch\b|\?(?!\.|\?)|&&|await|\bError\(|,\s*false/.test(code)) return false
  return (
    /\(\s*null\s*,\s*(?:true|origin|\w*origin)\s*\)/i.test(code) ||
    /^(?:async\s+)?\(?\s*(\w+)[^()]{0,60}\)?\s*=>\s*(?:\{\s*return\s+)?(?:\1|true)\b(?![.(])/.test(code) ||
    /=>\s*\w+\.(?:get|header)\(\s*['"]origin['"]\s*\)/i.test(code)
  )
}

function isRequested(value: Value, scan: CodeScan): boolean {
  return optionsOf(value).some((option) => {
    if (option.kind === 'text') return option.parts.length === 1 && option.parts.some((part) => isRequested(part, scan))
    if (option.kind !== 'named') return false
    if (REQUESTED.test(option.path)) return true
    const [name] = option.args ?? []
    return (
      /\.(?:get|header)\(\)$/.test(option.path) &&
      /^(?:@|~)/.test(option.path) &&
      name?.kind === 'constant' &&
      /^(?:origin|referer)$/i.test(String(name.value))
    )
  })
}

function checkHeader(call: CallSite, scan: CodeScan): void {
  const [name, value] = call.args
  if (name?.kind === 'constant' && ALLOW_ORIGIN.test(String(name.value)) && value)
    checkValue({ value, node: call.node }, scan)
}

/** Headers as an object, of which one is the origin; or one header as `{ key, value }`. */
function checkObject(node: Node, scan: CodeScan): void {
  if (node.type !== 'ObjectExpression') return
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Literal') continue
    if (!ALLOW_ORIGIN.test(String(property.key.value))) continue
    checkValue({ value: scan.valueOf(property.value), node: property }, scan)
  }
}

function checkAssignment(node: Node, scan: CodeScan): void {
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return
  const { property } = node.left
  if (property.type === 'Literal' && ALLOW_ORIGIN.test(String(property.value)))
    checkValue({ value: scan.valueOf(node.right), node }, scan)
}

function checkValue({ value, node }: { value: Value; node: Node }, scan: CodeScan): void {
  const isEcho = isRequested(value, scan)
  const isAll = !isEcho && optionsOf(value).every(isStar)
  const around = codeOf(functionAround(node), scan.module)
  if ((!isEcho && !isAll) || !CREDENTIALS.test(around) || (isEcho && COMPARED.test(around))) return
  if (isForStage({ module: scan.module, node })) return
  report({ module: scan.module, node }, isAll, scan)
}

function functionAround(node: Node): Node {
  let at = node
  while (at.parent && !at.type.includes('Function')) at = at.parent
  return at
}

function report(origin: Origin, isAll: boolean, scan: CodeScan): void {
  scan.report({
    at: scan.placeOf(origin),
    message: isAll
      ? 'Access-Control-Allow-Origin is * and credentials are allowed: name the origins that may, or leave credentials out'
      : "Whatever site asks is allowed to, with the customer's cookies: name the origins that may",
    ...(isAll ? { severity: 'medium' as const } : {}),
  })
}

/** nginx, which says the origin back by a variable. */
function checkProxy(scan: FileScan): void {
  if (!/nginx|\.conf(?:\.\w+)?$/i.test(scan.file.path)) return
  const { text } = scan.file
  if (!/^[ \t]*add_header[ \t]+['"]?Access-Control-Allow-Credentials['"]?[ \t]+['"]?true/im.test(text)) return
  for (const match of text.matchAll(
    /^[ \t]*(add_header[ \t]+['"]?Access-Control-Allow-Origin['"]?[ \t]+['"]?\$http_origin\b)/gim,
  )) {
    const start = match.index + match[0].length - (match[1] ?? '').length
    scan.report({ at: { start, end: match.index + match[0].length } })
  }
}

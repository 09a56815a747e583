import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, pathsOf, type Value } from '../../engine/values/value.ts'

const MAC = /^crypto\.createHmac\(\).*\.digest\(\)|^crypto-js(?:\.Hmac\w+|\/hmac-\w+)\(\)/
const HASH =
  /^crypto\.createHash\(\).*\.digest\(\)|^(?:md5|sha1|sha256|js-sha256(?:\.sha256)?|crypto-js(?:\.(?:MD5|SHA\d+)|\/(?:md5|sha\d+)))\(\)/
const SIGNATURE = /sign(?:ature)?$|hmac|[._-]mac$|digest$/i
const ENV_SECRET = /^process\.env\.\w*(?:SECRET|TOKEN|API_?KEY|PASSWORD|PASSWD)\w*$/
const FROM_CLIENT = /^(?:@request|~req|~request|@ctx|@hono)\b/

export const rule: Rule = {
  id: 'signature-compared-unsafely',
  practice: 3,
  severity: 'medium',
  title: 'A signature or secret is compared letter by letter',
  why: 'Comparing by === ends at the first letter that differs, so the time of the answer tells how much of a guess was right. With many tries a signature or key is found letter by letter, and a forged notification “order paid” is then believed.',
  mend: 'Compare with crypto.timingSafeEqual, over the hashes of both where their lengths can differ.',
  before: "if (hmac.digest('hex') !== req.headers['x-signature']) return res.sendStatus(401)",
  after:
    "const given = Buffer.from(String(req.headers['x-signature']), 'hex')\nconst wanted = hmac.digest()\nif (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return res.sendStatus(401)",
  controls: { pci: ['6.2.4'], asvs: ['11.2.4'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'template'],
  words: ['createHmac', 'Hmac', 'hmac', 'createHash', 'md5', 'sha256', 'process.env'],
  on: {
    nodes: { BinaryExpression: checkComparison },
    calls: [{ to: ['*.equals', '*.localeCompare'], check: checkEquals }],
  },
}

function checkComparison(node: Extract<Node, { type: 'BinaryExpression' }>, scan: CodeScan): void {
  if (!/^[!=]==?$/.test(node.operator)) return
  // What is compared with a literal, null or a type is no secret.
  if (isPlain(node.left) || isPlain(node.right)) return
  const left = scan.valueOf(node.left)
  const right = scan.valueOf(node.right)
  const what = whatIsCompared(left, right) ?? whatIsCompared(right, left)
  if (what !== undefined)
    scan.report({
      at: scan.placeOf(node),
      message: `${what} is compared by ${node.operator}: use crypto.timingSafeEqual`,
    })
}

/** `expected.equals(given)`: of buffers, which it compares as memcmp does. */
function checkEquals(call: CallSite, scan: CodeScan): void {
  const base = call.callee.kind === 'named' ? call.callee.base : undefined
  const [other] = call.args
  if (!base || !other) return
  const isMac = [base, other].some((value) =>
    pathsOf(value).some((path) => MAC.test(path) && !path.includes('timingSafe')),
  )
  if (isMac)
    scan.report({
      at: scan.placeOf(call.node),
      message: `A signature is compared by ${call.path.slice(call.path.lastIndexOf('.') + 1)}: use crypto.timingSafeEqual`,
    })
}

function isPlain(node: Node): boolean {
  return (
    node.type === 'Literal' ||
    (node.type === 'TemplateLiteral' && node.expressions.length === 0) ||
    node.type === 'UnaryExpression' ||
    (node.type === 'Identifier' && node.name === 'undefined')
  )
}

function whatIsCompared(one: Value, other: Value): string | undefined {
  if (optionsOf(other).every(({ kind }) => kind === 'constant')) return undefined
  const paths = partsOf(one)
  const others = partsOf(other)
  if (paths.some((path) => MAC.test(path))) return others.some(isCounted) ? undefined : 'A signature'
  const isSignature = others.some((path) => SIGNATURE.test(path.replace(/\(\)$/, '')))
  if (isSignature && paths.some((path) => HASH.test(path)) && others.some((path) => /^[@~]/.test(path)))
    return 'A signature'
  if (paths.some((path) => ENV_SECRET.test(path)) && others.some((path) => FROM_CLIENT.test(path))) return 'A secret'
  return undefined
}

/** The paths of a value, and of what a text is put together from: `v1,${digest}`. */
function partsOf(value: Value): readonly string[] {
  return optionsOf(value).flatMap((option) =>
    option.kind === 'text' ? option.parts.flatMap(partsOf) : pathsOf(option),
  )
}

/** `digest.length`. */
function isCounted(path: string): boolean {
  return path.endsWith('.length')
}

import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, type Origin, type Value } from '../../engine/values/value.ts'

const SUBTLE = ['crypto.subtle.encrypt', 'crypto.webcrypto.subtle.encrypt']
const CRYPTO_JS = [
  'crypto-js.AES.encrypt',
  'crypto-js/aes.encrypt',
  'crypto-js.TripleDES.encrypt',
  'crypto-js.DES.encrypt',
]

export const rule: Rule = {
  id: 'static-iv',
  practice: 5,
  severity: 'high',
  title: 'Everything is encrypted from the same initialisation vector',
  why: 'The same text encrypted twice comes out the same, so whoever reads the database sees which customers have the same card or birthday, and tries values until one matches. With AES-GCM or CTR it is worse: two texts give each other away, and GCM loses its key of authentication.',
  mend: 'Make a new one for each text with crypto.randomBytes (12 bytes for GCM) and keep it in front of what it encrypted; it need not be secret.',
  before: "createCipheriv('aes-256-gcm', key, Buffer.alloc(12))",
  after: "const iv = randomBytes(12)\nconst cipher = createCipheriv('aes-256-gcm', key, iv)",
  controls: { pci: ['3.5.1'], asvs: ['11.3.4'], gdpr: ['32(1)(a)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'template'],
  words: ['createCipheriv', 'subtle', 'crypto-js', 'CryptoJS'],
  on: {
    calls: [
      { to: ['crypto.createCipheriv'], check: (call, scan) => checkIv(call.args[2], { call, scan }) },
      { to: SUBTLE, check: (call, scan) => checkMember(call.args[0], ['iv', 'counter'], { call, scan }) },
      { to: CRYPTO_JS, check: (call, scan) => checkMember(call.args[2], ['iv'], { call, scan }) },
    ],
  },
}

interface Where {
  readonly call: CallSite
  readonly scan: CodeScan
}

function checkMember(options: Value | undefined, names: readonly string[], where: Where): void {
  if (!options) return
  for (const name of names) {
    for (const { value } of where.scan.members(options, name)) checkIv(value, where)
  }
}

function checkIv(iv: Value | undefined, { call, scan }: Where): void {
  if (!iv || isKeyItself(iv, call)) {
    if (iv)
      report('The initialisation vector is made from the key, so it is always the same', call.node, { call, scan })
    return
  }
  for (const option of optionsOf(iv)) {
    const reason = whyFixed(option)
    if (reason !== undefined) report(reason, option.origin, { call, scan })
  }
}

function report(message: string, origin: Origin | Node, { call, scan }: Where): void {
  scan.report({
    at: scan.placeOf(origin),
    message: `${message}: make a random one for each text`,
    related: [{ what: `used by ${call.path}`, at: scan.placeOf(call.node) }],
  })
}

/** Why a value is the same each time; undefined where it may differ. */
function whyFixed(value: Value): string | undefined {
  // Modes without one are given null or an empty text.
  if (value.kind === 'constant')
    return typeof value.value === 'string' && value.value !== ''
      ? 'The initialisation vector stands in the code'
      : undefined
  if (value.kind === 'list') {
    const isFixed = value.items.length > 0 && !value.open && value.items.every(({ kind }) => kind === 'constant')
    return isFixed ? 'The initialisation vector stands in the code' : undefined
  }
  if (value.kind !== 'named' || (value.via !== 'call' && value.via !== 'new')) return undefined
  const [first, second] = value.args ?? []
  if (/^(?:buffer\.)?Buffer\.alloc\(\)$|^new (?:Uint8Array|Buffer)$/.test(value.path)) {
    if (first?.kind === 'constant' && typeof first.value === 'number') {
      if (first.value === 0 || isFilled(value.origin)) return undefined
      return second === undefined || second.kind === 'constant' ? 'The initialisation vector is all zeros' : undefined
    }
    return first ? whyFixed(first) : undefined
  }
  if (MAKES_BYTES.test(value.path) && first) return whyFixed(first)
  // A piece of something fixed: `SALT.slice(0, 16)`.
  const isPiece = /\.(?:slice|subarray|substring|substr|toString)\(\)$/.test(value.path)
  if (isPiece && value.base?.kind === 'named' && value.base.base) return whyFixed(value.base.base)
  return undefined
}

const MAKES_BYTES =
  /^(?:buffer\.)?Buffer\.from\(\)$|^new Buffer$|TextEncoder\.encode\(\)$|^crypto-js(?:\/\w[\w-]*)?\.enc\.\w+\.parse\(\)$/

/** Zeros are filled with random bytes afterwards. */
function isFilled({ module }: Origin): boolean {
  return /randomFill(?:Sync)?|getRandomValues|writeBigU?Int64|writeU?Int|\.copy\(|\w\[\w+\]\s*[\^|&+]?=[^=]/.test(
    module.text,
  )
}

/** `createCipheriv(alg, key, key.slice(0, 16))`. */
function isKeyItself(iv: Value, { args, path }: CallSite): boolean {
  const key = args[1]
  if (path !== 'crypto.createCipheriv' || key?.kind !== 'named' || iv.kind !== 'named') return false
  if (key.via === 'call' || key.via === 'new') return false
  const pieces = ['slice', 'subarray', 'substring', 'substr'].map((name) => `${key.path}.${name}()`)
  return iv.path === key.path || (iv.via === 'call' && pieces.includes(iv.path))
}

import { wordsOf } from '../../engine/data/column.ts'
import type { Setting } from '../../engine/data/setting.ts'
import { sourceOf } from '../../engine/modules/source-text.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, type Value } from '../../engine/values/value.ts'

const MESSAGE = 'A key is made that never expires: give it some days, 90 at most'

export const rule: Rule = {
  id: 'key-without-expiry',
  practice: 4,
  severity: 'medium',
  title: 'An API key is made that never expires',
  why: 'A key that never ends is replaced when it has leaked, if anybody notices, and never before: it is in old laptops, backups and the heads of people who have left. Replacing keys is also something that a team can only do when it does it regularly.',
  mend: 'Leave the expiry out (90 days), or say fewer days, and take the reminders 14, 7 and 1 days before the end. `keys roll` with an overlap replaces a key without a stop.',
  // ucanpay-audit-ignore key-without-expiry: what the page of this rule shows as wrong
  before: 'ucanpay keys create --merchant 1000000001 --kind rk --name Server --expires never',
  after: 'ucanpay keys create --merchant 1000000001 --kind rk --name Server --expires 30',
  language: 'sh',
  controls: { pci: ['8.6.3'], asvs: ['13.3.4'], gdpr: [] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'lockfile'],
  words: ['expires', 'expiry', 'EXPIR', 'expiration', 'expiresIn'],
  on: {
    text: { kinds: ['shell', 'yaml', 'dockerfile', 'json', 'ini', 'text', 'env'], check: checkText },
    nodes: {
      Literal(node, scan) {
        if (typeof node.value === 'string') checkCommand(node.value, node, scan)
      },
      TemplateLiteral(node, scan) {
        checkCommand(node.quasis.map(({ value }) => value.raw).join('?'), node, scan)
      },
      ArrayExpression: checkArguments,
      Property: checkProperty,
    },
    settings: checkSetting,
  },
}

const MAKES_KEY = /\bkeys["',\s]+create\b/
const OF_UCANPAY = /ucanpay|cli\/src\/main/i
/** The last word is the value, in whatever quotes. */
const EXPIRES = /--expires(?:["',\s=]{1,6})(never\b|\$\{?\w{1,60}(?::?-never)?\}?)/g
const LONGEST_COMMAND = 40

function checkText(scan: FileScan): void {
  const { text } = scan.file
  for (const match of text.matchAll(EXPIRES)) {
    const [whole, value = ''] = match
    if (value !== 'never' && !isNever(value, text)) continue
    const command = commandAround(text, match.index)
    if (!MAKES_KEY.test(command) || !OF_UCANPAY.test(command) || scan.isComment(match.index)) continue
    scan.report({ at: { start: match.index, end: match.index + whole.length }, message: MESSAGE })
  }
}

/** `$LIFE` where the file says `LIFE=never`, `${LIFE:-never}`. */
function isNever(variable: string, text: string): boolean {
  if (/:?-never\}$/.test(variable)) return true
  const name = /\w+/.exec(variable)?.[0] ?? ''
  return new RegExp(`(?:^|\\n)[ \\t]*(?:export[ \\t]+|readonly[ \\t]+)?${name}=["']?never\\b`).test(text)
}

/** The line of a command, with those before it that it goes on from, up to this place. */
function commandAround(text: string, at: number): string {
  let start = text.lastIndexOf('\n', at) + 1
  for (let lines = 0; lines < LONGEST_COMMAND && start > 0; lines++) {
    const before = text.lastIndexOf('\n', start - 2) + 1
    const own = text.slice(start, at + 1).trimStart()
    const previous = text.slice(before, start).trimEnd()
    // Folded YAML and lists of arguments have no sign at the end.
    if (!previous.endsWith('\\') && !own.startsWith('-') && !/^["']/.test(own)) break
    start = before
  }
  return text.slice(start, at)
}

/** A command that code runs, as one text. */
function checkCommand(command: string, node: Node, scan: CodeScan): void {
  if (!command.includes('--expires') || !/--expires[\s=]+["']?never\b/.test(command)) return
  if (MAKES_KEY.test(command) && OF_UCANPAY.test(command)) report(node, scan)
}

/** `['keys', 'create', …, '--expires', 'never']` */
function checkArguments(node: Extract<Node, { type: 'ArrayExpression' }>, scan: CodeScan): void {
  const texts = node.elements.map((each) => (each?.type === 'Literal' ? String(each.value) : undefined))
  if (!texts.includes('keys') || !texts.includes('create')) return
  for (const [index, element] of node.elements.entries()) {
    if (!element) continue
    const isNext = texts[index - 1] === '--expires' && constants(scan.valueOf(element)).includes('never')
    if (isNext || texts[index] === '--expires=never') report(element, scan)
  }
}

function constants(value: Value): readonly unknown[] {
  return optionsOf(value).flatMap((option) => (option.kind === 'constant' ? [option.value] : []))
}

const END = /^(?:expires(?:InDays|In|At|_in_days|_in|_at)?|expiry|expiration(?:Days)?|ttl(?:Days)?)$/
const OF_KEYS = /api[-_ ]?keys?\b|createKey|keys\.create|mint_?key/i

/** The request, or the call, that makes a key: `{ kind: 'rk', name: 'Server', expiresInDays: null }`. */
function checkProperty(node: Extract<Node, { type: 'Property' }>, scan: CodeScan): void {
  const { parent, key } = node
  if (parent?.type !== 'ObjectExpression' || node.computed || key.type !== 'Identifier' || !END.test(key.name)) return
  const value = scan.valueOf(node.value)
  // Where somebody may ask for it, it is theirs to answer for.
  const endless =
    value.kind === 'constant' && (value.value === null || value.value === 'never' || value.value === Infinity)
  if (!endless || !(isKindOfKey(parent) || isPassedToKeys(parent, scan))) return
  report(node, scan)
}

function isKindOfKey(object: Extract<Node, { type: 'ObjectExpression' }>): boolean {
  return object.properties.some(
    (each) =>
      each.type === 'Property' &&
      each.key.type === 'Identifier' &&
      each.key.name === 'kind' &&
      each.value.type === 'Literal' &&
      /^(?:sk|rk|pk)$/.test(String(each.value.value)),
  )
}

/** `createApiKey({ … })`, `fetch('…/v1/api-keys', { body: JSON.stringify({ … }) })` */
function isPassedToKeys(object: Node, scan: CodeScan): boolean {
  let at: Node = object
  for (let steps = 0; steps < 6 && at.parent; steps++) {
    at = at.parent
    if (at.type.includes('Function') || at.type === 'BlockStatement') return false
    if (at.type !== 'CallExpression' && at.type !== 'NewExpression') continue
    const [first] = at.arguments
    const address = first?.type === 'Literal' || first?.type === 'TemplateLiteral' ? sourceOf(first, scan.module) : ''
    // What looks keys up, or shows them, makes none.
    const callee = sourceOf(at.callee, scan.module).slice(-60)
    if (/find|where|update|select|expect|filter|type|schema|revoke/i.test(callee)) return false
    if (OF_KEYS.test(callee) || OF_KEYS.test(address)) return true
  }
  return false
}

/** `apiKeys: - name: Server, expires: never` */
function checkSetting({ name, value, path, start, end, source }: Setting, scan: FileScan): void {
  if ((source !== 'yaml' && source !== 'json') || !END.test(name) || !/^never$/i.test(value)) return
  const owners = path.slice(0, -1).map(wordsOf)
  if (!owners.some((owner) => /\b(?:api|ucanpay) keys?$|^keys$/.test(owner)) || scan.isComment(start)) return
  scan.report({ at: { start, end }, message: MESSAGE })
}

function report(node: Node, scan: CodeScan): void {
  scan.report({ at: scan.placeOf(node), message: MESSAGE })
}

import { wordsOf } from '../../engine/data/column.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, type Origin, type Value } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'random-not-secure',
  practice: 3,
  severity: 'high',
  title: 'A token, code or key is made with numbers that can be guessed',
  why: 'Math.random gives numbers that can be reckoned from a few that were seen, and the time of day is no secret at all. Whoever guesses the token of a session, a reset or a payment link uses it as its owner would.',
  mend: 'Take the bytes from `node:crypto`: `randomBytes(32).toString("base64url")`, `randomUUID()`, or `randomInt(100000, 1000000)` for codes of digits; in browsers `crypto.getRandomValues`.',
  before: 'const resetToken = Math.random().toString(36).slice(2)',
  after: "const resetToken = randomBytes(32).toString('base64url')",
  controls: { pci: ['6.2.4'], asvs: ['11.5.1'], gdpr: ['32(1)(b)'] },
  silentIn: [
    'test',
    'fixture',
    'documentation',
    'example',
    'story',
    'declaration',
    'vendored',
    'lockfile',
    'generated',
  ],
  words: ['Math.random', 'Date.now', 'getTime'],
  on: {
    calls: [{ to: ['Math.random'], check: checkCall }],
    nodes: {
      VariableDeclarator({ id, init }, scan) {
        if (init && id.type === 'Identifier') checkValue(id.name, init, scan)
      },
      Property({ key, value, parent, computed }, scan) {
        if (computed || parent?.type !== 'ObjectExpression') return
        if (key.type === 'Identifier') checkValue(key.name, value, scan)
      },
      AssignmentExpression({ left, right }, scan) {
        const name = nameOf(left)
        if (name) checkValue(name, right, scan)
      },
    },
  },
}

const SECRET_NAME =
  /(?:^| )(?:token|otp|secret|password|passwd|passcode|passphrase|session ?id|sid|csrf|xsrf|api ?key|jti|salt|nonce|(?:reset|verification|verify|activation|confirmation|auth|access|invite|invitation|recovery|backup|login|sms|2fa|mfa|security|voucher|gift card|one time) (?:code|pin|key|id)|idempotency ?key|license key|encryption key|signing key)s?$/
const NO_SECRET =
  /\b(?:mock|fake|dummy|demo|sample|test|example|placeholder|cancel|color|design|css|lexer|syntax|num|count|max|min|total|style|font|used|input|output|prompt|completion)\b/

function isSecretName(name: string): boolean {
  const words = wordsOf(name)
  return SECRET_NAME.test(words) && !NO_SECRET.test(words)
}

function nameOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Identifier') return node.name
  if (node?.type === 'MemberExpression' && node.property.type === 'Identifier' && !node.computed)
    return node.property.name
  return undefined
}

function report(at: Origin | Node, what: string, scan: CodeScan): void {
  scan.report({
    at: scan.placeOf(at),
    message: `${what} can be guessed, and a secret is made of it: use randomBytes, randomUUID or randomInt of node:crypto`,
  })
}

function checkCall({ node }: CallSite, scan: CodeScan): void {
  checkPlace(node, scan)
}

/** A secret by its name, made of Math.random or of the time, in steps that may lie elsewhere. */
function checkValue(name: string, node: Node, scan: CodeScan): void {
  if (!isSecretName(name)) return
  const found = guessable(scan.valueOf(node), 0)
  if (found && found.what !== 'Math.random' && /nonce|idempotency|salt/i.test(name)) return
  if (found) report(found.origin, found.what, scan)
}

const PASSING =
  /(?:^|\.)(?:toString|toFixed|slice|substring|substr|replace|replaceAll|padStart|padEnd|toUpperCase|toLowerCase|split|join|concat|digest|charAt|at|trim|String|Number|parseInt|floor|round|ceil|abs|trunc|update|from|map|fill|btoa)\(\)$/
const TIME = /^(?:Date\.now\(\)|new Date\.(?:getTime|valueOf)\(\))$/

/** Whether what can be guessed is all that a value is made of: with random bytes beside it, it is none. */
function guessable(value: Value, depth: number): { what: string; origin: Origin } | undefined {
  if (depth > 8) return undefined
  if (value.kind === 'text') {
    if (value.parts.some(isSound)) return undefined
    return first(value.parts, depth)
  }
  // Where the better source is taken first, the other is for browsers that have none.
  if (value.kind === 'union') return optionsOf(value).some(isSound) ? undefined : first(optionsOf(value), depth)
  if (value.kind !== 'named' || value.via !== 'call') return undefined
  if (value.path === 'Math.random()') return { what: 'Math.random', origin: value.origin }
  if (TIME.test(value.path)) return { what: 'The time', origin: value.origin }
  if (!PASSING.test(value.path)) return undefined
  const owner = value.base?.kind === 'named' ? value.base.base : undefined
  return first([...(owner ? [owner] : []), ...(value.args ?? [])], depth)
}

function isSound(value: Value): boolean {
  return value.kind === 'named' && /random(?:Bytes|UUID|Int|FillSync)|uuid|nanoid|getRandomValues/i.test(value.path)
}

/** Of several the random number, which is reported by itself as well; else the time. */
function first(values: readonly Value[], depth: number): ReturnType<typeof guessable> {
  let time: ReturnType<typeof guessable>
  for (const value of values) {
    const found = guessable(value, depth + 1)
    if (found?.what === 'Math.random') return found
    time ??= found
  }
  return time
}

const PART_NAME =
  /^(?:\w{1,3}|result|code|random\w*|str\w*|text|output|char\w*|index|idx|value|id|ret\w*|digits?|key|body)$/i

/** What the number becomes part of, outwards, until something with a name holds it. */
function checkPlace(call: Node, scan: CodeScan): void {
  let child: Node = call
  for (let node = call.parent; node; child = node, node = node.parent) {
    if (
      node.type === 'VariableDeclarator' ||
      node.type === 'AssignmentExpression' ||
      node.type === 'Property' ||
      node.type === 'PropertyDefinition'
    ) {
      const name = nameOf(holderOf(node))
      if (isFunction(child)) {
        if (name && isSecretName(name)) report(call, 'Math.random', scan)
        return
      }
      const isPart =
        name !== undefined && ((node.type === 'AssignmentExpression' && node.operator === '+=') || PART_NAME.test(name))
      if (name && (isSecretName(name) || (isPart && isSecretName(nameOfFunctionAround(node) ?? ''))))
        report(call, 'Math.random', scan)
      return
    }
    if (node.type === 'FunctionDeclaration' || node.type === 'MethodDefinition') {
      const name = 'key' in node ? nameOf(node.key) : node.id?.name
      if (name && isSecretName(name)) report(call, 'Math.random', scan)
      return
    }
    if (!isStep(node, child)) return
  }
}

function holderOf(node: Node): Node | undefined {
  if (node.type === 'VariableDeclarator') return node.id
  if (node.type === 'AssignmentExpression') return node.left
  return node.type === 'Property' || node.type === 'PropertyDefinition' ? node.key : undefined
}

function isFunction(node: Node): boolean {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression'
}

/** Whether the number goes on into what is around it: sums and texts, not conditions and not the arguments of others. */
function isStep(node: Node, child: Node): boolean {
  switch (node.type) {
    case 'BinaryExpression':
      return /^[+*/%-]$|^[|&]$|^>>>?$/.test(node.operator)
    case 'CallExpression': {
      if (node.callee === child) return true
      const name = nameOf(node.callee) ?? ''
      return /^(?:floor|round|ceil|abs|trunc|String|Number|parseInt|charAt|at|slice|substring|substr|update|concat|from|map|replace|toString)$/.test(
        name,
      )
    }
    case 'MemberExpression':
    case 'TemplateLiteral':
    case 'ReturnStatement':
    case 'BlockStatement':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'TSAsExpression':
    case 'ParenthesizedExpression':
    case 'ArrayExpression':
      return true
    default:
      return false
  }
}

function nameOfFunctionAround(node: Node): string | undefined {
  for (let around = node.parent; around; around = around.parent) {
    if (around.type === 'FunctionDeclaration') return around.id?.name
    if (around.type === 'MethodDefinition' || around.type === 'PropertyDefinition') return nameOf(around.key)
    if (isFunction(around) && around.parent?.type === 'VariableDeclarator') return nameOf(around.parent.id)
    if (isFunction(around) && around.parent?.type === 'Property') return nameOf(around.parent.key)
    if (isFunction(around) && around.parent?.type === 'AssignmentExpression') return nameOf(around.parent.left)
  }
  return undefined
}

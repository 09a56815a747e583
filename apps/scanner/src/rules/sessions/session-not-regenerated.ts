import { codeBetween, codeOf, sourceOf } from '../../engine/modules/source-text.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, pathsOf, type Value } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'session-not-regenerated',
  practice: 10,
  severity: 'medium',
  title: 'Signing in keeps the session identifier that was there before',
  why: 'Whoever could put a session cookie into the browser before, by a link, a subdomain or a shared machine, knows its identifier, and is signed in with it as soon as its owner types the password: session fixation. A new identifier at sign-in makes the old one worthless.',
  mend: 'Call `req.session.regenerate` after the password was checked and write the user into the new session, within its callback. Passport does it by itself from 0.6 on.',
  before: "if (await verify(password, user.hash)) {\n  req.session.userId = user.id\n  res.redirect('/account')\n}",
  after:
    "if (await verify(password, user.hash)) {\n  req.session.regenerate((err) => {\n    if (err) return next(err)\n    req.session.userId = user.id\n    res.redirect('/account')\n  })\n}",
  controls: { pci: ['6.2.4'], asvs: ['7.2.4'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'development'],
  words: ['session', 'Session'],
  on: {
    calls: [{ to: ['*.set', 'Object.assign'], check: checkCall }],
    nodes: {
      AssignmentExpression(node, scan) {
        const { left, right, operator } = node
        if (operator !== '=' || left.type !== 'MemberExpression') return
        const name = nameOf(left)
        if (name === undefined || !WHO.test(name) || !isSession(scan.valueOf(left.object), scan)) return
        check({ node, value: scan.valueOf(right) }, scan)
      },
    },
  },
}

/** Members of a session that say who is signed in. */
const WHO =
  /^(?:current_?|auth_?|logged_?(?:in_?)?|session_?|my_?)?(?:user|usr|admin|customer|member|merchant|staff|account|seller|vendor|employee|operator|cashier|owner|usuario)(?:_?(?:id|name|email|data|info|obj))?$|^(?:is_?)?(?:auth(?:enticated|ed|ori[sz]ed)?|logged(?:_?in)?|signed_?in|admin|login|logado)$|^(?:uid|email|passport)$/i
const SESSION = /(?:^@request|^~?req|^~?request|\.req|\.request)\.session$/
/** What a function that signs somebody in is called, or the path that leads to it. */
const SIGN_IN =
  /log_?-?in|log_?-?on\b|sign_?-?(?:in|up|on)\b|signin|signup|authenticat|\bauth\b|register|registration|(?:start|create|establish|set)_?-?(?:user)?_?-?session|\/sessions?\/?['"`]/i
const CHECKS_PASSWORD =
  /\b(?:compare(?:Sync|Passwords?|Hash)?|argon2\w*\.verify|timingSafeEqual|authenticate|(?:check|valid(?:ate)?|verify|match(?:es)?|is_?valid|is_?correct)_?(?:Pass|Pwd|Login|Cred|Pin\b|User\b)\w*)\s*\(|(?:pass(?:word|wd|code)?|pwd|\bpin)\b\)?\s*[!=]==?|[!=]==?\s*[\w.$]{0,60}(?:password|passwd|pwd|_?pin)\b/i
const SOMETHING_ELSE =
  /log_?-?out|sign_?-?out|log_?-?off|change|updat|edit|profile|setting|switch|forgot|refresh|reload|require|ensure|\bload|cart|checkout/i
const RENEWS =
  /regenerat|(?:renew|rotate|recreate|reset|migrate)_?\w*sess|sess\w*\.(?:reset|renew|rotate|create)\(|(?:generateSession|createNewSession|newSession)\w*\(/i
/** Sessions that lie in the cookie have no identifier, and Passport sees to it by itself. */
const HAS_NO_IDENTIFIER =
  /cookie-session|client-sessions|iron-session|secure-session|withSessionApi|withIron|await\s+[\w.]{1,40}session\.save\(\)/
const PASSPORT = /passport\.authenticate|\breq(?:uest)?\.log_?in\(|\breq(?:uest)?\.user\b(?!\s*=[^=])/i

interface SignIn {
  readonly node: Node
  readonly value: Value
}

function checkCall(call: CallSite, scan: CodeScan): void {
  const [first, second] = call.args
  if (!first || !second) return
  if (call.path === 'Object.assign') {
    const who = [...scan.memberNames(second).names].some((name) => WHO.test(name))
    if (who && isSession(first, scan)) check({ node: call.node, value: second }, scan)
    return
  }
  const { callee } = call
  const owner = callee.kind === 'named' ? callee.base : undefined
  if (!owner || !isSession(owner, scan) || first.kind !== 'constant' || !WHO.test(String(first.value))) return
  check({ node: call.node, value: second }, scan)
}

function nameOf(node: Extract<Node, { type: 'MemberExpression' }>): string | undefined {
  const { property, computed } = node
  if (!computed) return property.type === 'Identifier' ? property.name : undefined
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined
}

function isSession(value: Value, scan: CodeScan): boolean {
  return pathsOf(value).some(
    (path) => SESSION.test(path) || (path === '~session' && scan.file.text.includes('@Session(')),
  )
}

function check({ node, value }: SignIn, scan: CodeScan): void {
  if (isTakenAway(value) || HAS_NO_IDENTIFIER.test(scan.file.text)) return
  const handler = handlerOf(node)
  if (!handler || !isFirst(node, scan)) return
  const body = codeOf(handler, scan.module)
  const right = sourceOf(node, scan.module)
  if (/guest|anonym/i.test(right) || pathsOf(value).some((path) => /\.session\.|^@request\.user\b/.test(path))) return
  if (RENEWS.test(body) || PASSPORT.test(body + routeOf(handler, scan)) || isRenewedByCaller(handler, scan)) return
  const label = labelOf(handler, scan)
  const isSignIn = SIGN_IN.test(label) && !SOMETHING_ELSE.test(label)
  if (!isSignIn && (SOMETHING_ELSE.test(label) || !CHECKS_PASSWORD.test(body))) return
  // Looks the same user up again.
  if (!CHECKS_PASSWORD.test(body) && /\bfind\w*\([^()]{0,80}session\./.test(body)) return
  scan.report({
    at: scan.placeOf(node),
    message:
      'Who signs in keeps the session identifier from before: call req.session.regenerate first, and write the user into the new session',
  })
}

function isTakenAway(value: Value): boolean {
  return optionsOf(value).every((option) => option.kind === 'constant' && !option.value)
}

/** Several members are written at once; the first of a block stands for all. */
function isFirst(node: Node, scan: CodeScan): boolean {
  let statement = node
  while (statement.parent && statement.parent.type !== 'BlockStatement') statement = statement.parent
  const { parent: block } = statement
  if (block?.type !== 'BlockStatement') return true
  const before = codeBetween(block.start, statement.start, scan.module)
  const earlier = /\bsession\.(\w+)\s*=(?!=)(?!\s*(?:null|undefined|false|''|"")\b)/g
  for (const [, name = ''] of before.matchAll(earlier)) if (WHO.test(name)) return false
  return true
}

/** The function that gets the request. */
function handlerOf(node: Node): Node | undefined {
  let outer: Node | undefined
  for (let at: Node | null | undefined = node.parent; at; at = at.parent) {
    if (!isFunction(at)) continue
    outer ??= at
    if (paramsOf(at).some((name) => /^_?(?:req|request|ctx|context|session|sess)$/i.test(name))) return at
  }
  return outer
}

function isFunction(node: Node): boolean {
  return /^(?:Arrow)?Function(?:Declaration|Expression)?$|^ArrowFunctionExpression$/.test(node.type)
}

function paramsOf(node: Node): string[] {
  if (!('params' in node) || !Array.isArray(node.params)) return []
  return node.params.flatMap((param) => {
    const named = param as { type: string; name?: string; properties?: { key?: { name?: string } }[] }
    return named.name === undefined ? (named.properties ?? []).map(({ key }) => key?.name ?? '') : [named.name]
  })
}

/** What the function is called, or the route that leads to it. */
function labelOf(handler: Node, scan: CodeScan): string {
  const own =
    'id' in handler && handler.id && typeof handler.id === 'object' && 'name' in handler.id ? handler.id.name : ''
  const { parent } = handler
  let given: string
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') given = parent.id.name
  else if (parent?.type === 'AssignmentExpression') given = sourceOf(parent.left, scan.module)
  else if (parent?.type === 'Property' || parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition')
    given = `${decoratorsOf(parent, scan)} ${sourceOf(parent.key, scan.module)}`
  else given = routeOf(handler, scan)
  return `${own} ${given}`.replace(/([a-z])([A-Z])/g, '$1_$2')
}

function decoratorsOf(node: Node, scan: CodeScan): string {
  const decorators = 'decorators' in node && Array.isArray(node.decorators) ? (node.decorators as Node[]) : []
  return decorators.map((decorator) => sourceOf(decorator, scan.module)).join(' ')
}

/** The call that a handler is given to, without the handler: `app.post('/login', limit`. */
function routeOf(handler: Node, scan: CodeScan): string {
  let at = handler
  while (at.parent?.type === 'CallExpression' && at.parent.callee !== at) {
    const call = at.parent
    const text = scan.module.text.slice(call.start - scan.module.shift, handler.start - scan.module.shift)
    if (/['"`]/.test(text) || call.callee.type === 'MemberExpression') return text.slice(0, 400)
    at = call
  }
  return ''
}

/** A function that is called where the session was made anew. */
function isRenewedByCaller(handler: Node, scan: CodeScan): boolean {
  const name = /\w+$/.exec(labelNameOf(handler))?.[0]
  if (name === undefined) return false
  return (scan.module.tree.byType.get('CallExpression') ?? []).some((call) => {
    if (call.type !== 'CallExpression' || !sourceOf(call.callee, scan.module).endsWith(name)) return false
    const caller = handlerOf(call)
    return caller !== undefined && caller !== handler && RENEWS.test(codeOf(caller, scan.module))
  })
}

function labelNameOf(handler: Node): string {
  if ('id' in handler && handler.id && typeof handler.id === 'object' && 'name' in handler.id) return handler.id.name
  const { parent } = handler
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name
  if (parent?.type === 'MethodDefinition' && parent.key.type === 'Identifier') return parent.key.name
  return ''
}

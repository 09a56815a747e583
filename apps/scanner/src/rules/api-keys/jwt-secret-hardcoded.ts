import { isForStage, isRefused } from '../../engine/flows/development-only.ts'
import { writtenOut } from '../../engine/flows/written-out.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, pathsOf, type Origin, type Value } from '../../engine/values/value.ts'

/** Where the key is: the argument itself, or a member of it. */
const LIBRARIES: Readonly<Record<string, { readonly arg: number; readonly member?: string }>> = {
  'jsonwebtoken.sign': { arg: 1 },
  'jsonwebtoken.verify': { arg: 1 },
  'jwt-simple.encode': { arg: 1 },
  'jwt-simple.decode': { arg: 1 },
  'njwt.create': { arg: 1 },
  'njwt.verify': { arg: 1 },
  'hono/jwt.sign': { arg: 1 },
  'hono/jwt.verify': { arg: 1 },
  'hono/jwt.jwt': { arg: 0, member: 'secret' },
  '@tsndr/cloudflare-worker-jwt.sign': { arg: 1 },
  '@tsndr/cloudflare-worker-jwt.verify': { arg: 1 },
  'fast-jwt.createSigner': { arg: 0, member: 'key' },
  'fast-jwt.createVerifier': { arg: 0, member: 'key' },
  'express-jwt': { arg: 0, member: 'secret' },
  'express-jwt.expressjwt': { arg: 0, member: 'secret' },
  'koa-jwt': { arg: 0, member: 'secret' },
  'new passport-jwt.Strategy': { arg: 0, member: 'secretOrKey' },
  '@nestjs/jwt.JwtModule.register': { arg: 0, member: 'secret' },
  'new @nestjs/jwt.JwtService': { arg: 0, member: 'secret' },
  'socketio-jwt.authorize': { arg: 0, member: 'secret' },
  'jose.jwtVerify': { arg: 1 },
  'jose.compactVerify': { arg: 1 },
  '@hapi/jwt.token.generate': { arg: 1 },
}

export const rule: Rule = {
  id: 'jwt-secret-hardcoded',
  practice: 3,
  severity: 'critical',
  title: 'The key that signs tokens stands in the code',
  why: 'A token is believed because nobody but you can sign one. Whoever has the key – every reader of the repository, of a backup, of the image – makes a token for any customer or administrator, with any rights, and nothing in your logs tells it from a real one.',
  mend: 'Read the key from the environment or a secret store and stop at start-up where it is missing; replace the one that was in the code, since it has to be taken as known.',
  before: "jwt.sign({ sub: user.id }, 'shhhhh', { expiresIn: '15m' })",
  after:
    "jwt.sign({ sub: user.id }, config.jwtKey, { expiresIn: '15m' }) // config.ts reads it and refuses to start without",
  controls: { pci: ['8.6.2'], asvs: ['13.3.1'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'template'],
  words: ['jwt', 'JWT', 'jsonwebtoken', 'jose', 'okenSecret', 'TOKEN_SECRET', 'token_secret'],
  on: {
    calls: [
      { to: Object.keys(LIBRARIES), check: checkLibrary },
      { to: ['*.register'], check: checkRegister },
      { to: ['*.strategy'], check: checkStrategy },
      { to: ['*.sign'], check: checkJose },
      { to: ['*.sign', '*.signAsync', '*.verifyAsync'], check: checkService },
    ],
    nodes: {
      // A configuration, wherever it is used.
      Property(node, scan) {
        if (node.parent?.type !== 'ObjectExpression' || node.computed) return
        const name = node.key.type === 'Identifier' ? node.key.name : ''
        if (KEY_NAME.test(name)) checkNamed(scan.valueOf(node.value), name, { node, scan })
      },
      VariableDeclarator(node, scan) {
        if (node.id.type !== 'Identifier' || !node.init || !KEY_NAME.test(node.id.name)) return
        checkNamed(scan.valueOf(node.init), node.id.name, { node, scan })
      },
    },
  },
}

const KEY_NAME =
  /^(?:jwt|access_?token|refresh_?token|auth_?token|token)_?(?:secret(?:_?key)?|signing_?key|private_?key|secret_?or_?key)$/i

function checkLibrary(call: CallSite, scan: CodeScan): void {
  const place = LIBRARIES[call.path]
  const arg = place && call.args[place.arg]
  if (!arg) return
  if (place.member === undefined) check(arg, call.node, scan)
  else for (const { value } of scan.members(arg, place.member)) check(value, call.node, scan)
}

/** Fastify: `app.register(fastifyJwt, { secret })`. */
function checkRegister(call: CallSite, scan: CodeScan): void {
  const [plugin, options] = call.args
  if (!plugin || !options || !pathsOf(plugin).some((path) => /^(?:@fastify\/|fastify-)jwt$/.test(path))) return
  for (const { value } of scan.members(options, 'secret')) {
    const own = optionsOf(value).some(({ kind }) => kind === 'object') ? scan.members(value, 'private') : [{ value }]
    for (const { value: key } of own) check(key, call.node, scan)
  }
}

/** hapi: `server.auth.strategy('jwt', 'jwt', { key })`. */
function checkStrategy(call: CallSite, scan: CodeScan): void {
  const [, scheme, options] = call.args
  if (scheme?.kind !== 'constant' || scheme.value !== 'jwt' || !options) return
  for (const name of ['key', 'keys']) for (const { value } of scan.members(options, name)) check(value, call.node, scan)
}

/** jose: `new SignJWT(claims).setProtectedHeader(…).sign(key)`. */
function checkJose(call: CallSite, scan: CodeScan): void {
  const [key] = call.args
  if (key && pathsOf(call.callee).some((path) => path.startsWith('new jose.SignJWT'))) check(key, call.node, scan)
}

/** NestJS: `this.jwtService.sign(claims, { secret })`. */
function checkService(call: CallSite, scan: CodeScan): void {
  const [, options] = call.args
  if (!options || !pathsOf(call.callee).some((path) => /jwt(?:Service)?\.\w+$/i.test(path))) return
  if (optionsOf(options).every(({ kind }) => kind !== 'object')) return
  for (const { value } of scan.members(options, 'secret')) check(value, call.node, scan)
}

/** What is only called so can be a label or the name of a header: it has to look like a secret as well. */
function checkNamed(value: Value, name: string, { node, scan }: { node: Node; scan: CodeScan }): void {
  const texts = writtenOut(value, scan).map(({ value: text }) => String(text))
  if (texts.some((text) => text.length < 4 || text === name || /^[a-z]+(?: [a-z]+)+$|^\/|^[A-Z][a-z]+$/.test(text)))
    return
  check(value, node, scan)
}

function check(key: Value, user: Origin | Node, scan: CodeScan): void {
  const isFallback = optionsOf(key).some(({ kind }) => kind === 'named')
  for (const { origin, value } of writtenOut(key, scan)) {
    // A public key verifies, and is no secret.
    if (typeof value !== 'string' || /BEGIN (?:RSA )?(?:PUBLIC KEY|CERTIFICATE)/.test(value)) continue
    if (isForStage(origin) || isRefused(/secret|jwt|key/i, origin.module)) continue
    const at = scan.placeOf(origin)
    scan.report({
      at,
      message: isFallback
        ? 'Where the key of the tokens is not set, one that stands in the code is used: stop at start-up instead'
        : 'The key that signs tokens stands in the code: read it from the environment or a secret store',
      secret: [at],
      related: [{ what: 'signs or checks the tokens', at: scan.placeOf(user) }],
    })
  }
}

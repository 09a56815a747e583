import { isForStage, isRefused } from '../../engine/flows/development-only.ts'
import { writtenOut } from '../../engine/flows/written-out.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Setting } from '../../engine/data/setting.ts'
import { isRealSecret } from '../../engine/data/secret-setting.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, pathsOf, type Origin, type Value } from '../../engine/values/value.ts'

/** What signs or seals sessions: which argument has the options (-1 is the last), and the members that hold secrets. */
const LIBRARIES: Readonly<Record<string, { readonly options: number; readonly members: readonly string[] }>> = {
  'express-session': { options: 0, members: ['secret'] },
  // As Express 3 had them.
  'express.session': { options: 0, members: ['secret'] },
  'express.cookieParser': { options: 0, members: [''] },
  'cookie-session': { options: 0, members: ['secret', 'keys'] },
  'client-sessions': { options: 0, members: ['secret'] },
  'cookie-parser': { options: 0, members: [''] },
  'new keygrip': { options: 0, members: [''] },
  'koa-session': { options: 0, members: ['keys'] },
  'next-auth': { options: -1, members: ['secret', 'jwt.secret'] },
  'next-auth.NextAuth': { options: -1, members: ['secret', 'jwt.secret'] },
  'next-auth/next': { options: -1, members: ['secret', 'jwt.secret'] },
  'next-auth/jwt.getToken': { options: 0, members: ['secret'] },
  'next-auth/middleware.withAuth': { options: -1, members: ['secret'] },
  '@auth/core.Auth': { options: -1, members: ['secret'] },
  '@auth/express.ExpressAuth': { options: 0, members: ['secret'] },
  '@auth/sveltekit.SvelteKitAuth': { options: 0, members: ['secret'] },
  'better-auth.betterAuth': { options: 0, members: ['secret'] },
  'iron-session.getIronSession': { options: -1, members: ['password'] },
  'iron-session.sealData': { options: 1, members: ['password'] },
  'iron-session.unsealData': { options: 1, members: ['password'] },
  'iron-session/next.withIronSessionApiRoute': { options: 1, members: ['password'] },
  'iron-session/next.withIronSessionSsr': { options: 1, members: ['password'] },
  'iron-session/edge.getIronSession': { options: -1, members: ['password'] },
  'iron-session/express.ironSession': { options: 0, members: ['password'] },
  'next-iron-session.withIronSession': { options: 1, members: ['password'] },
  'next-iron-session.ironSession': { options: 0, members: ['password'] },
  'h3.useSession': { options: 1, members: ['password'] },
  '@remix-run/node.createCookieSessionStorage': { options: 0, members: ['cookie.secrets'] },
  '@remix-run/node.createCookie': { options: 1, members: ['secrets'] },
  'react-router.createCookieSessionStorage': { options: 0, members: ['cookie.secrets'] },
}
const FASTIFY =
  /^(?:@fastify\/(?:session|cookie|secure-session)|fastify-(?:session|cookie|secure-session)|@mgcrea\/fastify-session)(?:\.\w+)?$/

export const rule: Rule = {
  id: 'session-secret-hardcoded',
  practice: 10,
  severity: 'high',
  title: 'The secret that signs the sessions stands in the code',
  why: 'Whoever knows the secret can make a session of their own choice and is signed in as anybody, the administrator of the shop included. In the code it is known to everybody who has ever seen the repository, a backup or the image, and a fallback is used unnoticed wherever the variable is missing.',
  mend: 'Read it from the environment or a secret store, stop at start-up where it is missing, and replace the one that was in the code: it has to be taken as known.',
  before: "app.use(session({ secret: process.env.SESSION_SECRET || 'keyboard cat' }))",
  after:
    "if (!process.env.SESSION_SECRET) throw new Error('SESSION_SECRET is missing')\napp.use(session({ secret: process.env.SESSION_SECRET }))",
  controls: { pci: ['8.6.2'], asvs: ['13.3.1'], gdpr: ['32(1)(b)'] },
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
  ],
  words: [
    'ession',
    'SESSION',
    'cookie',
    'Cookie',
    'COOKIE',
    'next-auth',
    'auth/',
    'better-auth',
    'keygrip',
    '.keys',
    'h3',
  ],
  on: {
    calls: [
      { to: Object.keys(LIBRARIES), check: checkLibrary },
      { to: ['*.register'], check: checkRegister },
      { to: ['*.strategy'], check: checkStrategy },
    ],
    nodes: {
      AssignmentExpression(node, scan) {
        const { left, right } = node
        // Koa signs its cookies by these, those of its sessions included.
        if (left.type !== 'MemberExpression') return
        const { start, end } = scan.placeOf(left)
        // Sails.
        if (/^(?:module\.)?exports\.session$/.test(scan.file.text.slice(start, end))) {
          checkMembers(scan.valueOf(right), { members: ['secret'], node, scan })
          return
        }
        const [path] = pathsOf(scan.valueOf(left))
        if (path !== undefined && /^(?:new koa|~app)\.keys$/.test(path) && usesKoa(scan))
          check(scan.valueOf(right), node, scan)
      },
      Property(node, scan) {
        if (node.parent?.type !== 'ObjectExpression') return
        const name = nameOf(node.key)
        const value = isSecretKey(name) ? scan.valueOf(node.value) : undefined
        // A label, or a name by which it is looked up.
        if (value && !optionsOf(value).some((option) => isLabel(option, name))) check(value, node, scan)
      },
      VariableDeclarator(node, scan) {
        if (node.id.type === 'Identifier' && node.init && isAuthOptions(node.id, node.init)) {
          checkMembers(scan.valueOf(node.init), { members: ['secret', 'jwt.secret'], node, scan })
        }
      },
    },
    settings: checkSetting,
  },
}

const SECRET_KEY = /^(?:express_?)?(?:session|cookie)_?(?:secret|signing_?key|encryption_?key|password)$/i

function isSecretKey(name: string): boolean {
  return SECRET_KEY.test(name)
}

function isLabel(value: Value, name: string): boolean {
  return value.kind === 'constant' && (/\s/.test(String(value.value)) || String(value.value) === name)
}

function nameOf(key: Node): string {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : ''
}

function usesKoa(scan: CodeScan): boolean {
  return /["']koa["']/.test(scan.file.text)
}

/** `const authOptions: NextAuthOptions = …`, `… satisfies NextAuthConfig`. */
function isAuthOptions(id: Node, init: Node): boolean {
  const annotation = 'typeAnnotation' in id ? (id.typeAnnotation as { typeAnnotation?: Node } | null) : null
  const types = [annotation?.typeAnnotation, 'typeAnnotation' in init ? (init.typeAnnotation as Node) : undefined]
  return types.some(
    (type) =>
      type?.type === 'TSTypeReference' &&
      type.typeName.type === 'Identifier' &&
      /^(?:Next)?Auth(?:Options|Config)$/.test(type.typeName.name),
  )
}

function checkLibrary(call: CallSite, scan: CodeScan): void {
  const library = LIBRARIES[call.path]
  const options = library && call.args.at(library.options)
  if (library && options) checkMembers(options, { members: library.members, node: call.node, scan })
}

function checkRegister(call: CallSite, scan: CodeScan): void {
  const [plugin, options] = call.args
  if (!plugin || !options || !pathsOf(plugin).some((path) => FASTIFY.test(path))) return
  checkMembers(options, { members: ['secret', 'key'], node: call.node, scan })
}

/** hapi: `server.auth.strategy('session', 'cookie', { cookie: { password } })`. */
function checkStrategy(call: CallSite, scan: CodeScan): void {
  const [, scheme, options] = call.args
  if (scheme?.kind !== 'constant' || scheme.value !== 'cookie' || !options) return
  checkMembers(options, { members: ['password', 'cookie.password'], node: call.node, scan })
}

function checkMembers(
  options: Value,
  { members, node, scan }: { members: readonly string[]; node: Node; scan: CodeScan },
): void {
  for (const path of members) {
    if (path === '') {
      check(options, node, scan)
      continue
    }
    const [outer = '', inner] = path.split('.')
    for (const member of scan.members(options, outer)) {
      const found = inner === undefined ? [member] : scan.members(member.value, inner)
      for (const { value, origin } of found) check(value, origin, scan)
    }
  }
}

/** Reports what is written out among the values that a secret can have. */
function check(secret: Value, user: Origin | Node, scan: CodeScan): void {
  const options = optionsOf(secret)
  const isFallback = options.some(({ kind }) => kind === 'named')
  for (const written of writtenOut(secret, scan)) {
    const { origin } = written
    if (isForStage(origin) || isRefused(/secret|session_?key|cookie_?key/i, origin.module)) continue
    const at = scan.placeOf(origin)
    scan.report({
      at,
      message: isFallback
        ? 'Where the secret of the sessions is not set, one that stands in the code is used: stop at start-up instead'
        : 'The secret that signs the sessions stands in the code: read it from the environment or a secret store',
      secret: [at],
      related: [{ what: 'signs the sessions', at: scan.placeOf(user) }],
    })
  }
}

function checkSetting({ name, path, value, source, start, end, valueStart, valueEnd }: Setting, scan: FileScan): void {
  if (source !== 'json' && source !== 'yaml' && source !== 'dockerfile') return
  const owner = path.at(-2) ?? ''
  const isSecret =
    isSecretKey(name.replaceAll('-', '_')) || (/^(?:express-?)?session$/i.test(owner) && name === 'secret')
  if (!isSecret || !isRealSecret(value) || /^[A-Z][A-Z0-9_]+$/.test(value) || scan.isComment(start)) return
  scan.report({
    at: { start, end },
    message:
      'The secret that signs the sessions stands in a file of the project: read it from the environment or a secret store',
    secret: [{ start: valueStart, end: valueEnd }],
  })
}

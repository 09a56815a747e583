import type { Setting } from '../../engine/data/setting.ts'
import { isForDevelopers } from '../../engine/flows/stacks.ts'
import { sourceOf } from '../../engine/modules/source-text.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, type Value } from '../../engine/values/value.ts'

/** Handlers that answer with the stack whatever the environment is. */
const HANDLERS = [
  'errorhandler',
  'express.errorHandler',
  'connect.errorHandler',
  'koa-json-error',
  'new youch.toHTML',
  'new youch.Youch.toHTML',
  'new youch.toJSON',
  'new youch.Youch.toJSON',
]
/** Functions with a switch that shows stacks: the argument that has it (-1 is any), and its name. */
const SWITCHES: readonly (readonly [functions: readonly string[], member: string, on: boolean])[] = [
  [['strong-error-handler', '@feathersjs/errors.express', '@loopback/rest.createErrorHandler'], 'debug', true],
  [
    ['new apollo-server.ApolloServer', 'new apollo-server-express.ApolloServer', 'new apollo-server-koa.ApolloServer'],
    'debug',
    true,
  ],
  [['new @apollo/server.ApolloServer', 'new apollo-server.ApolloServer'], 'includeStacktraceInErrorResponses', true],
  [
    ['defineNuxtConfig', 'nuxt/config.defineNuxtConfig', 'defineNitroConfig', 'nitropack/config.defineNitroConfig'],
    'debug',
    true,
  ],
  [['express-error-handler', 'api-error-handler', 'express-errors-handler'], 'showStack', true],
  [['graphql-yoga.createYoga', 'graphql-yoga.createServer'], 'maskedErrors', false],
]

export const rule: Rule = {
  id: 'debug-error-handler',
  practice: 8,
  severity: 'high',
  title: 'An error page or a mode for developers answers in production',
  why: 'Such a page shows the stack, the files, the request and often the values of variables and of the environment to whoever makes something fail: keys and card numbers among them. It is switched on to look for a fault, and stays.',
  mend: 'Use it only where NODE_ENV says development, and in production a handler of your own that answers with one fixed sentence and a request id.',
  before: 'app.use(errorhandler())',
  after: "if (process.env.NODE_ENV === 'development') app.use(errorhandler())\nelse app.use(answerWithOneSentence)",
  controls: { pci: ['6.2.4'], asvs: ['13.4.2', '16.5.1'], gdpr: ['32(1)(b)'] },
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
    'rror',
    'debug',
    'ouch',
    'pollo',
    'includeStacktrace',
    'maskedErrors',
    "'env'",
    '"env"',
    'NODE_ENV',
    'showStack',
    'uxt',
  ],
  on: {
    calls: [
      { to: HANDLERS, check: checkHandler },
      ...SWITCHES.map(([to, member, on]) => ({
        to,
        check: (call: CallSite, scan: CodeScan): void => checkSwitch(call, scan, { member, on }),
      })),
      { to: ['*.set'], check: checkEnvironment },
    ],
    nodes: {
      // AdonisJS: `protected debug = true` of the handler of exceptions.
      PropertyDefinition: checkField,
    },
    settings: checkSetting,
  },
}

function checkHandler(call: CallSite, scan: CodeScan): void {
  // Youch and the like are used within a handler, which sends what it makes.
  const options = call.args[0]
  if (call.path === 'koa-json-error' && options && hasOwnForm(options, scan)) return
  if (isOldExpress(call.path) && !showsStack(options, scan) && isInProduction(call.node, scan)) return
  if (isLeftToDevelopers(call.node, scan)) return
  report(call.node, 'This handler shows the stack of an error to the client: use it only while developing', scan)
}

function isOldExpress(path: string): boolean {
  return path === 'express.errorHandler' || path === 'connect.errorHandler'
}

function hasOwnForm(options: Value, scan: CodeScan): boolean {
  if (options.kind === 'function') return true
  return ['format', 'postFormat', 'preFormat'].some((name) => scan.members(options, name).length > 0)
}

function showsStack(options: Value | undefined, scan: CodeScan): boolean {
  if (!options) return false
  return scan.members(options, 'showStack').some(({ value }) => value.kind === 'constant' && value.value === true)
}

/** `app.configure('production', function () { … })` */
function isInProduction(node: Node, scan: CodeScan): boolean {
  for (let at: Node = node; at.parent; at = at.parent) {
    const { parent } = at
    if (parent.type !== 'CallExpression' || !sourceOf(parent.callee, scan.module).endsWith('.configure')) continue
    const [stage] = parent.arguments
    if (stage?.type === 'Literal' && /prod/i.test(String(stage.value))) return true
  }
  return false
}

/** Only outside of production; a branch of production alone is the wrong one. */
function isLeftToDevelopers(node: Node, scan: CodeScan): boolean {
  for (let at: Node = node; at.parent; at = at.parent) {
    const { parent } = at
    if (parent.type !== 'IfStatement' || at !== parent.consequent) continue
    const test = sourceOf(parent.test, scan.module)
    if (/={2,3}\s*['"`]production['"`]|^\s*\w*isProd\w*\s*$/i.test(test) && !/!={1,2}|^\s*!/.test(test)) return false
  }
  return isForDevelopers({ module: scan.module, node })
}

function checkSwitch(call: CallSite, scan: CodeScan, { member, on }: { member: string; on: boolean }): void {
  for (const arg of call.args) {
    if (!optionsOf(arg).some(({ kind }) => kind === 'object')) continue
    for (const { value, origin } of scan.members(arg, member)) {
      if (value.kind !== 'constant' || value.value !== on) continue
      if (
        origin.module !== scan.module ||
        isForDevelopers(origin) ||
        isForDevelopers({ module: scan.module, node: call.node })
      )
        continue
      report(origin.node, `\`${member}: ${String(on)}\` shows clients what only developers are to see`, scan)
    }
  }
}

/** `app.set('env', 'development')` */
function checkEnvironment(call: CallSite, scan: CodeScan): void {
  const [name, value] = call.args
  if (name?.kind !== 'constant' || name.value !== 'env' || value?.kind !== 'constant') return
  if (!/^dev(?:elopment)?$/.test(String(value.value)) || isForDevelopers({ module: scan.module, node: call.node }))
    return
  report(call.node, 'Express shows stacks to clients in this environment, which is set whatever NODE_ENV says', scan)
}

function checkField(node: Node, scan: CodeScan): void {
  if (node.type !== 'PropertyDefinition' || node.key.type !== 'Identifier' || node.key.name !== 'debug') return
  const cls = node.parent?.parent
  if (node.value?.type !== 'Literal' || node.value.value !== true || !cls || !('superClass' in cls) || !cls.superClass)
    return
  if (!/ExceptionHandler|ErrorHandler/.test(sourceOf(cls.superClass, scan.module))) return
  report(node, '`debug: true` shows clients what only developers are to see', scan)
}

const FOR_DEVELOPERS =
  /(?:^|[/._-])(?:dev|development|local|test|ci|e2e|debug|devcontainer|sandbox|staging)(?:[/._-]|$)/i
const FOR_PRODUCTION = /(?:^|[/._-])prod(?:uction)?(?:[/._-]|$)/i

function checkSetting({ name, value, path, source, start, end }: Setting, scan: FileScan): void {
  if (scan.isComment(start)) return
  const at = { start, end }
  // LoopBack's handler has its own place in the configuration.
  if (name === 'debug' && value === 'true' && path.some((part) => part.includes('error-handler'))) {
    if (!FOR_DEVELOPERS.test(scan.file.path)) {
      scan.report({ at, message: '`debug` of the error handler shows stacks to clients: turn it off' })
    }
    return
  }
  if (name !== 'NODE_ENV' || !/^dev(?:elopment)?$/.test(value)) return
  const isImage = source === 'dockerfile' && !FOR_DEVELOPERS.test(scan.file.path) && !hasStages(scan.file.text)
  const isProduction =
    source !== 'code' &&
    (FOR_PRODUCTION.test(scan.file.path) || path.some((part) => /^env_prod(?:uction)?$/.test(part)))
  if (!isImage && !isProduction) return
  scan.report({
    at,
    message: 'In production this has frameworks answer errors with their stacks: set NODE_ENV to production',
    severity: 'medium',
  })
}

/** An image that is made in steps has one for developers, maybe. */
function hasStages(text: string): boolean {
  return (text.match(/^\s*FROM\b/gim) ?? []).length > 1
}

function report(node: Node, message: string, scan: CodeScan): void {
  scan.report({ at: scan.placeOf(node), message })
}

import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { shownText } from '../../engine/values/known-calls.ts'
import { fixWrittenValue } from '../../engine/values/literal-fix.ts'
import { optionsOf, type Member, type Value } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'hsts-disabled',
  practice: 1,
  severity: 'medium',
  title: 'Strict-Transport-Security is turned off, or forgotten within days',
  why: 'Without it a browser tries plain HTTP whenever an address or a link says so, and the first request can be answered by anybody on the network: with a copy of your checkout that never moves to HTTPS. With it the browser refuses plain HTTP by itself.',
  mend: 'Leave the default of helmet, or send `Strict-Transport-Security: max-age=31536000; includeSubDomains`. A year is the least that counts.',
  before: 'app.use(helmet({ hsts: false }))',
  after: 'app.use(helmet({ hsts: { maxAge: 31_536_000, includeSubDomains: true } }))',
  controls: { pci: ['4.2.1'], asvs: ['3.4.1'], gdpr: ['32(1)(a)'] },
  fixes: "it turns helmet's own header on where it is written out as off.",
  silentIn: ['test', 'fixture', 'documentation', 'declaration', 'vendored', 'development'],
  words: ['hsts', 'ransport'],
  on: {
    calls: [
      { to: ['helmet', 'koa-helmet'], check: (call, scan) => checkOptions(call.args[0], scan) },
      { to: ['*.register'], check: checkRegister },
      { to: ['helmet.hsts', 'helmet.strictTransportSecurity', 'koa-helmet.hsts', 'hsts'], check: checkMiddleware },
      { to: ['*.setHeader', '*.header', '*.set', '*.append'], check: checkHeader },
    ],
    nodes: {
      // What Next.js, serverless platforms and others take: { key: 'Strict-Transport-Security', value: '…' }.
      ObjectExpression(node, scan) {
        const object = scan.valueOf(node)
        const [key] = scan.members(object, 'key')
        const [value] = scan.members(object, 'value')
        if (key && value && isHsts(key.value) && isShortHeader(value.value)) report(value, scan)
        const [header] = scan.members(object, 'Strict-Transport-Security')
        if (header && isShortHeader(header.value)) report(header, scan)
      },
    },
  },
}

/** Thirty days. Less protects nobody who comes back next month. */
const LEAST_SECONDS = 30 * 86_400

function checkRegister(call: CallSite, scan: CodeScan): void {
  const [plugin, options] = call.args
  const isHelmet = plugin?.kind === 'named' && /^(?:@fastify\/helmet|fastify-helmet)/.test(plugin.path)
  if (isHelmet) checkOptions(options, scan)
}

function checkOptions(options: Value | undefined, scan: CodeScan): void {
  if (!options) return
  for (const name of ['hsts', 'strictTransportSecurity']) {
    const members = scan.members(options, name)
    const [latest] = members
    if (latest && members.every(({ value }) => isOff(value, scan))) report(latest, scan)
  }
}

function checkMiddleware(call: CallSite, scan: CodeScan): void {
  const [options] = call.args
  if (options && isShort(options, scan)) report({ origin: call.node }, scan)
}

function checkHeader(call: CallSite, scan: CodeScan): void {
  const [name, value] = call.args
  if (name && value && isHsts(name) && isShortHeader(value)) report({ origin: call.node }, scan)
}

function isOff(value: Value, scan: CodeScan): boolean {
  return optionsOf(value).every((option) =>
    option.kind === 'constant' ? option.value === false : isShort(option, scan),
  )
}

function isShort(options: Value, scan: CodeScan): boolean {
  if (options.kind !== 'object') return false
  const members = scan.members(options, 'maxAge')
  return (
    members.length > 0 &&
    members.every(({ value }) => optionsOf(value).every((each) => each.kind === 'constant' && isFew(each.value)))
  )
}

function isFew(seconds: unknown): boolean {
  return typeof seconds === 'number' && seconds < LEAST_SECONDS
}

function isHsts(name: Value): boolean {
  return name.kind === 'constant' && /^strict-transport-security$/i.test(String(name.value))
}

function isShortHeader(value: Value): boolean {
  const age = /max-age\s*=\s*"?(\d{1,12})(?!\d)/i.exec(shownText(value))?.[1]
  return age !== undefined && isFew(Number(age))
}

function report({ origin }: { readonly origin: Member['origin'] | CallSite['node'] }, scan: CodeScan): void {
  const fix = 'module' in origin ? fixWrittenValue(origin, 'true') : undefined
  scan.report({ at: scan.placeOf(origin), ...(fix ? { fix } : {}) })
}

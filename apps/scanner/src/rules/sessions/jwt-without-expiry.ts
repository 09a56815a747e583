import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { optionsOf, type Value } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'jwt-without-expiry',
  practice: 10,
  severity: 'high',
  title: 'A token by which somebody is signed in never expires',
  why: 'The server takes such a token for as long as its key lives. Whoever finds it in a log, a backup or on a lost phone is signed in as its owner for ever, and nothing that the owner does, a new password included, ends that.',
  mend: 'Give it an end: `expiresIn` of some minutes for what is shown with every request, and a refresh token kept on the server, which can be taken back.',
  before: 'jwt.sign({ sub: user.id }, key)',
  after: "jwt.sign({ sub: user.id }, key, { expiresIn: '15m' })",
  controls: { pci: ['6.2.4'], asvs: [], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'development'],
  words: ['jsonwebtoken', 'jose', 'jwt-simple', 'jwt', 'JWT', 'Jwt'],
  on: {
    calls: [
      { to: ['jsonwebtoken.sign'], check: (call, scan) => checkSign(call, { options: 2, scan }) },
      { to: ['jwt-simple.encode'], check: checkPayloadOnly },
      { to: ['*.sign'], check: checkJose },
    ],
  },
}

/** Claims by which a token is one of another kind: for one use, or checked against something that ends. */
const FOR_ONE_USE = /^(?:nonce|purpose|otp|code|event|webhook|orderId)$/i

function checkSign(call: CallSite, { options: at, scan }: { options: number; scan: CodeScan }): void {
  const [payload, , third] = call.args
  const options = call.args[at]
  if (!payload || call.node.arguments.some(({ type }) => type === 'SpreadElement')) return
  // The callback may come third.
  const given = third?.kind === 'function' ? undefined : options
  if (given && mayHave(given, 'expiresIn', scan)) return
  if (mayExpire(payload, scan)) return
  scan.report({ at: scan.placeOf(call.node) })
}

function checkPayloadOnly(call: CallSite, scan: CodeScan): void {
  const [payload] = call.args
  if (payload && !mayExpire(payload, scan)) scan.report({ at: scan.placeOf(call.node) })
}

/** Whether an object has a member, or may have it where not all of it is known. */
function mayHave(object: Value, name: string, scan: CodeScan): boolean {
  return optionsOf(object).some((option) => {
    if (option.kind === 'constant') return false
    if (option.kind !== 'object') return true
    const members = scan.members(option, name)
    if (members.length > 0) return members.some(({ value }) => value.kind !== 'constant' || value.value !== undefined)
    return scan.memberNames(option).open
  })
}

/** Whether what is signed holds an end of its own, or may: what comes from elsewhere may have one. */
function mayExpire(payload: Value, scan: CodeScan): boolean {
  return optionsOf(payload).some((option) => {
    if (option.kind === 'object') {
      const { names, open } = scan.memberNames(option)
      return open || names.has('exp') || [...names].some((name) => FOR_ONE_USE.test(name))
    }
    if (option.kind === 'constant' || option.kind === 'text') return false
    // A document of the database or what a client sent holds no end.
    return !(
      option.kind === 'named' &&
      /(?:\.|~)(?:id|_id|email|username|userId|toJSON\(\)|toObject\(\)|body|user)$/.test(option.path)
    )
  })
}

/** `new SignJWT(claims).setProtectedHeader(…).sign(key)` */
function checkJose(call: CallSite, scan: CodeScan): void {
  if (!call.path.startsWith('new jose.SignJWT.') || call.path.includes('.setExpirationTime()')) return
  const payload = constructed(call.callee)
  if (!payload || mayExpire(payload, scan)) return
  // What is built in several statements may get its end in one of them.
  const { start, end } = scan.placeOf(call.node)
  const isOneChain = scan.file.text.slice(start, end).includes('new ')
  if (!isOneChain && scan.callsTo('*.setExpirationTime').length > 0) return
  scan.report({ at: scan.placeOf(call.node) })
}

/** What was handed to `new SignJWT`, some methods earlier. */
function constructed(callee: Value): Value | undefined {
  for (let at: Value | undefined = callee; at?.kind === 'named'; at = at.base) {
    if (at.via === 'new') return at.args?.[0]
  }
  return undefined
}

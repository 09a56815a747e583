import { isRealSecret, isSecretName } from '../../engine/data/secret-setting.ts'
import { wordsOf } from '../../engine/data/column.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { optionsOf, type Named, type Origin, type Value } from '../../engine/values/value.ts'

/** Functions that ask for the address in their first argument, or in options. */
const CLIENTS = [
  'fetch',
  '$fetch',
  'useFetch',
  'ofetch',
  'ofetch.*',
  'node-fetch',
  'cross-fetch',
  'isomorphic-fetch',
  'axios',
  'axios.*',
  'axios.create().*',
  'got',
  'got.*',
  'got.extend().*',
  'ky',
  'ky.*',
  'request',
  'request.*',
  'request-promise',
  'request-promise.*',
  'request-promise-native',
  'request-promise-native.*',
  'superagent.*',
  'needle',
  'needle.*',
  'undici.fetch',
  'undici.request',
  'http.request',
  'http.get',
  'https.request',
  'https.get',
  'navigator.sendBeacon',
  '~http.get',
  '~http.post',
  '~httpService.*',
  '~this.httpService.*',
  '~this.http.*',
  'jquery.*',
  '$.ajax',
  '$.get',
  '$.post',
  '$.getJSON',
  '*.httpGet',
]
const QUERIES = ['params', 'searchParams', 'qs', 'query']
/** Names of parameters that hold nothing but secrets. */
const SECRET_PARAM =
  /^(?:x )?(?:api ?(?:key|token|secret)|apikey|access ?(?:token|key)|auth ?(?:token|key)|secret(?: ?key)?|client secret|app ?secret|private key|password|passwd|passphrase|pwd|jwt|bearer|id token|refresh token|merchant ?key|subscription key|consumer secret|api password)$/
/** Names of parameters that may hold one, by what is put into them. */
const MAYBE_PARAM = /^(?:(?:app ?)?key|token|session token|auth|t|k|pass)$/
/** What is meant for everybody, is used once, or is none. */
const HARMLESS =
  /\b(?:public|publishable|pub|site|pk|anon|client id|reset|invite|invitation|verification|verify|confirm|confirmation|activation|unsubscribe|csrf|xsrf|state|nonce|one time|otp|magic|share|page|next|continuation|sync|cursor|cache|idempotency|next public|vite|react app|expo public|gatsby|vue app|name|id|hash|hashed|masked|length|type|captcha)\b/
const SECRET_VALUE =
  /\b(?:(?:access|auth|api|bearer|session|jwt|bot|service|admin|private|refresh|id) token|api ?key|access ?key|jwt|bearer|auth key|secret)$/
/** Addresses that have no other place for it. */
const NO_OTHER_WAY =
  /api\.telegram\.org\/(?:file\/)?bot|api\.mapbox\.com|maps\.googleapis\.com|hooks\.slack\.com|discord(?:app)?\.com\/api\/webhooks/
const ON_THIS_MACHINE = /^(?:https?:)?\/\/(?:localhost|127\.|0\.0\.0\.0|\[::1\]|[\w.-]*example\.(?:com|org|net)\b)/

export const rule: Rule = {
  id: 'secret-in-url',
  practice: 3,
  severity: 'high',
  title: 'A key, token or password is part of an address that is asked for',
  why: 'Addresses are written down all along the way: in the logs of proxies and servers, in histories, in traces and in error reports, and they are sent on as the referrer. Whoever reads one of them has the secret, and nobody thinks of a log when keys are replaced.',
  mend: 'Send it in a header (`Authorization: Bearer …`) or in the body of a POST. Replace a key that was sent in addresses before.',
  before: 'await fetch(`https://api.bank.com/v1/rates?api_key=${config.bankKey}`)',
  after: "await fetch('https://api.bank.com/v1/rates', { headers: { authorization: `Bearer ${config.bankKey}` } })",
  controls: { pci: ['8.3.2'], asvs: ['14.2.1'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'generated', 'vendored'],
  words: ['ey', 'KEY', 'oken', 'TOKEN', 'ecret', 'SECRET', 'ass', 'PASS', 'pwd', 'jwt', '@', 'auth'],
  on: {
    calls: [
      { to: CLIENTS, check: checkClient },
      { to: ['axios.create', 'got.extend', 'ky.create', 'ky.extend'], check: checkClient },
      {
        to: ['*.redirect', 'next/navigation.redirect'],
        check: (call, scan) => call.args.slice(0, 2).forEach((arg) => checkAddress(arg, call, scan)),
      },
      {
        to: ['superagent.get().query', 'superagent.post().query'],
        check: (call, scan) => checkQuery(call.args[0], call, scan),
      },
      { to: ['*.searchParams.set', '*.searchParams.append'], check: checkParam },
    ],
  },
}

function checkClient(call: CallSite, scan: CodeScan): void {
  const [first, second] = call.args
  for (const arg of call.args.slice(0, 3)) {
    if (!optionsOf(arg).some(({ kind }) => kind === 'object')) continue
    for (const name of ['url', 'uri', 'baseURL', 'baseUrl', 'prefixUrl', 'path']) {
      for (const { value } of scan.members(arg, name)) checkAddress(value, call, scan)
    }
    for (const name of QUERIES) for (const { value } of scan.members(arg, name)) checkQuery(value, call, scan)
  }
  if (first) checkAddress(first, call, scan)
  if (second && /^https?\./.test(call.path)) checkAddress(second, call, scan)
}

function checkAddress(address: Value, call: CallSite, scan: CodeScan): void {
  for (const option of optionsOf(address)) {
    if (option.kind === 'constant' && typeof option.value === 'string') {
      const what = writtenIn(option.value)
      if (what !== undefined) report(option.origin, { what, call, scan })
    } else if (option.kind === 'text') checkText(option.parts, { origin: option.origin, call, scan })
    else if (option.kind === 'named' && /^new (?:url\.)?(?:URL|Request)(?:\.href|\.toString\(\))?$/.test(option.path)) {
      for (const arg of urlArgs(option)) checkAddress(arg, call, scan)
    }
  }
}

function urlArgs(value: Named): readonly Value[] {
  if (value.via === 'new') return value.args ?? []
  return value.base?.kind === 'named' ? urlArgs(value.base) : []
}

/** What of a whole address that is written out is secret. */
function writtenIn(address: string): string | undefined {
  if (ON_THIS_MACHINE.test(address)) return undefined
  const login = /^https?:\/\/[^\s:@/?#]+:([^\s@/?#]+)@/.exec(address)?.[1]
  if (login !== undefined && isRealSecret(login)) return 'A password'
  for (const [, name = '', value = ''] of address.matchAll(/[?&]([\w.-]{1,40})=([^&#\s]{1,400})/g)) {
    if (SECRET_PARAM.test(wordsOf(name)) && isRealSecret(value)) return `\`${name}\``
  }
  return undefined
}

interface Place {
  readonly origin: Origin
  readonly call: CallSite
  readonly scan: CodeScan
}

function checkText(parts: readonly Value[], { origin, call, scan }: Place): void {
  let before = ''
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'constant') {
      before += String(part.value)
      continue
    }
    if (ON_THIS_MACHINE.test(before)) return
    const after = parts[index + 1]
    const what = secretIn(part, { before, after: after?.kind === 'constant' ? String(after.value) : '', scan })
    if (what !== undefined) {
      report(origin, { what, call, scan })
      return
    }
    if (part.kind === 'named') for (const arg of queryArgs(part)) checkQuery(arg, call, scan)
    before += '\u0000'
  }
}

/** The arguments of the `new URLSearchParams` or `stringify` that a value is written out from. */
function queryArgs(part: Named): readonly Value[] {
  if (/^(?:new URLSearchParams|(?:qs|querystring)\.stringify\(\))$/.test(part.path)) return part.args ?? []
  if (!/^new URLSearchParams\.toString(?:\(\))?$/.test(part.path)) return []
  return part.base?.kind === 'named' ? queryArgs(part.base) : []
}

/** What is secret of a part of an address, by what stands around it. */
function secretIn(
  part: Value,
  { before, after, scan }: { before: string; after: string; scan: CodeScan },
): string | undefined {
  if (NO_OTHER_WAY.test(before)) return undefined
  const name = /[?&]([\w.-]{1,40})=$/.exec(before)?.[1]
  if (name !== undefined) return isSecretParam(name, part, scan) ? `\`${name}\`` : undefined
  // `https://user:` and what follows.
  if (/^https?:\/\/[^\s@/?#]*:$/.test(before) && after.startsWith('@')) return 'A password'
  const isWholePart = before.endsWith('/') && /^(?:$|[/?])/.test(after) && !before.includes('?')
  return isWholePart && valueNames(part).some((each) => isSecretKey(each)) ? 'A key' : undefined
}

/** Parts of a path are often identifiers, so that only a name for a key itself says it. */
function isSecretKey(name: string): boolean {
  const words = wordsOf(name)
  return (
    /\b(?:api key|apikey|secret key|api secret|access token|api token|auth token)$/.test(words) && !HARMLESS.test(words)
  )
}

function isSecretParam(name: string, value: Value, scan: CodeScan): boolean {
  const words = wordsOf(name)
  const names = valueNames(value)
  if (names.some((each) => HARMLESS.test(wordsOf(each)))) return false
  if (SECRET_PARAM.test(words)) {
    if (/^(?:password|pwd|passwd)$/.test(words)) return names.length > 0 || isWritten(value)
    return names.length > 0 ? !names.every((each) => isOptional(each)) : isWritten(value)
  }
  if (!MAYBE_PARAM.test(words)) return false
  return (
    names.some((each) => isSecretName(each) || SECRET_VALUE.test(wordsOf(each))) ||
    isFromEnvironment(value) ||
    isSigned(value, scan)
  )
}

/** `process.env.PARTNER_TOKEN` */
function isFromEnvironment(value: Value): boolean {
  return optionsOf(value).some(
    (option) => option.kind === 'named' && /^(?:process\.env|import\.meta\.env)\.\w+_(?:TOKEN|KEY)$/.test(option.path),
  )
}

/** A token that is made on the spot. */
function isSigned(value: Value, scan: CodeScan): boolean {
  return optionsOf(value).some(
    (option) =>
      option.kind === 'named' &&
      /^(?:jsonwebtoken\.sign\(\)|~jwt\.sign\(\)|jwt\.sign\(\)|~this\.jwtService\.sign(?:Async)?\(\))$/.test(
        option.path,
      ) &&
      scan.module === option.origin.module,
  )
}

function isOptional(name: string): boolean {
  return /^(?:undefined|null)$/.test(name)
}

function isWritten(value: Value): boolean {
  return optionsOf(value).some((option) => option.kind === 'constant' && isRealSecret(String(option.value)))
}

/** The last names of the ways that lead to a value, through encoding. */
function valueNames(value: Value): string[] {
  return optionsOf(value).flatMap((option): string[] => {
    if (option.kind === 'text')
      return option.parts.flatMap((part) => (part.kind === 'constant' ? [] : valueNames(part)))
    if (option.kind !== 'named') return []
    if (/^(?:encodeURIComponent|encodeURI|String|JSON\.stringify)\(\)$/.test(option.path))
      return (option.args ?? []).flatMap((arg) => valueNames(arg))
    if (/\.(?:toString|trim)\(\)$/.test(option.path) && option.base?.kind === 'named' && option.base.base)
      return valueNames(option.base.base)
    const path = option.path.replaceAll('()', '')
    const last = path.slice(path.lastIndexOf('.') + 1).replace(/^~/, '')
    return last === '' ? [] : [last]
  })
}

/** `{ api_key: key }` as the query of a request. */
function checkQuery(query: Value | undefined, call: CallSite, scan: CodeScan): void {
  if (!query) return
  for (const option of optionsOf(query)) {
    if (option.kind === 'named') for (const arg of queryArgs(option)) checkQuery(arg, call, scan)
    if (option.kind !== 'object') continue
    for (const name of scan.memberNames(option).names) {
      for (const { value, origin } of scan.members(option, name)) {
        if (isSecretParam(name, value, scan)) report(origin, { what: `\`${name}\``, call, scan })
      }
    }
  }
}

/** `url.searchParams.set('api_key', key)` */
function checkParam(call: CallSite, scan: CodeScan): void {
  const [name, value] = call.args
  if (name?.kind !== 'constant' || !value) return
  const words = wordsOf(String(name.value))
  // A token may be for an address that is handed out.
  if (SECRET_PARAM.test(words) && !/token|jwt/.test(words) && isSecretParam(String(name.value), value, scan))
    report({ module: scan.module, node: call.node }, { what: `\`${String(name.value)}\``, call, scan })
}

function report(origin: Origin, { what, call, scan }: { what: string; call: CallSite; scan: CodeScan }): void {
  scan.report({
    at: scan.placeOf(origin),
    message: `${what} is sent as a part of an address, which is written to logs on the way: send it in a header`,
    related: [{ what: `asked for by ${call.path.replace(/^~/, '')}`, at: scan.placeOf(call.node) }],
  })
}

import type { CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { optionsOf, type Named, type Origin, type Value } from '../values/value.ts'
import { membersOf } from './posted.ts'

/** A value that is put into an address. */
export interface AddressPart {
  readonly value: Value
  /** Of its parameter; undefined where it is a part of the path. */
  readonly name: string | undefined
  /** What of the address stands before it, as far as it is known. */
  readonly before: string
  /** Where that is written. */
  readonly origin: Origin
}

/** Addresses that are no addresses of the web, or name whom something goes to. */
const OTHER_SCHEME = /^\s*(?:mailto|tel|sms|callto|whatsapp|data|blob|javascript|otpauth|geo|upi|file|viber|skype|tg):/i
const QUERY_OBJECT = /^(?:new URLSearchParams|(?:qs|querystring|query-string)\.stringify\(\)|\$\.param\(\))$/
const QUERY_TEXT = /^new URLSearchParams\.toString\(\)$/

/** What an address is put together from, beside its texts: parameters and parts of the path. */
export function addressParts(address: Value, scan: CodeScan): readonly AddressPart[] {
  return optionsOf(address).flatMap((option): readonly AddressPart[] => {
    if (option.kind === 'text') return textParts(option.parts, option.origin, scan)
    if (option.kind !== 'named') return []
    if (option.path === 'url.format()') {
      return (option.args ?? []).flatMap((arg) => queryParts(scan.member(arg, 'query'), '', scan))
    }
    const made = madeOf(option)
    return made ? [...made.flatMap((arg) => addressParts(arg, scan)), ...partsSetOn(option, scan)] : []
  })
}

/** The arguments of `new URL(…)`, by itself or as a text. */
function madeOf({ path, args, base }: Named): readonly Value[] | undefined {
  if (/^new (?:url\.)?(?:URL|Request)$/.test(path)) return args ?? []
  const isText = /^new (?:url\.)?URL\.(?:href|toString(?:\(\))?)$/.test(path)
  return isText && base?.kind === 'named' ? madeOf(base) : undefined
}

function textParts(parts: readonly Value[], origin: Origin, scan: CodeScan): readonly AddressPart[] {
  let before = ''
  let place = origin
  const found: AddressPart[] = []
  for (const part of parts) {
    if (part.kind === 'constant') {
      before += String(part.value)
      // What another file hands over is mended there.
      place = part.origin.module === origin.module ? origin : part.origin
      continue
    }
    if (OTHER_SCHEME.test(before)) return []
    const name = /[?&]([\w.[\]-]{1,40})=$/.exec(before)?.[1]
    if (name !== undefined || (before.endsWith('/') && before !== '/' && isPath(before))) {
      found.push({ value: part, name, before, origin: place })
    } else if (part.kind === 'named') found.push(...queryParts(part, before, scan))
    before += '\u0000'
  }
  return found
}

/** Past the host, and not in the query. */
function isPath(before: string): boolean {
  return !before.includes('?') && !/^\w*:?\/\/$/.test(before)
}

/** The parameters of a query that is given as an object, or written out from one. */
export function queryParts(query: Value, before: string, scan: CodeScan): readonly AddressPart[] {
  return optionsOf(query).flatMap((option): readonly AddressPart[] => {
    if (option.kind === 'object') {
      return membersOf(option, scan).map(({ name, value, origin }) => ({ name, value, before, origin }))
    }
    if (option.kind !== 'named') return []
    if (QUERY_TEXT.test(option.path) && option.base?.kind === 'named' && option.base.base) {
      return queryParts(option.base.base, before, scan)
    }
    if (!QUERY_OBJECT.test(option.path)) return chainedParts(option, before)
    const given = (option.args ?? []).flatMap((arg) =>
      arg.kind === 'text'
        ? textParts([{ ...option, kind: 'constant', value: '?' }, ...arg.parts], arg.origin, scan)
        : queryParts(arg, before, scan),
    )
    return [...given, ...partsSetOn(option, scan)]
  })
}

/** `new HttpParams().set('email', email)` of Angular. */
function chainedParts(call: Named, before: string): readonly AddressPart[] {
  const { base, args = [], origin } = call
  if (call.via !== 'call' || base?.kind !== 'named' || !/HttpParams(?:\.\w+\(\))*\.(?:set|append)$/.test(base.path))
    return []
  const [name, value] = args
  const inner = base.base?.kind === 'named' ? chainedParts(base.base, before) : []
  return name?.kind === 'constant' && value ? [...inner, { name: String(name.value), value, before, origin }] : inner
}

/** `const url = new URL(…)` or `new URLSearchParams()`: what is set on it by `searchParams.set`, `append`. */
function partsSetOn({ origin }: Named, scan: CodeScan): readonly AddressPart[] {
  let made: Node = origin.node
  while (made.parent && made.parent.type !== 'VariableDeclarator' && made.type !== 'NewExpression') made = made.parent
  const declarator = made.parent
  if (origin.module !== scan.module || declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier')
    return []
  const reads = scan.module.tree.bindings.get(declarator.id)?.reads ?? []
  return reads.flatMap((read) => setBy(read, scan))
}

function setBy(read: Node, scan: CodeScan): readonly AddressPart[] {
  let at = read
  while (at.parent?.type === 'MemberExpression' && at.parent.object === at) at = at.parent
  const call = at.parent
  if (at.type !== 'MemberExpression' || at.computed || call?.type !== 'CallExpression' || call.callee !== at) return []
  const [name, value] = call.arguments
  if (!/^(?:set|append)$/.test(at.property.name) || name?.type !== 'Literal' || !value) return []
  const origin = { module: scan.module, node: call }
  return [{ name: String(name.value), value: scan.valueOf(value), before: '', origin }]
}

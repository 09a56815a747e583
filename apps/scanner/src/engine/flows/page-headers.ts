import type { CallSite, CodeScan } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { shownText } from '../values/known-calls.ts'
import { pathsOf, type Origin, type Value } from '../values/value.ts'

/** Helmet in its ways: as a middleware, and as what Fastify registers. */
export const HELMETS = ['helmet', 'koa-helmet']
/** Functions that set one header by name. */
export const SETTERS = ['*.setHeader', '*.header', '*.set', '*.append', '*.appendHeader']

/** A header as the code writes it. */
export interface WrittenHeader {
  readonly value: string
  readonly origin: Origin | Node
}

/** The options of helmet that Fastify is handed: `app.register(helmet, options)`. */
export function registeredHelmet({ args: [plugin, options] }: CallSite): Value | undefined {
  const isHelmet = plugin && pathsOf(plugin).some((path) => /^(?:@fastify\/helmet|fastify-helmet)/.test(path))
  return isHelmet ? options : undefined
}

/** The header that a call sets, where it is this one and its value is known in part at least. */
export function headerOfCall({ args: [name, value], node }: CallSite, wanted: RegExp): WrittenHeader | undefined {
  if (name?.kind !== 'constant' || !wanted.test(String(name.value)) || !value) return undefined
  return { value: shownText(value), origin: node }
}

/** The header of an object: `{ key: 'X-Frame-Options', value: '…' }` of Next.js, or a member of that name. */
export function headersOfObject(node: Node, wanted: RegExp, scan: CodeScan): WrittenHeader[] {
  const object = scan.valueOf(node)
  const [key] = scan.members(object, 'key')
  const [value] = scan.members(object, 'value')
  const isPair = key?.value.kind === 'constant' && wanted.test(String(key.value.value))
  const pair = isPair && value ? [{ value: shownText(value.value), origin: value.origin }] : []
  const names = [...scan.memberNames(object).names].filter((name) => wanted.test(name))
  const members = names.flatMap((name) =>
    scan
      .members(object, name)
      .slice(0, 1)
      .map((member) => ({ value: shownText(member.value), origin: member.origin })),
  )
  return [...pair, ...members]
}

import type { CodeScan } from '../scan/code-scan.ts'
import { optionsOf, type Member, type Value } from '../values/value.ts'

/** Clients that take what they send as an argument of its own, not as a member of options. */
const TAKES_BODY = /^(?:axios|superagent|needle|axios\.create\(\))\.(?!get$)|http(?:Service)?\.post$/
/** Under these names options of a request have what is sent. */
const BODIES = ['body', 'data', 'json', 'form', 'payload', 'formData', 'params', 'searchParams']
const IS_CLIENT =
  /^(?:\$?fetch|cross-fetch|isomorphic-fetch|node-fetch|(?:got|ky|superagent|needle|request|axios)(?:\.\w+|\.create\(\)\.\w+)?|undici\.\w+|~?(?:this\.)?http(?:Service)?\.post)$/

/** Whether a call asks for an address, and has what it sends in its options or beside them. */
export function isRequest(path: string): boolean {
  return IS_CLIENT.test(path)
}

/** What a request sends as its body, as members of the options or as an argument; empty where it sends none. */
export function bodiesOf(argument: Value, path: string, scan: CodeScan): readonly Value[] {
  const within = BODIES.flatMap((name) => scan.members(argument, name).map(({ value }) => value))
  const isOptions = scan.memberNames(argument).names.has('url') || scan.memberNames(argument).names.has('uri')
  const bodies = TAKES_BODY.test(path) && !isOptions ? [argument] : within
  return bodies.map(unwrapped)
}

/** What `JSON.stringify` and the like write out. */
export function unwrapped(value: Value): Value {
  if (value.kind !== 'named' || value.via !== 'call') return value
  const [first] = value.args ?? []
  return first && /^(?:JSON|qs|querystring)\.stringify\(\)$/.test(value.path) ? first : value
}

/** Members of what is an object, latest first; nothing of what is none. */
export function membersOf(value: Value, scan: CodeScan): readonly (Member & { readonly name: string })[] {
  return optionsOf(value).flatMap((option) => {
    if (option.kind !== 'object') return []
    return [...scan.memberNames(option).names].flatMap((name) =>
      scan.members(option, name).map((member) => ({ ...member, name })),
    )
  })
}

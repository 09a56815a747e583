import { handlerText, isChecked, sentIn } from '../../engine/flows/request-flow.ts'
import { codeOf } from '../../engine/modules/source-text.ts'
import type { Sink } from '../../engine/flows/sinks.ts'
import type { SourceHit } from '../../engine/flows/sources.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, type Value } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'open-redirect',
  practice: 6,
  severity: 'medium',
  title: 'The client is sent on to whatever address the request names',
  why: 'A link that begins with the name of the shop leads to a copy of it: the buyer signs in or types a card there, and saw the right name when they clicked. Tokens that are in the address, of a sign-in or of a payment, go along.',
  mend: 'Keep the place to return to on the server, or take only paths of your own: resolve it against your own origin, compare the origin, and send on by path and query alone. Addresses elsewhere come out of a list.',
  before: 'res.redirect(req.query.next)',
  after:
    "const next = new URL(String(req.query.next ?? '/'), config.origin)\nres.redirect(next.origin === config.origin ? next.pathname + next.search : '/')",
  controls: { pci: ['6.2.4'], asvs: ['3.7.2'], gdpr: [] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'generated', 'vendored'],
  words: ['edirect', 'ocation'],
  on: {
    calls: [
      {
        to: ['*.redirect', 'next/navigation.redirect', '@remix-run/node.redirect', 'react-router.redirect'],
        check: (call, scan) => check(call.args.at(-1), call.node, scan),
      },
      // As [path, status] or as [status, path].
      {
        to: [
          '*.redirect',
          '@sveltejs/kit.redirect',
          'next/navigation.permanentRedirect',
          '@remix-run/node.redirectDocument',
          'react-router-dom.redirect',
          '@tanstack/react-router.redirect',
          'sendRedirect',
          'h3.sendRedirect',
          'navigateTo',
          '*.location',
        ],
        check: (call, scan) => call.args.slice(0, 2).forEach((arg) => check(arg, call.node, scan)),
      },
      {
        to: ['*.setHeader', '*.header', '*.set', '*.append', '*.headers.set'],
        check: (call: CallSite, scan: CodeScan): void => {
          const [name, value] = call.args
          if (name?.kind !== 'constant' || !/^location$/i.test(String(name.value))) return
          // With a status of success it only says where something is.
          const around = handlerText({ module: scan.module, node: call.node })
          if (MOVED.test(around)) check(value, call.node, scan)
        },
      },
      {
        to: ['*.writeHead', 'new Response', 'new NextResponse', 'new next/server.NextResponse'],
        check: (call: CallSite, scan: CodeScan): void => {
          for (const arg of call.args) checkHeaders(arg, call.node, scan)
        },
      },
    ],
    nodes: {
      // The answer of a function in a cloud.
      ObjectExpression(node, scan) {
        const names = node.properties.map((each) => (each.type === 'Property' ? keyName(each.key) : ''))
        if (names.includes('statusCode') && names.includes('headers')) checkHeaders(scan.valueOf(node), node, scan)
      },
    },
    sinks: [
      {
        kinds: ['url'],
        check: (sink: Sink, scan: CodeScan): void => {
          if (/^(?:window\.|document\.)?location(?:\.(?:href|assign|replace))?$/.test(sink.path))
            check(sink.value, sink.node, scan)
        },
      },
    ],
  },
}

const MOVED = /\b30[12378]\b|MOVED|SEE_OTHER|FOUND|TEMPORARY|PERMANENT/

function keyName(key: Node): string {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : ''
}

/** `{ Location: url }`, and the same as `headers` of an answer. */
function checkHeaders(value: Value, node: Node, scan: CodeScan): void {
  for (const option of optionsOf(value)) {
    if (option.kind !== 'object') continue
    for (const headers of [option, ...scan.members(option, 'headers').map((each) => each.value)]) {
      if (headers.kind !== 'object') continue
      for (const name of ['Location', 'location']) {
        for (const member of scan.members(headers, name)) check(member.value, node, scan)
      }
    }
  }
}

function check(address: Value | undefined, node: Node, scan: CodeScan): void {
  if (!address) return
  const use = { module: scan.module, node }
  const hit = leadersOf(address, scan, 0).find((each) => isFree(each) && !isAllowed(each, node, scan))
  if (!hit) return
  scan.report({
    at: scan.placeOf(use),
    message: 'The address that the client is sent on to comes from the request: take only paths of your own',
    related: [{ what: 'sent by the client', at: scan.placeOf(hit.origin) }],
  })
}

/** What a page of somebody else cannot set for its visitors. */
function isFree({ path }: SourceHit): boolean {
  return !/\.(?:headers|header\(\)|cookies)\b/.test(path)
}

/** What was sent and stands where it says to which host the address leads. */
function leadersOf(address: Value, scan: CodeScan, depth: number): readonly SourceHit[] {
  if (depth > 6) return []
  return optionsOf(address).flatMap((option) => {
    if (option.kind === 'text') return leadersOfText(option.parts, scan, depth)
    if (option.kind !== 'named') return []
    // Of two arguments the second is only where the first one says nothing of the host.
    const url = urlIn(option)
    if (url) return leadersOf(url, scan, depth + 1)
    return sentIn(option, scan)
  })
}

/** The first argument of the `new URL` that a value is, or is written out from. */
function urlIn(value: Value): Value | undefined {
  if (value.kind !== 'named') return undefined
  if (/^new (?:url\.)?URL$/.test(value.path)) return value.args?.[0]
  return /^new (?:url\.)?URL\.(?:href|toString\(\))$/.test(value.path) ? urlOfBase(value) : undefined
}

function urlOfBase(value: Value): Value | undefined {
  const base = value.kind === 'named' ? value.base : undefined
  return base && (urlIn(base) ?? urlOfBase(base))
}

function leadersOfText(parts: readonly Value[], scan: CodeScan, depth: number): readonly SourceHit[] {
  const [first, ...rest] = parts.filter((part) => part.kind !== 'constant' || part.value !== '')
  if (!first) return []
  if (first.kind !== 'constant') return leadersOf(first, scan, depth + 1)
  // `https://` and the host, or the rest of its name.
  const [second] = rest
  return /^(?:https?:)?\/\/[^/?#]*$/.test(String(first.value)) && second ? leadersOf(second, scan, depth + 1) : []
}

const HOST_COMPARED = /\.(?:origin|host|hostname)\b\)?\s*[!=]==?|[!=]==?\s*[\w.()]+\.(?:origin|host|hostname)\b/
const LISTED = /\.(?:includes|has|some|indexOf|test|endsWith)\([^()]{0,80}\.(?:origin|host|hostname)\b/
/** A step before the handler, among the options of its route, that looks at the origin. */
const CHECKED_BEFORE =
  /origin_?check|trusted_?origin|(?:safe|allowed|trusted|valid(?:ate)?)_?(?:redirect|return|callback)/i
/** That it begins with a slash: so does `//elsewhere.example`. */
const FIRST_SLASH = /\.startsWith\(\s*(['"`])(?:\/|https?:?\/{0,2})\1\s*\)/g
const SECOND_SIGN = /['"`]\/\/|\\\/\\\/|\[1\]|charAt\(1\)|\[\^\\?\/|\(\?!|\\\\/
/** An address in itself, of whatever host. */
const ANY_ADDRESS = /\bis(?:Valid|Absolute|Http|Https|Web|Proper)*(?:Url|URL|Uri|URI)\w*\(/g

function isAllowed(hit: SourceHit, node: Node, scan: CodeScan): boolean {
  const use = { module: scan.module, node }
  const around = handlerText(use)
  if (HOST_COMPARED.test(around) || LISTED.test(around) || CHECKED_BEFORE.test(routeText(node, scan))) return true
  const weigh = (text: string): string =>
    (SECOND_SIGN.test(text) ? text : text.replaceAll(FIRST_SLASH, '')).replaceAll(ANY_ADDRESS, '(')
  return isChecked(hit, use, { scan, weigh })
}

/** What stands beside the handler in the call that it is handed to: path, options, steps before it. */
function routeText(node: Node, { module }: CodeScan): string {
  let route: Node = node
  for (let at: Node = node; at.parent; at = at.parent) {
    if (at.parent.type === 'CallExpression' && at.type.includes('Function')) route = at.parent
  }
  return route === node ? '' : codeOf(route, module)
}

import { wordsOf } from '../../engine/data/column.ts'
import { attributeOf, type Element } from '../../engine/data/element.ts'
import { ADDRESS_CLIENTS, QUERIES } from '../../engine/flows/address-clients.ts'
import { addressParts, queryParts, type AddressPart } from '../../engine/flows/address-parts.ts'
import { isSensitiveToRead, nameOf } from '../../engine/flows/messages.ts'
import { SENSITIVE_NAMES, type NamedSourceKind } from '../../engine/flows/sensitive-names.ts'
import type { SourceHit } from '../../engine/flows/sources.ts'
import type { Sink } from '../../engine/flows/sinks.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf, pathsOf, type Value } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'sensitive-data-in-url',
  practice: 7,
  severity: 'critical',
  title: 'Card data, a password or personal data is put into an address',
  why: 'Addresses are written down all along the way: in the logs of servers and proxies, in histories and bookmarks, in traces, and as the referrer on the pages of others. A card or a birthday in one lies in all of these, and nobody thinks of them when data is to be deleted.',
  mend: 'Send it in the body of a POST, or keep it on the server and put an identifier into the address that says nothing by itself. Forms that ask for such things are sent by POST.',
  before: 'await fetch(`/api/pay?card=${cardNumber}&email=${customer.email}`)',
  after: "await fetch('/api/pay', { method: 'POST', body: JSON.stringify({ cardToken, customerId }) })",
  controls: { pci: ['3.5.1', '4.2.1'], asvs: ['14.2.1'], gdpr: ['5(1)(f)', '32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'generated', 'vendored'],
  words: [
    'ard',
    'cc',
    'CC',
    'cv',
    'CV',
    'Cv',
    'pan',
    'csc',
    'ecurity',
    'mail',
    'hone',
    'obile',
    'ssn',
    'irth',
    'dob',
    'assport',
    'iban',
    'IBAN',
    'treet',
    'ddress',
    'ass',
    'wd',
    'oken',
    'ey',
    'icense',
  ],
  on: {
    calls: [
      { to: ADDRESS_CLIENTS, check: checkClient },
      { to: ['axios.create', 'got.extend', 'ky.create', 'new EventSource', 'new WebSocket'], check: checkClient },
      {
        to: ['superagent.get().query', 'superagent.post().query'],
        check: ({ args: [query] }, scan) => checkQuery(query, ASKED, scan),
      },
      { to: ['*.get', '*.delete', '*.post', '*.put', '*.patch'], check: checkNamedClient },
      { to: ['*.open'], check: checkRequestOpen },
      {
        to: ['*.redirect', 'next/navigation.redirect'],
        check: (call, scan) => checkAddresses(call.args.slice(0, 2), ANSWERED, scan),
      },
      {
        to: [
          '*.push',
          '*.replace',
          '*.navigate',
          '*.navigateByUrl',
          '*.assign',
          '*.pushState',
          '*.replaceState',
          '*.useNavigate()',
          '~navigate',
          'navigateTo',
          '*.navigateTo',
          'open',
        ],
        check: checkNavigation,
      },
    ],
    sinks: [{ kinds: ['url'], check: checkAssigned }],
    nodes: { JSXAttribute: checkAttribute },
    elements: checkForm,
  },
}

/** What is looked for, by what an address is used for. */
interface Use {
  readonly kinds: readonly NamedSourceKind[]
  /** Whether a mail address or a phone number alone is enough: not where people see the address of their own page. */
  readonly contacts: boolean
}

// Passwords and keys in the query of these are what secret-in-url finds.
const ASKED: Use = { kinds: ['cvc', 'card', 'personal'], contacts: true }
const ANSWERED: Use = { kinds: ['cvc', 'card', 'personal'], contacts: false }
const SHOWN: Use = { kinds: ['cvc', 'card', 'password', 'secret', 'personal'], contacts: false }
const BY_HAND: Use = { kinds: ['cvc', 'card', 'password', 'secret', 'personal'], contacts: true }

const ON_THIS_MACHINE = /^(?:https?:)?\/\/(?:localhost|127\.|0\.0\.0\.0|\[::1\]|[\w.-]*example\.(?:com|org|net)\b)/
/** Services that are asked about a person or a place, and have no other way. */
const NO_OTHER_WAY =
  /wa\.me|whatsapp|maps\.|geocod|nominatim|mapbox|opencage|photon\.|viacep|hunter\.io|haveibeenpwned|gravatar|zerobounce|abstractapi|emailrep|mailboxlayer|neverbounce|kickbox|debounce|numverify|lookups\.twilio|openiban|calendar/i

function checkClient(call: CallSite, scan: CodeScan): void {
  const addresses = call.args.slice(0, /^https?\./.test(call.path) ? 2 : 1)
  checkAddresses(addresses, ASKED, scan)
  for (const arg of call.args.slice(0, 3)) {
    if (!optionsOf(arg).some(({ kind }) => kind === 'object')) continue
    for (const name of ['url', 'uri', 'path', 'baseURL']) {
      checkAddresses(
        scan.members(arg, name).map(({ value }) => value),
        ASKED,
        scan,
      )
    }
    for (const name of QUERIES) for (const { value } of scan.members(arg, name)) checkQuery(value, ASKED, scan)
  }
  // jQuery puts the data of a GET into the address.
  if (/(?:\$|jquery)\.(?:get|getJSON)$/.test(call.path)) checkQuery(call.args[1], ASKED, scan)
}

const NAMED_CLIENT =
  /(?:^|[.~/])(?:\w*axios\w*|\$?http|api|http_?client|api_?client|\w+_?api)(?:\(\))?\.(?:get|delete|post|put|patch)$/i

/** A client of the project's own, by the name that such have: `axiosSecure.get`, `this.api.delete`. */
function checkNamedClient({ path, args }: CallSite, scan: CodeScan): void {
  if (NAMED_CLIENT.test(path)) checkAddresses(args.slice(0, 1), ASKED, scan)
}

/** `new XMLHttpRequest().open('GET', url)` */
function checkRequestOpen({ path, args: [method, address] }: CallSite, scan: CodeScan): void {
  const isRequest = /xhr|XMLHttpRequest|request/i.test(path) && method?.kind === 'constant'
  if (isRequest && address) checkAddresses([address], BY_HAND, scan)
}

const ROUTER =
  /(?:^|[.~])(?:\$?router|\$?history|navigation|location|navCtrl|useRouter\(\)|useHistory\(\)|useNavigation\(\)|\w*[rR]outer)(?:\(\))?\.(?:push|replace|navigate|navigateByUrl|assign|pushState|replaceState)$|useNavigate\(\)$|^~navigate$|^(?:#imports\.|#app\.)?navigateTo$|^open$/

function checkNavigation({ path, args }: CallSite, scan: CodeScan): void {
  if (!ROUTER.test(path)) return
  const addresses = path.endsWith('State') ? args.slice(2, 3) : args.slice(0, 1)
  checkAddresses(addresses, SHOWN, scan)
  for (const arg of args.slice(0, 2)) {
    if (!optionsOf(arg).some(({ kind }) => kind === 'object')) continue
    for (const name of ['query', 'queryParams', 'search', 'pathname', 'path']) {
      for (const { value } of scan.members(arg, name)) {
        checkQuery(value, SHOWN, scan)
        checkAddresses([value], SHOWN, scan)
      }
    }
  }
}

function checkAssigned({ node, value }: Sink, scan: CodeScan): void {
  if (node.type === 'AssignmentExpression') checkAddresses([value], SHOWN, scan)
}

function checkAttribute(node: Extract<Node, { type: 'JSXAttribute' }>, scan: CodeScan): void {
  const name = node.name.type === 'JSXIdentifier' ? node.name.name : ''
  if (!/^(?:href|to|src|action)$/.test(name) || node.value?.type !== 'JSXExpressionContainer') return
  checkAddresses([scan.valueOf(node.value.expression)], SHOWN, scan)
}

function checkAddresses(addresses: readonly Value[], use: Use, scan: CodeScan): void {
  for (const address of addresses) reportWorst(addressParts(address, scan), use, scan)
}

function checkQuery(query: Value | undefined, use: Use, scan: CodeScan): void {
  if (query) reportWorst(queryParts(query, '', scan), use, scan)
}

interface Found {
  readonly hit: SourceHit
  readonly part: AddressPart
}

const ORDER: readonly NamedSourceKind[] = ['cvc', 'card', 'password', 'secret', 'personal']
const MESSAGES: Readonly<Record<NamedSourceKind, string>> = {
  cvc: 'The security code of a card is put into an address, which is written to logs on the way: send it in the body of a POST',
  card: 'A card number is put into an address, which is written to logs on the way: send it in the body of a POST',
  password: 'A password is put into an address, which is written to logs and histories: send it in the body of a POST',
  secret: 'A key or token is put into an address, which is written to logs and histories: send it in a header',
  personal:
    'Personal data is put into an address, which is written to logs on the way: send it in the body of a POST, or an identifier',
}

function reportWorst(parts: readonly AddressPart[], use: Use, scan: CodeScan): void {
  const found = parts.flatMap((part) => foundIn(part, use, scan))
  for (const kind of ORDER) {
    const [first] = found
      .filter(({ hit }) => hit.kind === kind)
      .sort((a, b) => Number(isContact(a.hit)) - Number(isContact(b.hit)))
    if (!first) continue
    scan.report({
      at: scan.placeOf(first.part.origin),
      message: MESSAGES[kind],
      severity:
        kind === 'card' || kind === 'cvc'
          ? 'critical'
          : kind === 'personal' && isContact(first.hit)
            ? 'medium'
            : 'high',
      related: [{ what: 'what is put into it', at: scan.placeOf(first.hit.origin) }],
    })
    return
  }
}

function foundIn(part: AddressPart, { kinds, contacts }: Use, scan: CodeScan): readonly Found[] {
  const { name, before } = part
  const value = unencoded(part.value)
  // A password in a path is found nowhere else.
  const wanted = name === undefined && !kinds.includes('password') ? [...kinds, 'password' as const] : kinds
  return hitsOf({ value, name }, wanted, scan).flatMap((hit): readonly Found[] => {
    if (!isSensitiveToRead(hit, scan.file.text)) return []
    if (hit.kind === 'card' || hit.kind === 'cvc') return [{ hit, part }]
    if (ON_THIS_MACHINE.test(before)) return []
    if (hit.kind === 'secret') return isHandedOut(hit, name) ? [] : [{ hit, part }]
    if (hit.kind === 'personal' && !isPersonal(hit, value, { before, contacts })) return []
    return [{ hit, part }]
  })
}

/** By what the value is called, and by the name of its parameter. */
function hitsOf(
  { value, name }: { readonly value: Value; readonly name: string | undefined },
  kinds: readonly NamedSourceKind[],
  scan: CodeScan,
): readonly SourceHit[] {
  if (name === undefined || value.kind !== 'named') return scan.sourcesIn(value, kinds)
  // What a field of a form holds is no more than that, whatever function gives it.
  const given: Value = /\.(?:val|getValue)\(\)$/.test(value.path) ? { ...value, via: 'member' } : value
  const layer = { name, node: value.origin.node, maybe: false, value: (): Value => given }
  return scan.sourcesIn({ kind: 'object', layers: [layer], origin: value.origin }, kinds)
}

function unencoded(value: Value): Value {
  if (value.kind !== 'named' || value.via !== 'call') return value
  const [first] = value.args ?? []
  if (first && /^(?:encodeURIComponent|encodeURI|String|escape)\(\)$/.test(value.path)) return unencoded(first)
  const isSame = /\.(?:trim|toString|toLowerCase)\(\)$/.test(value.path)
  return isSame && value.base?.kind === 'named' && value.base.base ? unencoded(value.base.base) : value
}

/** Tokens that are made to stand in an address. */
function isHandedOut(hit: SourceHit, name: string | undefined): boolean {
  return /client_?secret|id_?token|public|publishable|reset|invit|verif|confirm|magic|unsubscribe/i.test(
    `${hit.path} ${name ?? ''}`,
  )
}

const CONTACT = /mail|phone|mobile|telephone/
/** Names of companies and of accounts that are no banks', and what is said about a thing rather than the thing. */
const NOT_PERSONAL =
  /^(?:tax id|account number)$|\b(?:is|has|screen|display|width|media|platform|device|verified|template|status|settings?|enabled|page|sort|filter|search|keyword|key word|support|contact|admin|service|company|default|from)\b/

function isContact(hit: SourceHit): boolean {
  return CONTACT.test(wordsOf(nameOf(hit)))
}

function isPersonal(
  hit: SourceHit,
  value: Value,
  { before, contacts }: { before: string; contacts: boolean },
): boolean {
  if (NO_OTHER_WAY.test(before)) return false
  const own = pathsOf(value).map((path) => wordsOf(path.replaceAll('()', '').replace(/^.*[.~]/, '')))
  if (NOT_PERSONAL.test(wordsOf(nameOf(hit))) || own.some((each) => NOT_PERSONAL.test(each))) return false
  // An address of the shop's own.
  if (/^process\.env\.|^import\.meta\.env\.|(?:^|[.~])[A-Z][A-Z0-9]*_[A-Z0-9_]+(?: |$)|config\b/.test(hit.path))
    return false
  return contacts || !isContact(hit)
}

const FIELD_OF_CARD = /^cc-(?:number|csc)$/

/** A form of a page that the browser sends by GET, with a field that must not get into an address. */
function checkForm(element: Element, scan: FileScan): void {
  if (element.name !== 'input') return
  const kind = fieldKind(element)
  if (!kind) return
  let form = element.parent
  while (form && form.name !== 'form') form = form.parent
  if (!form || !isSentByGet(form)) return
  scan.report({
    at: { start: form.start, end: form.end },
    message: `This form is sent by GET, so that ${kind} that is typed into it gets into the address: method="post"`,
    severity: kind === 'a password' ? 'high' : 'critical',
    related: [{ what: 'the field', at: { start: element.start, end: element.end } }],
  })
}

function fieldKind(input: Element): string | undefined {
  const text = (name: string): string => attributeOf(input, name)?.value ?? ''
  const name = text('name')
  // Without a name a field is not sent.
  if (name === '') return undefined
  if (FIELD_OF_CARD.test(text('autocomplete'))) return 'a card'
  if (text('type') === 'password') return 'a password'
  const words = wordsOf(name)
  for (const kind of ['card', 'cvc'] as const) {
    const { pattern, not } = SENSITIVE_NAMES[kind]
    if (pattern.test(words) && !not.test(words) && !/gift|loyal|member|library/.test(words)) return 'a card'
  }
  return undefined
}

/** By its own word, or because it says nothing and no script is seen to send it. */
function isSentByGet(form: Element): boolean {
  const method = attributeOf(form, 'method')
  if (method) return method.value?.toLowerCase() === 'get' && !form.attributes.some(({ name }) => /submit/i.test(name))
  const action = attributeOf(form, 'action')?.value ?? ''
  const isPlain = form.attributes.every(({ name }) =>
    /^(?:action|class|style|name|role|accept-charset|autocomplete|novalidate)$/i.test(name),
  )
  return form.source === 'html' && isPlain && /^[/\w.][^{]*$/.test(action) && !action.startsWith('javascript:')
}

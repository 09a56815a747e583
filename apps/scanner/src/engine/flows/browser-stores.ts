import type { CallSite } from '../scan/code-scan.ts'
import type { Node } from '../syntax/parse.ts'
import { shownText } from '../values/known-calls.ts'
import type { Value } from '../values/value.ts'
import type { Sink } from './sinks.ts'
import type { Outgoing } from './outgoing.ts'

/** A value that is kept on the device of whoever looks at a page. */
export interface KeptInBrowser extends Outgoing {
  readonly node: Node
  /** Where it is kept, as a part of a sentence: `localStorage`, `a cookie`. */
  readonly where: string
}

/** The calls that keep something in the browser, for `calls` of a rule. */
export const BROWSER_STORE_CALLS: readonly string[] = [
  ...['setItem', 'mergeItem', 'multiSet', 'set', 'setCookie', 'cookie', 'put', 'add', 'bulkPut', 'bulkAdd'],
  // The second of what React's `useCookies` gives.
  ...['putObject', 'store', 'save', 'update', '1'],
].map((name) => `*.${name}`)

/** Words of which a file that keeps something in the browser has one. */
export const BROWSER_STORE_WORDS: readonly string[] = [
  ...['torage', 'ookie', 'ersist', 'objectStore', 'ndexedDB', 'exie', 'idb', 'ocalforage', 'ocalForage'],
  ...['lscache', 'mmkv', 'MMKV', 'store2', 'StickyState'],
]

/** They seal what they are given under a key of the device, or keep it in files of a server. */
const OTHER_STORE = /secure|encrypted|keychain|^(?:new )?node-(?:persist|localstorage)\b/i
const COOKIES =
  /(?:^|[.~/])_?\$?(?:js-cookie|cookies?|nookies|cookies-next|universal-cookie|react-cookie|vue3?-cookies|(?:ngx)?cookieService|cookieStore|cookieJar|\$)(?:\(\))?(?:\.\w+(?:\(\))?)*\.(?:set|setCookie|put|putObject|cookie)$|^(?:nookies|cookies-next|hono\/cookie|h3)\.setCookie$|^new universal-cookie(?:\.\w+)?\.set$|(?:^|[.~/])useCookies\(\)\.1$/i
/** Of these the response, or the context, comes first. */
const CONTEXT_FIRST = /^(?:hono\/cookie|h3|nookies)\.(?:setCookie|set)$/
const SERVER_COOKIES =
  /^(?:@response|@reply|~res|~response|~reply)(?:\.\w+\(\))*\.(?:cookie|setCookie)$|^@(?:ctx|request)\.cookies\.set$|^next\/headers\.cookies\(\)\.set$|^(?:@response|~res|~response|(?:new )?next\/server\.NextResponse(?:\.\w+\(\))?)\.cookies\.set$/
const INDEXED_DB =
  /\.objectStore\(\)\.(?:put|add)$|^idb(?:\.openDB\(\))?\.(?:put|add)$|^idb-keyval\.(?:set|update)$|^new dexie(?:\.\w+)*\.\w+\.(?:put|add|bulkPut|bulkAdd|update)$|^~?(?:idb|indexedDB)\w*\.(?:put|add|set)$/i
const LIBRARIES =
  /^(?:store|store2|store-js|lscache|lockr|basil\.js|localforage|@capacitor\/preferences\.Preferences|new react-native-mmkv\.MMKV|@ionic\/storage(?:-angular)?\.\w+)(?:\.\w+\(\))?\.(?:set|put|setItem|save|session\.set|add)$|(?:^|[.~])_?\$?(?:(?:local|session|web|browser)Storage\w*|storageService|storage(?:\.(?:local|sync|session))?|mmkv)(?:\(\))?\.(?:set|put|store|save)$/i

/** What a call keeps in the browser; the key says what the value is, where its own name does not. */
export function keptByCall({ path, node, args }: CallSite): KeptInBrowser[] {
  const where = OTHER_STORE.test(path) ? undefined : storeOf(path)
  if (where === undefined) return []
  const first = CONTEXT_FIRST.test(path) && args.length > 2 ? 1 : 0
  const [key, value] = args.slice(first)
  const valueNode = node.arguments[first + 1]
  if (!key) return []
  // `storage.local.set({ … })`, `multiSet([[key, value]])`, `objectStore.put(record)`
  const records = where === 'IndexedDB' ? args.map((each, index) => [each, node.arguments[index]] as const) : []
  if (records.length > 0 || !value || !valueNode || value.kind === 'function') {
    const wholes = records.length > 0 ? records : [[key, node.arguments[first]] as const]
    return wholes.map(([each, at]) => ({ value: each, valueNode: at ?? node, node, where }))
  }
  return [{ value: underKey(shownText(key), value), valueNode, node, where }]
}

function storeOf(path: string): string | undefined {
  const known = /^(?:localStorage|sessionStorage)(?=\.setItem$)/.exec(path)?.[0]
  if (known !== undefined) return known
  if (SERVER_COOKIES.test(path) || COOKIES.test(path)) return 'a cookie'
  if (INDEXED_DB.test(path)) return 'IndexedDB'
  if (/async-?storage/i.test(path)) return 'AsyncStorage'
  return /\.(?:setItem|mergeItem|multiSet)$/.test(path) || LIBRARIES.test(path) ? 'the browser' : undefined
}

/** What an assignment keeps: `localStorage.card = …`, `document.cookie = 'cvv=' + …`. */
export function keptByAssignment({ path, node, value, valueNode }: Sink): KeptInBrowser[] {
  if (node.type !== 'AssignmentExpression') return []
  if (path !== 'document.cookie') {
    const [where = '', key = ''] = path.split('.')
    return [{ value: underKey(key, value), valueNode, node, where }]
  }
  return [{ value: cookieValue(value), valueNode, node, where: 'a cookie' }]
}

/** `cvv=…; path=/` as what it means. */
function cookieValue(value: Value): Value {
  if (value.kind !== 'text') return value
  const [name, ...rest] = value.parts
  const key = name?.kind === 'constant' ? /^\s*([\w.-]{1,60})=$/.exec(String(name.value))?.[1] : undefined
  const [first] = rest
  return key !== undefined && first ? underKey(key, first) : value
}

/** The value with the name under which it is kept: `cardNumber` of `checkout:cardNumber`. */
function underKey(key: string, value: Value): Value {
  const name = key.split(/[.:/|\0]/).at(-1) ?? ''
  if (name === '') return value
  const layer = { name, node: value.origin.node, maybe: false, value: () => value }
  return { kind: 'object', layers: [layer], origin: value.origin }
}

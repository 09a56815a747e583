import {
  BROWSER_STORE_CALLS,
  BROWSER_STORE_WORDS,
  keptByAssignment,
  keptByCall,
  type KeptInBrowser,
} from '../../engine/flows/browser-stores.ts'
import { cardHits } from '../../engine/flows/card-hits.ts'
import { cardKindOf, isOfPaymentCard } from '../../engine/flows/payment-cards.ts'
import { persistedBy, PERSISTING_CALLS, stateMembers } from '../../engine/flows/persisted-states.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { shownText } from '../../engine/values/known-calls.ts'
import type { Origin } from '../../engine/values/value.ts'

export const rule: Rule = {
  id: 'card-data-in-browser-storage',
  practice: 6,
  severity: 'critical',
  title: 'Card data is kept in the browser',
  why: 'Every script of the page reads localStorage, sessionStorage, IndexedDB and the cookies that scripts set: an injected one, an advertiser’s, a library that was taken over. They stay on the disk in plain text, in a shop, a library or on a shared phone, long after the payment; a security code must not be kept at all.',
  mend: 'Keep a card that is being typed in a variable, or better in the gateway’s own fields, and hand it over at once. What the next visit needs is the gateway’s token and the last four digits, kept by the server. Remove what earlier visits left: `localStorage.removeItem(…)`.',
  before: "localStorage.setItem('card', JSON.stringify({ cardNumber, expiry, cvc }))",
  after:
    "const { token, last4 } = await gateway.saveCard({ cardNumber, expiry, cvc })\nawait fetch('/account/card', { method: 'POST', body: JSON.stringify({ token, last4 }) })",
  controls: { pci: ['3.3.1.2', '3.5.1'], asvs: ['14.3.3'], gdpr: ['5(1)(c)', '5(1)(f)', '32(1)(a)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored'],
  words: BROWSER_STORE_WORDS,
  on: {
    sinks: [
      {
        kinds: ['browser-storage'],
        check: (sink, scan) => keptByAssignment(sink).forEach((kept) => checkKept(kept, scan)),
      },
    ],
    calls: [
      { to: BROWSER_STORE_CALLS, check: (call, scan) => keptByCall(call).forEach((kept) => checkKept(kept, scan)) },
      { to: PERSISTING_CALLS, check: checkState },
    ],
    nodes: { CallExpression: checkHook },
  },
}

function checkKept(kept: KeptInBrowser, scan: CodeScan): void {
  const [code] = cardHits(kept, scan, { kinds: ['cvc'], evenSealed: true })
  const [number] = cardHits(kept, scan, { kinds: ['card'] })
  const hit = code ?? number
  if (!hit) return
  scan.report({
    at: scan.placeOf(kept.node),
    message: messageFor({ number: number !== undefined, code: code !== undefined }, kept.where),
    related: [{ what: code ? 'the code' : 'the number', at: scan.placeOf(hit.origin) }],
  })
}

function messageFor({ number, code }: { number: boolean; code: boolean }, where: string): string {
  const inPlace = `kept in ${where}`
  if (number && code)
    return `A card number and its security code are ${inPlace}; hand them to the gateway and forget them`
  if (code) return `The security code of a card is ${inPlace}; hand it to the gateway and keep it nowhere`
  return `A card number is ${inPlace}; keep the gateway's token and the last four digits`
}

/** Stores of Zustand, Pinia, Redux and Vuex that are kept between visits. */
function checkState(call: CallSite, scan: CodeScan): void {
  for (const { name, origin } of persistedBy(call, scan)) reportMember(name, origin, scan)
}

function reportMember(name: string, origin: Origin, scan: CodeScan): void {
  const kind = cardKindOf(name)
  const text = `${scan.file.path}\n${scan.file.text}\n${origin.module.text}`
  if (!kind || !isOfPaymentCard({ kind, path: `~state.${name}`, origin }, text)) return
  scan.report({
    at: scan.placeOf(origin),
    message: `${messageFor({ number: kind === 'card', code: kind === 'cvc' }, 'the browser')}: this state is written there`,
  })
}

const HOOK =
  /^use(?:(?:Local|Session|Async|Web|Browser)?Storage(?:State|Value)?|(?:Persist\w*|Sticky|Stored|Saved)State|Persisted\w*|Cookie)$|^(?:atomWithStorage|persistentAtom|persistentMap|persisted|persistentWritable|localStorageStore)$/

/** `const [cardNumber, setCardNumber] = useLocalStorage('payment', '')` */
function checkHook(node: Extract<Node, { type: 'CallExpression' }>, scan: CodeScan): void {
  if (node.callee.type !== 'Identifier' || !HOOK.test(node.callee.name)) return
  const [key, initial] = node.arguments
  if (!key) return
  const names = [shownText(scan.valueOf(key)), variableOf(node) ?? ''].map((name) => name.split(/[.:/|]/).at(-1) ?? '')
  const own = names.find((name) => cardKindOf(name) !== undefined)
  if (own !== undefined) {
    reportMember(own, { module: scan.module, node }, scan)
    return
  }
  const members = initial ? stateMembers(scan.valueOf(initial), scan) : []
  for (const { name, origin } of members) reportMember(name, origin, scan)
}

/** The name of what a hook gives: of the value, where it gives a function to set it as well. */
function variableOf({ parent }: Node): string | undefined {
  if (parent?.type !== 'VariableDeclarator') return undefined
  const id = parent.id.type === 'ArrayPattern' ? parent.id.elements[0] : parent.id
  return id?.type === 'Identifier' ? id.name : undefined
}

import { isPublicHost } from '../engine/flows/plain-address.ts'
import { changesByItself } from '../rules/https/third-party-script-without-integrity.ts'
import { isPage, type Answer } from './ask.ts'
import { policiesOf } from './content-security-policy.ts'
import { readPage, type PageElement } from './page-elements.ts'
import type { Probe, Sighting } from './probe.ts'
import type { Site } from './site.ts'

const MOST_OF_ONE = 10

/** What the page loads, and where it sends what is typed. */
export const PAGE_PROBES: readonly Probe[] = [
  {
    id: 'site-mixed-content',
    practice: 1,
    severity: 'high',
    title: 'The page loads something, or sends a form, without TLS',
    why: 'Whoever is on the way can replace a script that comes by http and read every card number that is typed into the page. Browsers block much of it, so that the page breaks instead; pictures tell a stranger what somebody looks at.',
    mend: 'Write https://, or keep the file on your own site. `upgrade-insecure-requests` in the Content-Security-Policy helps until all are mended.',
    before: '<script src="http://cdn.shop.example/checkout.js"></script>',
    after: '<script src="https://cdn.shop.example/checkout.js"></script>',
    language: 'html',
    controls: { pci: ['4.2.1'], asvs: ['12.2.1'], gdpr: ['32(1)(a)'] },
    check: (site) => onPage(site, ({ elements, base, isUpgraded }) => (isUpgraded ? [] : mixedFaults(elements, base))),
  },
  {
    id: 'site-form-over-http',
    practice: 1,
    severity: 'critical',
    title: 'A form with a password or a card is sent without TLS',
    why: 'What is typed into it goes over the network for anybody to read, whatever the page itself came by: the lock in the address bar says nothing of where a form is sent.',
    mend: 'Give the form an address with https, or none but a path.',
    before: '<form action="http://shop.example/sign-in" method="post">',
    after: '<form action="/sign-in" method="post">',
    language: 'html',
    controls: { pci: ['4.2.1'], asvs: ['12.2.1'], gdpr: ['32(1)(a)'] },
    check: (site) => onPage(site, ({ elements, base, isUpgraded }) => (isUpgraded ? [] : plainForms(elements, base))),
  },
  {
    id: 'site-script-without-integrity',
    practice: 1,
    severity: 'medium',
    title: 'The page runs a script of another site, whatever it is tomorrow',
    why: 'A script on a page reads every field of it. Whoever takes over the host it comes from, or the package behind it, reads cards and passwords as they are typed: that is how most shops are skimmed. With `integrity` the browser runs what you have looked at, and nothing else.',
    mend: 'Keep the script on your own site, or pin its version and add `integrity` (sha384) with `crossorigin="anonymous"`. Scripts that change by themselves do not belong on pages for payment; list those that have to be there, and why.',
    before: '<script src="https://cdn.jsdelivr.net/npm/chart.js@4.4.4/dist/chart.umd.js"></script>',
    after:
      '<script src="https://cdn.jsdelivr.net/npm/chart.js@4.4.4/dist/chart.umd.js" integrity="sha384-…" crossorigin="anonymous"></script>',
    language: 'html',
    controls: { pci: ['6.4.3', '11.6.1'], asvs: ['3.6.1'], gdpr: ['32(1)(b)'] },
    check: (site) => onPage(site, foreignScripts),
  },
  {
    id: 'site-card-page-cached',
    practice: 14,
    severity: 'low',
    title: 'A page with fields for a card may be kept by caches',
    why: 'A browser and what stands between keep the page, and show it, with what a server or a browser has filled in, to whoever comes after on a shared machine. A form that comes from a cache may also be an old one, from before a hole was mended.',
    mend: 'Send `Cache-Control: no-store` with every page on which a card is typed.',
    before: 'cache-control: public, max-age=3600',
    after: 'cache-control: no-store',
    language: 'http',
    controls: { pci: ['6.2.4'], asvs: ['14.3.2'], gdpr: ['32(1)(b)'] },
    check: (site) =>
      onPage(site, ({ elements, answer }) => {
        const policy = (answer.headers.get('cache-control') ?? []).join(', ')
        if (/\bno-store\b/i.test(policy) || !elements.some(isCardField)) return []
        const evidence = policy === '' ? '' : `cache-control: ${policy}`
        return [{ message: 'A page with fields for a card is without Cache-Control: no-store', evidence }]
      }),
  },
]

type Fault = Omit<Sighting, 'url'>

interface Page {
  readonly answer: Answer
  readonly elements: readonly PageElement[]
  /** What relative addresses begin at. */
  readonly base: string
  /** The browser makes https of every http of its own accord. */
  readonly isUpgraded: boolean
}

function onPage({ page }: Site, check: (page: Page) => readonly Fault[]): Sighting[] {
  if (!isPage(page)) return []
  const { elements } = readPage(page.body)
  const named = elements.find(({ name, attributes }) => name === 'base' && attributes.has('href'))
  const base = URL.parse(named?.attributes.get('href') ?? '', page.url)?.href ?? page.url
  const isUpgraded = policiesOf(page).some((policy) => policy.has('upgrade-insecure-requests'))
  const faults = check({ answer: page, elements, base, isUpgraded }).slice(0, MOST_OF_ONE)
  return faults.map((fault) => ({ url: page.url, ...fault }))
}

/** What elements load by an attribute, beside forms. */
const LOADED: Readonly<Record<string, readonly [attribute: string, what: string]>> = {
  script: ['src', 'A script'],
  iframe: ['src', 'A page within the page'],
  embed: ['src', 'An embedded file'],
  object: ['data', 'An embedded file'],
  link: ['href', 'A style sheet'],
  img: ['src', 'A picture'],
  audio: ['src', 'A recording'],
  video: ['src', 'A recording'],
  source: ['src', 'A recording'],
}

function mixedFaults(elements: readonly PageElement[], base: string): Fault[] {
  const faults = elements.flatMap((element): Fault[] => {
    const { name, attributes, source } = element
    const sent = plainTarget(sentTo(element), base)
    if (sent)
      return holdsSecrets(element, elements)
        ? []
        : [{ message: `A form is sent to ${sent.host} without TLS`, evidence: source, severity: 'medium' }]
    const loaded = Object.hasOwn(LOADED, name) ? LOADED[name] : undefined
    if (!loaded || (name === 'link' && !/\b(?:stylesheet|preload|modulepreload)\b/i.test(attributes.get('rel') ?? '')))
      return []
    const target = plainTarget(attributes.get(loaded[0]), base)
    if (!target) return []
    const message = `${loaded[1]} comes from ${target.host} without TLS`
    return [{ message, evidence: source, ...(/^(?:img|audio|video|source)$/.test(name) ? { severity: 'low' } : {}) }]
  })
  return onceEach(faults)
}

function plainForms(elements: readonly PageElement[], base: string): Fault[] {
  return onceEach(
    elements.flatMap((element) => {
      const target = plainTarget(sentTo(element), base)
      if (!target || !holdsSecrets(element, elements)) return []
      return [
        { message: `A form with a password or a card is sent to ${target.host} without TLS`, evidence: element.source },
      ]
    }),
  )
}

/** Where a form, or a button of it, sends to. */
function sentTo({ name, attributes }: PageElement): string | undefined {
  if (name === 'form') return attributes.get('action')
  return name === 'button' || name === 'input' ? attributes.get('formaction') : undefined
}

/** Whether the form of an element, or the form that it is, has a field for a password or a card. */
function holdsSecrets(element: PageElement, elements: readonly PageElement[]): boolean {
  const form = element.name === 'form' ? element : element.form
  return form !== undefined && elements.some((each) => each.form === form && (isPassword(each) || isCardField(each)))
}

/** The address, where it is one of plain HTTP on another machine. */
function plainTarget(address: string | undefined, base: string): URL | undefined {
  const target = address === undefined ? null : URL.parse(address, base)
  // Browsers trust this machine itself without TLS.
  if (target?.protocol !== 'http:' || /^(?:(?:.*\.)?localhost|127\.[\d.]+|\[::1\])$/.test(target.hostname))
    return undefined
  return target
}

function foreignScripts({ answer, elements, base }: Page): Fault[] {
  const own = siteOf(new URL(answer.url).hostname)
  const severity = elements.some((each) => isPassword(each) || isCardField(each)) ? 'medium' : 'low'
  return onceEach(
    elements.flatMap(({ name, attributes, source }) => {
      const address = name === 'script' ? attributes.get('src') : undefined
      const host = address === undefined ? undefined : URL.parse(address, base)?.hostname
      if (host === undefined || !isPublicHost(host) || siteOf(host) === own) return []
      if (changesByItself(host) || /^\s*sha(?:256|384|512)-/.test(attributes.get('integrity') ?? '')) return []
      return [{ message: `A script of ${host} runs without integrity`, evidence: source, severity }]
    }),
  )
}

/** The name that somebody has registered, near enough: `shop.example` of `cdn.shop.example`, `a.co.uk` of `b.a.co.uk`. */
function siteOf(host: string): string {
  const labels = host.split('.')
  const isUnderTwo =
    /^[a-z]{2}$/.test(labels.at(-1) ?? '') && /^(?:com?|net|org|gov|ac|edu|ne|or)$/.test(labels.at(-2) ?? '')
  return labels.slice(isUnderTwo ? -3 : -2).join('.')
}

function isPassword({ name, attributes }: PageElement): boolean {
  return name === 'input' && attributes.get('type')?.toLowerCase() === 'password'
}

const CARD_NAME =
  /card[-_ ]?(?:number|no|num|cvc|cvv)$|^(?:cc|pan)[-_]?(?:num(?:ber)?|cvc|cvv)?$|\b(?:cvv2?|cvc2?)$|security[-_ ]?code$/i

function isCardField({ name, attributes }: PageElement): boolean {
  if (name !== 'input' || /^(?:hidden|submit|button|checkbox|radio)$/i.test(attributes.get('type') ?? '')) return false
  if (/(?:^|\s)cc-(?:number|csc|exp)/i.test(attributes.get('autocomplete') ?? '')) return true
  // A code of a gift card is short, and no card in this sense.
  return [attributes.get('name'), attributes.get('id')].some(
    (each) => each !== undefined && CARD_NAME.test(each) && !/gift|loyalty/i.test(each),
  )
}

function onceEach(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [fault.message, fault])).values()]
}

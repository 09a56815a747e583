import { attributeOf, type Element } from '../../engine/data/element.ts'
import { isPublicHost } from '../../engine/flows/plain-address.ts'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'

export const rule: Rule = {
  id: 'third-party-script-without-integrity',
  practice: 1,
  severity: 'medium',
  title: 'A page on which cards or passwords are typed runs a script of another site, whatever it is tomorrow',
  why: 'A script on a page reads every field of it. Whoever takes over the host it comes from, or the package behind it, reads cards and passwords as they are typed: that is how most shops are skimmed. With `integrity` the browser runs what you have looked at, and nothing else.',
  mend: 'Keep the script on your own site, or pin its version and add `integrity` (sha384) with `crossorigin="anonymous"`. Scripts that change by themselves do not belong on these pages; list those that have to be there, and why.',
  before: '<script src="https://cdn.jsdelivr.net/npm/chart.js@4.4.4/dist/chart.umd.js"></script>',
  after:
    '<script src="https://cdn.jsdelivr.net/npm/chart.js@4.4.4/dist/chart.umd.js" integrity="sha384-…" crossorigin="anonymous"></script>',
  language: 'html',
  controls: { pci: ['6.4.3', '11.6.1'], asvs: ['3.6.1'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'lockfile'],
  words: ['<script', '<SCRIPT', '<Script'],
  on: { elements: check },
}

/** Payment, sign-in and anti-robot scripts of which their makers say that they change, and must come from them. */
const CHANGES_BY_ITSELF =
  /(?:^|\.)(?:stripe\.com|stripe\.network|paypal\.com|paypalobjects\.com|braintreegateway\.com|adyen\.com|adyenpayments\.com|squareup\.com|squarecdn\.com|square\.site|checkout\.com|razorpay\.com|paystack\.co|paystack\.com|flutterwave\.com|klarna\.com|klarnacdn\.net|klarnaservices\.com|mollie\.com|authorize\.net|worldpay\.com|cybersource\.com|2checkout\.com|mercadopago\.com|pagseguro\.uol\.com\.br|mlstatic\.com|payu\.\w+|payu\.in|cashfree\.com|midtrans\.com|xendit\.co|omise\.co|iyzipay\.com|affirm\.com|afterpay\.com|afterpay\.js|sezzle\.com|amazonpay\.com|payments-amazon\.com|media-amazon\.com|apple\.com|cdn-apple\.com|google\.com|gstatic\.com|googleapis\.com\/maps|recaptcha\.net|hcaptcha\.com|cloudflare\.com|googletagmanager\.com|google-analytics\.com|facebook\.net|vgs\.io|verygoodvault\.com|verygood\.systems|verygoodproxy\.com|basistheory\.com|spreedly\.com|plaid\.com|paddle\.com|recurly\.com|chargebee\.com|bluesnap\.com|globalpay\.com|nmi\.com|collectjs\.com|tebex\.io|coinbase\.com|auth0\.com|okta\.com|clerk\.\w+|tokenex\.com|alipay\.com|alipayobjects\.com|qq\.com|weixin\.qq\.com|ucanpay\.\w+|cardinalcommerce\.com|moyasar\.com|tap\.company|paymob\.com|conekta\.io|openpay\.mx|epayco\.co|wompi\.co)$/i
/** Hosts of the list above that carry libraries of others too. */
const LIBRARIES = /^(?:cdnjs\.cloudflare\.com|ajax\.googleapis\.com|ajax\.aspnetcdn\.com)$/i
/** A field for a card or a password, as pages and templates write it. */
const SECRET_FIELD =
  /type\s*=\s*["'{]{0,2}password\b|autocomplete\s*=\s*["'{]{0,2}(?:cc-(?:number|csc|exp)|(?:current|new)-password)|(?:name|id|ng-model|v-model|formcontrolname)\s*=\s*["'{]{0,2}[\w.[\]-]{0,30}(?:card-?_?(?:number|no|num|cvc|cvv)|cc-?_?(?:num(?:ber)?|cvc|cvv)|\bcvv2?\b|\bcvc2?\b|security-?_?code)/i

function check(element: Element, scan: FileScan): void {
  if (element.name !== 'script' && element.name !== 'Script') return
  const src = attributeOf(element, 'src')
  const host = /^\s*(?:https?:)?\/\/([\w.-]+)/i.exec(src?.value ?? '')?.[1]?.toLowerCase()
  if (!src || host === undefined || element.open || !isPublicHost(host)) return
  if (attributeOf(element, 'integrity') ?? attributeOf(element, 'data-integrity')) return
  if (changesByItself(host)) return
  if (scan.isComment(element.start) || !SECRET_FIELD.test(withoutComments(scan.file.text))) return
  scan.report({
    at: { start: element.start, end: element.end },
    message: `A script of ${host} runs on a page on which cards or passwords are typed: keep it on your own site, or add integrity`,
  })
}

/** Whether a host serves scripts of which its maker says that they change, and must come from there. */
export function changesByItself(host: string): boolean {
  return CHANGES_BY_ITSELF.test(host) && !LIBRARIES.test(host)
}

/** What is never closed is a comment to the end, as a browser reads it. */
function withoutComments(text: string): string {
  let page = ''
  let at = 0
  for (let open = text.indexOf('<!--'); open !== -1; open = text.indexOf('<!--', at)) {
    page += text.slice(at, open)
    const close = text.indexOf('-->', open + 4)
    if (close === -1) return page
    at = close + 3
  }
  return page + text.slice(at)
}

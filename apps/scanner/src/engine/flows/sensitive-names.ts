/** Kinds of data that are known by what they are called. */
export type NamedSourceKind = 'card' | 'cvc' | 'password' | 'secret' | 'personal'

interface SensitiveName {
  /** Of the words of a name in lower case, such as `card number`. */
  readonly pattern: RegExp
  /** Words that make it something else: a label, a hash, a flag. */
  readonly not: RegExp
  /** Of the words of its owner and its own: `card number` in `card.number`. */
  readonly owned?: RegExp
}

const HARMLESS =
  /\b(?:hash|hashed|digest|masked?|redacted|truncated|obfuscated|partial|last ?4|last four|last|tokeni[sz]ed|encrypted|sealed|cipher|ciphertext|enc|fingerprint|brand|type|length|count|valid|invalid|is|has|error|errors|label|placeholder|schema|field|input|ref|regex|pattern|title|hint|helper|message|msg|icon|element|el|selector|visible|required|options?|template|url|uri|link|path|file|count|min|max|policy|rules?|strength|reset|changed|verified|validator|formatter|format|mask|public)\b/

/** Names of sensitive things, by kind; used for variables, members, columns, fields of forms and of messages alike. */
export const SENSITIVE_NAMES: Readonly<Record<NamedSourceKind, SensitiveName>> = {
  card: {
    pattern:
      /(?:^|\b)(?:(?:credit |debit |payment |bank )?card (?:number|num|no|nr|pan)|cardnumber|cardno|cardnum|cc (?:number|num|no)|ccnumber|ccnum|ccno|primary account number|pan|track ?(?:1|2|data)|magstripe)$/,
    not: HARMLESS,
    owned: /(?:^|\b)(?:card|credit card|debit card|cc|payment card) (?:number|num|no|pan)$/,
  },
  cvc: {
    pattern:
      /(?:^|\b)(?:cvc2?|cvv2?|csc|cvn|card (?:security|verification) (?:code|value|number)|security code|card code)$/,
    not: HARMLESS,
  },
  password: {
    pattern:
      /(?:^|\b)(?:password ?\d?|passwd|pwd ?\d?|passphrase|pass word|pin code|(?:new|temp|temporary|generated|raw|plain|random|initial|old|admin) pass)$/,
    not: HARMLESS,
  },
  secret: {
    pattern:
      /(?:^|\b)(?:(?:api|secret|private|access|signing|encryption|client|webhook|merchant|master|service) ?(?:key|secret)|apikey|secretkey|privatekey|(?:access|refresh|auth|bearer|session|id|jwt|api) token|jwt|client secret|authorization|ucanpay (?:key|secret))$/,
    not: HARMLESS,
  },
  personal: {
    pattern:
      /(?:^|\b)(?:e ?mail(?: address)?|phone(?: (?:number|no))?|mobile(?: number)?|telephone|ssn|social security(?: number)?|date of birth|dob|birth ?date|passport(?: (?:number|no))?|iban|bank account(?: number)?|account number|national id|tax id|street(?: address)?|home address|billing address|shipping address|driver s? ?licen[cs]e(?: number)?)$/,
    not: HARMLESS,
    owned:
      /(?:^| )(?:birthday|address ?(?:line ?)?[12])$|(?:^| )(?:address|shipping|billing) line ?[12]$|(?:^| )(?:customer|client|buyer|order|shipping|delivery|billing|recipient|contact|guest|patient|member|person|body|form|checkout|shipment|lead|cardholder|holder) (?:full )?address$/,
  },
}

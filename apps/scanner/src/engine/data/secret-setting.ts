import { wordsOf } from './column.ts'

const SECRET =
  /\b(?:secret|password|passwd|passphrase|private key|secret key|signing key|encryption key|service role key|service role|api key|apikey|access key|auth token|access token|api token|bot token|pwd|pass)(?: (?:live|prod|production|test|sandbox|base ?64|hex|v?\d))?$/
const SECRET_WITHIN = /\bsecret (?:access )?(?:key|token)\b/
const NO_SECRET =
  /\b(?:public|publishable|pub|name|id|path|file|url|uri|host|length|min|max|expiry|expires|expiration|ttl|rotation|header|enabled|arn|version|rounds|hash|policy|required|show|hide|reset|manager|ref)\b/

/** Whether a setting is by its name one that holds a secret: `STRIPE_SECRET_KEY`, `dbPassword`, `JWT_SECRET`. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name)
  return (SECRET.test(words) || SECRET_WITHIN.test(words)) && !NO_SECRET.test(words)
}

const PLACEHOLDER =
  /example|placeholder|your|change|dummy|fake|sample|redacted|insert|replace|todo|fixme|secret[_-]?here|x{4,}|\*{3,}|\.{3}|…|0{8,}|<|>|\$\{|\$[A-Za-z(]|\{\{|%\w+%|^\$|process\.env/i
const ORDINARY =
  /^(?:password|passwd|pass|secret|postgres|mysql|root|admin|user|test(?:ing)?|guest|example|dev(?:elopment)?|local|none|null|undefined|true|false|enabled|disabled|required|optional|auto|string|number|\d{1,4})$/i
/** What only points to a secret: a file, a name in a store. */
const POINTER =
  /^(?:\/(?:run|etc|var|opt|secrets?|vault|mnt)\/|\.{0,2}\/[\w./-]+\.\w+$|arn:|projects\/|op:\/\/|vault:|file:)/

/** Whether a value is one that could work, rather than a text in its place or a pointer to it. */
export function isRealSecret(value: string): boolean {
  const text = value.trim()
  if (text.length < 8 || text.length > 4_000) return false
  return !PLACEHOLDER.test(text) && !ORDINARY.test(text) && !POINTER.test(text) && new Set(text).size >= 5
}

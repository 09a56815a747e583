import { randomBytes } from 'node:crypto'
import { formatApiKey } from '@ucanpay/wire/api-key'

/** Values that may turn up nowhere but where they belong. */
export const CANARIES = {
  text: 'Zq7Canary5Xw',
  // ucanpay-audit-ignore card-number-in-file: no issuer gave it out; it is searched for in every store
  card: '4539148803436467',
  key: formatApiKey({ kind: 'sk', mode: 'live' }, randomBytes(64)),
  email: 'zq7.canary@example.org',
  phone: '+14165550143',
  name: 'Zoë Quentin/7 & Söhne',
} as const
export type CanaryKind = keyof typeof CANARIES

/** Forms in which a value can lie about: as it is, in JSON, in an address, in base64 at any offset, in hex, reversed case. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const escaped = JSON.stringify(value).slice(1, -1)
  const ascii = escaped.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const once = encodeURIComponent(value)
  const forms = [value, escaped, ascii, encodeURI(value), once, encodeURIComponent(once), bytes.toString('hex')]
  for (const encoding of ['base64', 'base64url'] as const) {
    for (const offset of [0, 1, 2]) {
      const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString(encoding)
      // The first and the last group also hold a neighbour's bits.
      const whole = Math.floor((offset + bytes.length) / 3) * 4
      forms.push(encoded.slice(offset === 0 ? 0 : 4, whole))
    }
  }
  return [...new Set(forms.flatMap((form) => [form, form.toLowerCase(), form.toUpperCase()]))]
}

/** What is found of a canary, with what stands around it. */
export function findCanary(kind: CanaryKind, text: string): string[] {
  return formsOf(CANARIES[kind]).flatMap((form) => {
    const at = text.indexOf(form)
    return at < 0 ? [] : [`${kind} as ${form}: …${text.slice(Math.max(0, at - 120), at + 120)}…`]
  })
}

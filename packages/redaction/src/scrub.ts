import { findCardNumbers } from './card-numbers.ts'
import { decodePercent } from './decode.ts'

/** What is taken out by its form alone. Every pattern is linear: no repeated group can match one text in two ways. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/ucp_(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{1,64}/g, '[key]'],
  [/whsec_[0-9A-Za-z+/=_-]{8,128}/g, '[secret]'],
  [/\bBearer +[0-9A-Za-z._~+/=-]{8,4096}/gi, 'Bearer [token]'],
  [/\b(?:cvc|cvv|securityCode|password|passwd)("?\s{0,2}[=:]\s{0,2}"?)[^\s"&,;}]{1,256}/gi, '[secret]'],
  [/:\/\/[^\s:@/]{1,128}:[^\s@/]{1,256}@/g, '://[credentials]@'],
  [/-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[\s\S]{0,16384}?-----END [A-Z ]{0,32}PRIVATE KEY-----/g, '[private key]'],
  [/\beyJ[0-9A-Za-z_-]{8,4096}\.[0-9A-Za-z_-]{8,4096}\.[0-9A-Za-z_-]{8,4096}/g, '[token]'],
  // The last part of a name is never a number: `chart@4.4.3` is a package.
  [
    /[0-9A-Za-z.!#$%&'*+/=?^_`{|}~-]{1,64}(?:@|%40)(?:[0-9A-Za-z-]{1,63}\.){1,8}(?=[0-9-]{0,62}[A-Za-z])[0-9A-Za-z-]{1,63}/g,
    '[email]',
  ],
]

/** Base64 that is long enough to hold a card number. */
const BASE64_RUN = /[0-9A-Za-z+/_-]{16,65536}={0,2}/g

/**
 * Takes card numbers, keys, tokens and e-mail addresses out of a text, also where they stand in it as base64 or
 * percent-encoded. It is the net behind an allow list, not a substitute for one.
 */
export function scrub(text: string): string {
  const decoded = decodePercent(text)
  const plain = scrubAsWritten(decoded)
  // A percent-encoded text that holds nothing stays as it was written.
  const kept = plain === decoded ? text : plain
  return kept.replace(BASE64_RUN, (run) => {
    // What is encoded may begin anywhere in the run, so each of the four alignments is read.
    const clean = [0, 1, 2, 3].every((offset) => {
      const inside = Buffer.from(run.slice(offset), 'base64').toString('latin1')
      return scrubAsWritten(inside) === inside
    })
    return clean ? run : '[encoded]'
  })
}

/** The same of what stands there as it is written: nothing is decoded. */
export function scrubAsWritten(text: string): string {
  let scrubbed = text
  for (const [pattern, replacement] of PATTERNS) scrubbed = scrubbed.replace(pattern, replacement)
  let result = ''
  let from = 0
  for (const { start, end } of findCardNumbers(scrubbed)) {
    result += `${scrubbed.slice(from, start)}[card]`
    from = end
  }
  return result + scrubbed.slice(from)
}

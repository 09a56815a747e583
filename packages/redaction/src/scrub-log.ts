import { findCardNumbers } from './card-numbers.ts'
import { decodeEscapes, decodePercent } from './decode.ts'
import { plainDigits } from './plain-digits.ts'
import { scrubAsWritten } from './scrub.ts'
import { SECRET_FORMS } from './secret-forms.ts'

/** A value that follows its name: `password=…`, `"token": "…"`, `x-api-key: …`. */
const NAMED =
  /((?:pass(?:word|wd|phrase|code)|pwd|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|otp|pin|cvc2?|cvv2?|csc|security[ _-]?code|session(?:[_-]?id)?|csrf)\\?["']?\s{0,2}[=:]\s{0,2}\\?["']?)[^\s"'&,;}\\]{1,512}/gi
/** The rest of a line that is a header's. */
const HEADER =
  /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key|x-auth-token)(\\?["']?\s{0,2}[=:]\s{0,2}\\?["']?)[^\r\n"'\\]{1,8192}/gi
const CODE_BY_ITS_WORD = /\b(cvc2?|cvv2?|csc|security code)([^\dA-Za-z\n]{0,6}(?:is )?)[0-9]{3,4}\b/gi
/** What an address hands over stands behind its `?` or `#`. */
const QUERY = /((?:\b[A-Za-z][A-Za-z0-9+.-]{1,20}:\/|(?<=^|[\s"'(=]))\/[^\s?#"'<>]{0,2048})[?#][^\s"'<>)]{1,8192}/g
const PHONE = /(?<![\w+])\+[1-9][0-9]{0,2}(?:[ ().-]{0,2}[0-9]){7,13}(?![0-9])/g
const HEX_RUN = /[0-9A-Fa-f]{24,65536}/g
const BASE64_RUN = /[0-9A-Za-z+/_-]{12,65536}/g
/** Hashes and random identifiers hold no stretch as long as this. */
const READABLE = /[ -~]{9}/

/**
 * Takes out of a log's text what no log may hold: all that `scrub` does, and keys of well-known services, values that
 * stand by their names, headers of credentials, query strings, telephone numbers in their international form; digits of
 * every script; and what is hidden in percent-encoding, in `\u` escapes, in base64 or in hex. Rather too much than too
 * little: a log is read by machines and by whoever gets hold of it.
 */
export function scrubLog(text: string): string {
  const clear = decodeEscapes(decodePercent(decodePercent(text)))
  const plain = plainDigits(clear)
  const scrubbed = scrubPlain(plain)
  // What holds nothing stays as it was written, in its own digits and with its own encoding.
  return scrubEncoded(scrubbed === plain ? scrubPlain(text) : scrubbed)
}

function scrubPlain(text: string): string {
  let left = text.replace(HEADER, '$1$2[secret]').replace(NAMED, '$1[secret]').replace(CODE_BY_ITS_WORD, '$1$2[secret]')
  for (const form of SECRET_FORMS) left = left.replace(form, '[secret]')
  left = left.replace(QUERY, '$1?[query]').replace(PHONE, '[phone]')
  left = scrubAsWritten(left)
  // Digits of a card may also stand one group a line.
  if (!/[\n\t\r]/.test(left)) return left
  const spaced = left.replace(/[\n\t\r]/g, ' ')
  return findCardNumbers(spaced).length === 0 ? left : scrubAsWritten(spaced)
}

/** A run that is a text in hex or base64, of which something would have to be taken out. */
function scrubEncoded(text: string): string {
  return text.replace(HEX_RUN, (run) => keep(run, 'hex')).replace(BASE64_RUN, (run) => keep(run, 'base64'))
}

function keep(run: string, encoding: 'hex' | 'base64'): string {
  // What is encoded may begin anywhere in the run, so each alignment is read.
  const isClean = [0, 1, 2, 3].every((offset) => {
    const inside = Buffer.from(run.slice(offset), encoding).toString('latin1')
    return !READABLE.test(inside) || scrubPlain(inside) === inside
  })
  return isClean ? run : '[encoded]'
}

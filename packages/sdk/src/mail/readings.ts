import { decodeEscapes, decodePercent } from '@ucanpay/redaction/decode'
import { plainDigits } from '@ucanpay/redaction/plain-digits'

const ENTITY = /&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z]{2,8}));?/g
const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', ensp: ' ', emsp: ' ', thinsp: ' ', commat: '@' },
  ...{
    period: '.',
    comma: ',',
    colon: ':',
    equals: '=',
    hyphen: '-',
    dash: '-',
    ndash: '-',
    mdash: '-',
    shy: '',
    zwnj: '',
  },
  ...{ zwj: '', Tab: ' ', NewLine: '\n', num: '#', sol: '/', lowbar: '_', plus: '+' },
}
/** Elements that end a line where they begin or end. */
const BLOCK =
  /<\/?(?:address|article|aside|blockquote|body|br|caption|dd|div|dl|dt|fieldset|footer|form|h[1-6]|head|header|hr|html|li|main|nav|ol|option|p|pre|section|style|script|table|tbody|td|tfoot|th|thead|title|tr|ul)\b[^<>]{0,8192}>/gi
/** An element ends at the next sign of one, closed or not: so no page takes longer than its length says. */
const TAG = /<[!/?A-Za-z][^<>]{0,65536}>/g
const ATTRIBUTE =
  /[\s"'][A-Za-z_:@][\w:.-]{0,80}\s{0,8}=\s{0,8}(?:"([^"]{0,65536})"|'([^']{0,65536})'|([^\s"'<>]{1,4096}))/g
const COMMENT = /<!--((?:(?!<!--)[\s\S]){0,65536}?)-->/g
const ENCODED_WORD = /=\?[\w-]{1,40}\?([BbQq])\?([^?\s]{0,2048})\?=(?:\s{1,4}(?==\?))?/g
const BASE64_LINES = /(?:[0-9A-Za-z+/]{4}[\r\n]{0,2}){4,262144}[0-9A-Za-z+/]{0,3}={0,2}/g
const READABLE = /[ -~]{9}/

/**
 * The ways in which a text may be read: as it stands, as a page shows it, and with each encoding taken off. What is
 * looked for may be in any of them.
 */
export function readings(text: string): string[] {
  const all = new Set([text])
  if (/=\?[\w-]+\?[BbQq]\?/.test(text)) all.add(text.replace(ENCODED_WORD, encodedWord))
  if (/=(?:[0-9A-F]{2}|\r?\n)/i.test(text)) for (const each of [...all]) all.add(quotedPrintable(each))
  for (const each of [...all]) if (/[<&]/.test(each)) for (const page of pageReadings(each)) all.add(page)
  for (const each of [...all]) all.add(decodeEscapes(decodePercent(decodePercent(each))))
  for (const each of [...all]) for (const inside of base64(each)) all.add(inside)
  return [...new Set([...all].map(plainDigits))]
}

/** What a page shows, and what it holds without showing it: comments and attributes. */
function pageReadings(html: string): string[] {
  const hidden = [...html.matchAll(COMMENT)].map(([, comment = '']) => comment)
  for (const [tag] of html.matchAll(TAG))
    for (const [, double, single, bare] of tag.matchAll(ATTRIBUTE)) hidden.push(double ?? single ?? bare ?? '')
  const shown = html.replace(COMMENT, '').replace(BLOCK, '\n').replace(TAG, '')
  return [entities(shown), entities(hidden.join('\n'))]
}

function entities(text: string): string {
  return text.replace(ENTITY, (whole: string, ...groups: (string | undefined)[]) => {
    const [decimal, hex, name] = groups
    if (name !== undefined) return NAMED[name] ?? whole
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

function quotedPrintable(text: string): string {
  const bytes = text
    .replace(/=[ \t]{0,8}\r?\n/g, '')
    .replace(/(?:=[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'))
  return bytes
}

function encodedWord(_whole: string, kind: string, text: string): string {
  return kind.toUpperCase() === 'B'
    ? Buffer.from(text, 'base64').toString('utf8')
    : quotedPrintable(text.replaceAll('_', ' '))
}

/** What stands in base64, over several lines as well; pictures and hashes say nothing. */
function base64(text: string): string[] {
  return [...text.matchAll(BASE64_LINES)].flatMap(([run]) => {
    const inside = Buffer.from(run, 'base64').toString('utf8')
    return READABLE.test(inside) ? [inside, ...(inside.includes('<') ? pageReadings(inside) : [])] : []
  })
}

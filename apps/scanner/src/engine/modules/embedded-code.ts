import { extname } from 'node:path'

const PAGES = new Set(['.html', '.htm', '.vue', '.svelte'])
const SCRIPT = /(<script\b(?:"[^"]*"|'[^']*'|[^>"'])*>)([\s\S]*?)<\/script/gi
const NOT_CODE =
  /\btype\s*=\s*["']?(?!module\b|(?:text|application)\/(?:javascript|babel|jsx|typescript|ecmascript))[\w/+.-]+/i

/** Whether a file's code stands in its scripts rather than being all of it. */
export function isPage(path: string): boolean {
  return PAGES.has(extname(path).toLowerCase())
}

/** The code in a file. Around the scripts of a page are blanks, so that each position is the one in the file. */
export function codeOf(path: string, text: string): string {
  if (!isPage(path)) return text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text
  let code = ''
  let from = 0
  for (const match of text.matchAll(SCRIPT)) {
    const [, tag = '', script = ''] = match
    if (NOT_CODE.test(tag)) continue
    const start = match.index + tag.length
    // A semicolon in the last blank ends what a script before left open.
    code += `${blank(text.slice(from, start - 1))};${script}`
    from = start + script.length
  }
  return code + blank(text.slice(from))
}

function blank(text: string): string {
  return text.replace(/[^\r\n\u2028\u2029]/g, ' ')
}

/** One line of a .gitignore. */
interface Pattern {
  readonly expression: RegExp
  readonly negated: boolean
  readonly foldersOnly: boolean
}

/** The rules of one .gitignore, for paths relative to its folder. */
export interface Ignore {
  /** Undefined where it says nothing. */
  verdict(path: string, isFolder: boolean): boolean | undefined
}

/** Reads a .gitignore (gitignore(5): the last pattern that fits decides, `!` takes back, `/` at the end means folders). */
export function readIgnore(text: string): Ignore {
  const patterns = text.split(/\r?\n/).flatMap(readPattern).reverse()
  return {
    verdict(path, isFolder) {
      const found = patterns.find(({ expression, foldersOnly }) => (isFolder || !foldersOnly) && expression.test(path))
      return found && !found.negated
    },
  }
}

function readPattern(line: string): Pattern[] {
  let text = line.replace(/(?<!\\)\s+$/, '')
  if (text === '' || text.startsWith('#')) return []
  const negated = text.startsWith('!')
  if (negated) text = text.slice(1)
  text = text.replace(/^\\(?=[#!])/, '')
  const foldersOnly = text.endsWith('/')
  if (foldersOnly) text = text.slice(0, -1)
  // A slash before the end binds the pattern to the folder of its file; without one it fits at any depth.
  const anchored = text.includes('/')
  const body = globToExpression(text.replace(/^\//, ''))
  if (body === undefined) return []
  return [{ expression: new RegExp(anchored ? `^${body}$` : `(?:^|/)${body}$`), negated, foldersOnly }]
}

/** A glob as the source of a regular expression; undefined where it is not well-formed. */
export function globToExpression(glob: string): string | undefined {
  let source = ''
  for (let at = 0; at < glob.length; at++) {
    const sign = glob[at] ?? ''
    if (sign === '*') {
      const double = glob[at + 1] === '*'
      const atStart = at === 0 || glob[at - 1] === '/'
      if (double && atStart && glob[at + 2] === '/') {
        source += '(?:[^/]+/)*'
        at += 2
      } else if (double && atStart && at + 2 === glob.length) {
        source += '.*'
        at += 1
      } else {
        while (glob[at + 1] === '*') at++
        source += '[^/]*'
      }
    } else if (sign === '?') source += '[^/]'
    else if (sign === '[') {
      const end = glob.indexOf(']', at + 2)
      if (end < 0) return undefined
      const inside = glob
        .slice(at + 1, end)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')
        .replaceAll('[', '\\[')
      source += `[${inside}]`
      at = end
    } else if (sign === '\\') source += escaped(glob[++at] ?? '')
    else source += escaped(sign)
  }
  return isWellFormed(source) ? source : undefined
}

function escaped(sign: string): string {
  return sign.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

function isWellFormed(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp
  } catch {
    return false // Such as a range that goes backwards: git takes it for a pattern that fits nothing.
  }
}

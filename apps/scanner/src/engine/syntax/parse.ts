import { extname } from 'node:path'
import { parseSync, rawTransferSupported, type Node, type Program } from 'oxc-parser'

export type Language = 'js' | 'jsx' | 'ts' | 'tsx'

/** A program as the parser gives it; `broken` where it could not be read to its end, and the program is then empty. */
export interface Parsed {
  readonly program: Program
  readonly comments: readonly Comment[]
  readonly broken: boolean
}

export interface Comment {
  readonly start: number
  readonly end: number
  readonly value: string
}

export type { Node, Program }

/** The languages to try, the likeliest first: a `.js` may hold JSX, and some hold TypeScript. */
const LANGUAGES: Readonly<Record<string, readonly Language[]>> = {
  '.ts': ['ts'],
  '.mts': ['ts'],
  '.cts': ['ts'],
  '.tsx': ['tsx'],
}
const OTHERWISE: readonly Language[] = ['jsx', 'ts', 'tsx']

/** Handing the tree over in one buffer takes a third of the time; where the machine cannot, it comes as JSON. */
let rawTransfer = rawTransferSupported()

/** Reads JavaScript or TypeScript of any dialect. Never throws: what cannot be read is `broken`. */
export function parseCode(path: string, text: string): Parsed {
  const languages = LANGUAGES[extname(path).toLowerCase()] ?? OTHERWISE
  let last: Parsed | undefined
  for (const lang of languages) {
    last = parseAs(text, lang, path.endsWith('.cjs'))
    if (!last.broken) return last
  }
  // The first dialect's tree, where every dialect has something to object to, is the best there is.
  return last ?? { program: EMPTY, comments: [], broken: true }
}

const EMPTY: Program = { type: 'Program', body: [], sourceType: 'module', hashbang: null, start: 0, end: 0 }

function parseAs(text: string, lang: Language, commonJs: boolean): Parsed {
  const options = {
    lang,
    sourceType: commonJs ? ('commonjs' as const) : ('unambiguous' as const),
    astType: 'ts' as const,
    preserveParens: false,
  }
  const name = `code.${lang}`
  try {
    const transfer = rawTransfer ? { experimentalRawTransfer: true } : {}
    const result = parseSync(name, text, { ...options, ...transfer })
    const { program, comments } = result
    const broken = program.body.length === 0 && result.errors.length > 0
    return { program, comments, broken }
  } catch (error) {
    if (!rawTransfer) return { program: EMPTY, comments: [], broken: (error as Error).message !== '' }
    rawTransfer = false
    return parseAs(text, lang, commonJs)
  }
}

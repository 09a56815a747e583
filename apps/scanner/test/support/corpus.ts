import { formatApiKey } from '@ucanpay/wire/api-key'
import { isLuhnValid } from '@ucanpay/wire/card-number'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A case of the corpus: files, and the lines in them on which the rule has to find something, and nowhere else. */
export interface CorpusCase {
  readonly ruleId: string
  readonly name: string
  readonly isTrue: boolean
  /** Where the case stands: `tls-verification-disabled/code.corpus:12`. */
  readonly where: string
  readonly files: ReadonlyMap<string, string>
  /** `path:line` of each mark. */
  readonly expected: readonly string[]
}

const CORPUS = fileURLToPath(new URL('../corpus', import.meta.url))
const MARK = '/*!*/'
const HEAD = /^\/\/# (true|false): (.+)$/
const FILE = /^\/\/# file: (\S+)$/

/** All cases of all rules. The format is described in docs/scanner/writing-rules.md. */
export function readCorpus(): CorpusCase[] {
  return readdirSync(CORPUS).flatMap((ruleId) =>
    readdirSync(join(CORPUS, ruleId))
      .filter((name) => name.endsWith('.corpus'))
      .flatMap((name) => casesIn(ruleId, name, readFileSync(join(CORPUS, ruleId, name), 'utf8'))),
  )
}

interface Draft {
  readonly name: string
  readonly isTrue: boolean
  readonly line: number
  readonly files: Map<string, string[]>
}

function casesIn(ruleId: string, file: string, text: string): CorpusCase[] {
  const drafts: Draft[] = []
  let path = 'case.ts'
  for (const [index, line] of text.split('\n').entries()) {
    const head = HEAD.exec(line)
    if (head) {
      path = 'case.ts'
      drafts.push({ isTrue: head[1] === 'true', name: head[2] ?? '', line: index + 1, files: new Map() })
      continue
    }
    path = FILE.exec(line)?.[1] ?? path
    const draft = drafts.at(-1)
    if (!draft || FILE.test(line)) continue
    draft.files.set(path, [...(draft.files.get(path) ?? []), line])
  }
  return drafts.map((draft) => caseOf(ruleId, file, draft))
}

function caseOf(ruleId: string, file: string, { name, isTrue, line, files }: Draft): CorpusCase {
  const expected: string[] = []
  const texts = new Map<string, string>()
  for (const [path, lines] of files) {
    for (const [index, each] of lines.entries()) if (each.includes(MARK)) expected.push(`${path}:${index + 1}`)
    texts.set(path, filledIn(lines.join('\n').replaceAll(MARK, '')))
  }
  const where = `${ruleId}/${file}:${line}`
  if (isTrue !== expected.length > 0) throw new Error(`${where}: a true case has marks, a false one has none`)
  return { ruleId, name, isTrue, where, files: texts, expected: expected.sort() }
}

/**
 * Secrets and card numbers are put together here, so that none stands in the repository: `§key sk live§`,
 * `§card 4929 16§`, `§letters 24§`, `§upper 16§`, `§hex 32§`, `§join sk_ live_§`.
 */
function filledIn(text: string): string {
  return text.replace(/§(\w+)((?: [^§ ]+)*)§/g, (_whole, what: string, rest: string) =>
    made(what, rest.trim().split(' ')),
  )
}

const ALPHABETS: Readonly<Record<string, string>> = {
  letters: 'kQ7vT2xLw9ZbR4mHs6NcJ8yPf3GdXe5Va1UqWtKoMiBnCrDz',
  upper: 'Q7T2X9Z4R6H8N3J5P1KGDVUWMBCYLF',
  hex: '7f3a9c1e5b8d2046',
  digits: '7394182650',
}

function made(what: string, args: readonly string[]): string {
  const alphabet = ALPHABETS[what]
  if (alphabet) {
    const length = Number(args[0])
    // A walk with a stride that meets all signs: it looks random, and is the same each time.
    return Array.from({ length }, (_each, index) => alphabet[(index * 7 + (index >> 2)) % alphabet.length]).join('')
  }
  if (what === 'join') return args.join('')
  if (what === 'key') {
    const bytes = Uint8Array.from({ length: 64 }, (_each, index) => (index * 37 + 11) % 248)
    return formatApiKey({ kind: args[0] as 'sk', mode: args[1] as 'live' }, bytes)
  }
  if (what === 'card') return cardNumber(args[0] ?? '4', Number(args[1] ?? 16))
  throw new Error(`§${what}§ is not known`)
}

function cardNumber(prefix: string, length: number): string {
  const body = (prefix + '8362715904836271').slice(0, length - 1)
  const check = Array.from({ length: 10 }, (_each, digit) => String(digit)).find((digit) => isLuhnValid(body + digit))
  return body + (check ?? '')
}

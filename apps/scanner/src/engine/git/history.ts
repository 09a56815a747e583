import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Finding } from '../findings/finding.ts'
import type { Rule } from '../rule.ts'
import { ProjectScan } from '../scan/scan-project.ts'

/** Lines that a commit added to a file. */
interface Added {
  readonly commit: string
  readonly path: string
  /** The lines that were added, each on the line that it had in that commit, the others empty. */
  readonly text: string
  /** How many lines come before the first of `text`. */
  readonly before: number
}

const LONGEST_LINE = 20_000
const MOST_CHARACTERS = 2_000_000
/** Paths whose every line changes with each build or update, and which hold hashes by the thousand. */
const PASSED_OVER =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml)$|(?:^|\/)node_modules\/|\.min\.(?:js|css)$/

/**
 * Looks for what has a form of its own (secrets, card numbers) in everything that was ever added, commit by commit as
 * git prints them, so that no more than one file's lines are held at a time. What was found twice is reported once, in
 * the commit that brought it.
 *
 * @throws Error with git's own words where the folder is in no repository
 */
export async function scanHistory(
  root: string,
  rules: readonly Rule[],
  onCommit: (done: number) => void,
): Promise<Finding[]> {
  const textRules = rules.flatMap(({ on, ...rule }): Rule[] =>
    on.text && !on.text.kinds ? [{ ...rule, on: { text: on.text } }] : [],
  )
  const found = new Map<string, Finding>()
  let commits = 0
  let last = ''
  for await (const added of additions(root)) {
    if (added.commit !== last) onCommit(++commits)
    last = added.commit
    for (const finding of findingsIn(added, textRules)) {
      // The newest commit comes first: what is seen last brought it.
      found.set(`${finding.ruleId} ${finding.place.path} ${finding.excerpt}`, finding)
    }
  }
  return [...found.values()]
}

function findingsIn({ commit, path, text, before }: Added, rules: readonly Rule[]): Finding[] {
  const files = { has: (asked: string) => asked === path, read: (asked: string) => (asked === path ? text : undefined) }
  const { findings } = new ProjectScan(files, new Map(), rules).scan(path)
  return findings.map((finding) => {
    const { line, endLine } = finding.place
    return { ...finding, commit, place: { ...finding.place, line: line + before, endLine: endLine + before } }
  })
}

async function* additions(root: string): AsyncGenerator<Added> {
  const args = [
    '-C',
    root,
    '-c',
    'core.quotePath=false',
    'log',
    '--all',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '-p',
    '--unified=0',
    '--no-renames',
    '--diff-filter=AM',
    '--format=commit %H',
    '--relative',
  ]
  const git = spawn('git', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  git.stderr.on('data', (part: Buffer) => {
    complaint += part.toString('utf8').slice(0, 1_000)
  })
  const ended = new Promise<number | null>((resolve) => git.on('close', resolve))
  const reader = new AdditionReader()
  for await (const line of createInterface({ input: git.stdout, crlfDelay: Number.POSITIVE_INFINITY }))
    yield* reader.line(line)
  yield* reader.end()
  if ((await ended) !== 0) throw new Error(complaint.trim())
}

/** Reads `git log -p --unified=0`, a line at a time. */
class AdditionReader {
  #commit = ''
  #path: string | undefined
  #lines: string[] = []
  #from = 0
  #characters = 0
  #inHunk = false;

  *line(line: string): Generator<Added> {
    if (line.startsWith('diff --git ')) {
      yield* this.end()
      this.#path = undefined
      this.#inHunk = false
    } else if (this.#inHunk && (line.startsWith('+') || line.startsWith('-') || line.startsWith('\\'))) {
      if (line.startsWith('+')) this.#add(line.slice(1))
    } else if (line.startsWith('@@ ')) {
      this.#inHunk = true
      yield* this.#hunk(Number(/\+(\d+)/.exec(line)?.[1] ?? 1))
    } else if (line.startsWith('+++ ')) this.#path = pathIn(line)
    else if (/^commit [0-9a-f]{40,64}$/.test(line)) {
      yield* this.end()
      this.#commit = line.slice(7)
      this.#inHunk = false
    }
  }

  *end(): Generator<Added> {
    const path = this.#path
    if (path !== undefined && this.#lines.length > 0) {
      yield { commit: this.#commit, path, text: this.#lines.join('\n'), before: this.#from - 1 }
    }
    this.#lines = []
    this.#characters = 0
  }

  *#hunk(from: number): Generator<Added> {
    const next = this.#from + this.#lines.length
    // A small gap is filled, so that what goes over several lines is seen whole; a large one is not worth the lines.
    if (this.#lines.length > 0 && from - next < 500) {
      while (this.#from + this.#lines.length < from) this.#lines.push('')
      return
    }
    yield* this.end()
    this.#from = from
  }

  #add(text: string): void {
    if (this.#path === undefined || PASSED_OVER.test(this.#path) || this.#characters > MOST_CHARACTERS) return
    this.#characters += text.length
    this.#lines.push(text.slice(0, LONGEST_LINE))
  }
}

function pathIn(line: string): string | undefined {
  const path = /^\+\+\+ "?b\/(.*?)"?\t?$/.exec(line)?.[1]
  return path
}

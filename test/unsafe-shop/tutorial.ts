import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { audit } from './audit.ts'

/** What the tutorial has its reader do, and what it shows them, in order; together they are its whole text. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** `<!-- scan FILES: RULES -->`, and under it the command and what it prints, where it is shown. */
  | {
      readonly kind: 'scan'
      readonly text: string
      readonly files: readonly string[]
      readonly rules: readonly string[]
      readonly shown: string | undefined
    }
  | { readonly kind: 'diff'; readonly text: string; readonly diff: string }
  | { readonly kind: 'remove'; readonly text: string; readonly files: readonly string[] }
  | { readonly kind: 'write'; readonly text: string; readonly file: string; readonly content: string }

const PART =
  /^<!-- scan(?: ([^:\n]+): ([a-z0-9,-]+))? -->\n(?:\n```console\n([\s\S]*?)^```\n)?|^```diff\n([\s\S]*?)^```\n|^```sh\n((?:rm .+\n)+)```\n|^`([\w./-]+)` is now:\n\n```\w+\n([\s\S]*?)^```\n/gm

/** Reads the tutorial. */
export function readTutorial(page: string): Part[] {
  const parts: Part[] = []
  let done = 0
  for (const match of page.matchAll(PART)) {
    const [text, files, rules, shown, diff, removed, file, content = ''] = match
    parts.push({ kind: 'text', text: page.slice(done, match.index) })
    done = match.index + text.length
    if (diff !== undefined) parts.push({ kind: 'diff', text, diff })
    else if (removed !== undefined) {
      const lines = removed.trimEnd().split('\n')
      parts.push({ kind: 'remove', text, files: lines.map((line) => line.slice('rm '.length)) })
    } else if (file !== undefined) parts.push({ kind: 'write', text, file, content })
    else parts.push({ kind: 'scan', text, files: files?.split(' ') ?? [], rules: rules?.split(',') ?? [], shown })
  }
  return [...parts, { kind: 'text', text: page.slice(done) }]
}

/** Carries out a change in a copy of the shop. @throws Error where it does not fit */
export function carryOut(part: Part, folder: string): void {
  if (part.kind === 'diff') {
    const input = part.diff
    const { status, stderr } = spawnSync('git', ['apply', '--unidiff-zero', '-'], {
      cwd: folder,
      input,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${stderr}${part.diff}`)
  }
  if (part.kind === 'remove') for (const file of part.files) rmSync(within(folder, file))
  if (part.kind === 'write') {
    const path = within(folder, part.file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, part.content)
  }
}

function within(folder: string, file: string): string {
  if (normalize(file).startsWith('..')) throw new Error(`${file} is not in the shop`)
  return join(folder, file)
}

/** What the reader sees: the command, and what it prints. Undefined where there is nothing to look at, or to look for. */
export function print(
  { files, rules }: { readonly files: readonly string[]; readonly rules: readonly string[] },
  folder: string,
): { code: number | null; shown: string } | undefined {
  const there = files.filter((file) => existsSync(join(folder, file)))
  if (files.length > 0 && (there.length === 0 || rules.length === 0)) return undefined
  const args = files.length === 0 ? ['.'] : [...there, '--rules', rules.join(',')]
  const { code, out, err } = audit(folder, ...args)
  if (code === 2) throw new Error(err)
  return { code, shown: `$ npx ucanpay-audit ${args.join(' ')}\n${out}` }
}

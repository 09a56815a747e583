import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { typeFaultsOf } from './type-faults.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Within the clone, so that a guide's programs find the packages that its `npm install` names. */
const GUIDES = join(ROOT, '.cache', 'guides')

/** One block of code of a guide. */
interface Block {
  readonly language: string
  readonly code: string
  /** The line of the page that it begins at. */
  readonly line: number
}

/** A guide as its reader follows it. */
export interface Guide {
  readonly name: string
  readonly blocks: readonly Block[]
  /** The guide whose files are there already. */
  readonly begunAfter: string | undefined
  /** The card that the buyer has. */
  readonly card: string
}

/** What became of a guide. */
export interface Outcome {
  /** All that its commands wrote, and what went wrong beside it. */
  readonly output: string
  readonly complaints: string
  readonly exitCode: number | null
  /** What a block of output promises and the commands did not write. */
  readonly missing: readonly string[]
}

/** What a guide needs around it. */
export interface Surroundings {
  /** The sandbox's folder. */
  readonly home: string
  /** Pays, as a buyer, at an address that one of the guide's programs has printed. */
  readonly pay: (payUrl: string, card: string) => Promise<void>
}

/** Reads a guide of docs/guides. @throws Error where a block is of a language that nobody runs */
export function readGuide(file: string): Guide {
  const text = readFileSync(join(ROOT, 'docs', 'guides', file), 'utf8')
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = ''], at): Block => ({
    language,
    code,
    line: lineOf(text, at),
  }))
  const strange = blocks.find(({ language }) => !['ts', 'sh', 'text'].includes(language))
  if (strange) throw new Error(`${file}:${strange.line} is a block that nobody runs; use ts, sh, or text for output`)
  return {
    name: basename(file, '.md'),
    blocks,
    begunAfter: /<!-- begins after ([a-z-]+\.md) -->/.exec(text)?.[1],
    card: /<!-- the buyer pays with (\d+) -->/.exec(text)?.[1] ?? '4242424242424242',
  }
}

function lineOf(text: string, blockAt: number): number {
  let line = 0
  let seen = -1
  for (const row of text.split('\n')) {
    line += 1
    if (/^```\w+$/.test(row) && ++seen === blockAt) return line
  }
  return line
}

/** Follows a guide: writes its files, runs its commands in one shell, pays where a program asks the buyer to. */
export async function follow(guide: Guide, surroundings: Surroundings): Promise<Outcome> {
  const folder = newFolder(guide.name, surroundings.home)
  for (const earlier of filesBefore(guide)) writeProgram(folder, earlier)
  const script = [PRELUDE]
  const expected: { readonly mark: string; readonly lines: readonly string[] }[] = []
  let mark = ''
  guide.blocks.forEach(({ language, code, line }, at) => {
    if (language === 'ts') script.push(writeCommand(folder, { code, at }))
    else if (language === 'text') expected.push({ mark, lines: code.trimEnd().split('\n') })
    else {
      mark = `::line ${line}`
      script.push(`echo '${mark}'`, code)
    }
  })
  const ran = await runShell(folder, { script: script.join('\n'), guide, surroundings })
  const { output } = ran
  return { ...ran, missing: expected.flatMap((one) => missingOf(output, one)) }
}

/** What a reader has on the machine that a test run has not to fetch again. */
const PRELUDE = `set -euo pipefail
npm() {
  case "$1" in
    start) test -f ../ucanpay/.ucanpay/dev.json ;;
    install) shift; for name in "$@"; do
      if [ "$name" = --save-dev ]; then continue; fi
      if [ -e "$name/package.json" ]; then continue; fi
      node -e 'require.resolve(process.argv[1] + "/package.json", { paths: [process.cwd()] })' "$name" 2>/dev/null || test -d "$UCANPAY_ROOT/node_modules/$name"
    done ;;
    *) command npm "$@" ;;
  esac
}`

function newFolder(name: string, home: string): string {
  const clone = join(GUIDES, name, 'ucanpay')
  rmSync(join(GUIDES, name), { recursive: true, force: true })
  mkdirSync(join(clone, 'packages'), { recursive: true })
  symlinkSync(home, join(clone, '.ucanpay'))
  symlinkSync(join(ROOT, 'packages', 'sdk'), join(clone, 'packages', 'sdk'))
  symlinkSync(join(ROOT, 'apps'), join(clone, 'apps'))
  const folder = join(GUIDES, name, 'shop')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  return folder
}

/** The programs of the guides before, the earliest first. */
function filesBefore({ begunAfter }: Guide): { name: string; code: string }[] {
  if (begunAfter === undefined) return []
  const earlier = readGuide(begunAfter)
  return [...filesBefore(earlier), ...earlier.blocks.filter(({ language }) => language === 'ts').flatMap(named)]
}

function named({ code }: { code: string }): { name: string; code: string }[] {
  const name = /^\/\/ ([a-z-]+\.ts)$/m.exec(code.split('\n', 1)[0] ?? '')?.[1]
  return name === undefined ? [] : [{ name, code }]
}

function writeProgram(folder: string, { name, code }: { name: string; code: string }): void {
  writeFileSync(join(folder, name), code)
}

/** The command that puts a block's file into its place when its turn comes; without a name it is run there and then. */
function writeCommand(folder: string, { code, at }: { code: string; at: number }): string {
  const [program] = named({ code })
  const name = program?.name ?? `block-${at}.ts`
  const kept = `${name}.${at}`
  mkdirSync(join(folder, '.blocks'), { recursive: true })
  writeFileSync(join(folder, '.blocks', kept), code)
  const copy = `cp .blocks/${kept} ${name}`
  return program ? copy : `${copy}\nnode --env-file=../ucanpay/.ucanpay/dev.env ${name}`
}

interface Shell {
  readonly script: string
  readonly guide: Guide
  readonly surroundings: Surroundings
}

const LONGEST_MS = 100_000

function runShell(folder: string, { script, guide, surroundings }: Shell): Promise<Omit<Outcome, 'missing'>> {
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    detached: true, // A group of its own, so that what it leaves running can be ended.
    env: {
      PATH: `${join(ROOT, 'node_modules/node/bin')}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      UCANPAY_ROOT: ROOT,
      UCANPAY_HOME: surroundings.home, // In a clone it is the folder .ucanpay.
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    let output = ''
    let complaints = ''
    const paid = new Set<string>()
    const endGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
      } catch {
        // Nobody of it is left.
      }
    }
    const timer = setTimeout(endGroup, LONGEST_MS)
    const read = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
      for (const [payUrl] of output.matchAll(/https:\/\/localhost:\d+\/pay\/[\w-]+(?=\s)/g)) {
        if (paid.has(payUrl)) continue
        paid.add(payUrl)
        surroundings.pay(payUrl, guide.card).catch(reject)
      }
    }
    child.stdout.on('data', read)
    // Apart: what a server in the background says of an error would come in the middle of a line that is expected.
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString('utf8')))
    child.once('error', reject)
    child.once('exit', (exitCode) => {
      clearTimeout(timer)
      endGroup()
      resolve({ output, complaints, exitCode })
    })
  })
}

/** The promised lines that do not come, in their order, after the command's mark. `…` stands for anything. */
function missingOf(output: string, { mark, lines }: { mark: string; lines: readonly string[] }): string[] {
  const after = output.slice(output.indexOf(mark) + mark.length)
  const written = (after.split(/^::line /m, 1)[0] ?? '').split('\n')
  let from = 0
  return lines.filter((line) => {
    const pattern = new RegExp(
      `^${line
        .split('…')
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    )
    const found = written.findIndex((row, at) => at >= from && pattern.test(row.trimEnd()))
    if (found >= 0) from = found + 1
    return found < 0
  })
}

/** What the type checker says of all programs of a guide. */
export function typeFaults({ name }: Guide): string[] {
  return typeFaultsOf(join(GUIDES, name, 'shop'))
}

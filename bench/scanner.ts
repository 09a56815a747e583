import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeTree } from './support/scanner-tree.ts'

const HELP = `npm run build -w apps/scanner && npm run bench:scanner

How long ucanpay-audit takes for a project of many lines, without a cache, then with one that has it all, then after a
change to one file that others import. Prints and writes bench/results/scanner.json: seconds, seconds of all cores
together, and the most memory that the process held.

  --lines N    1000000 where unset
  --rounds N   runs without a cache, 3 where unset
`

if (process.argv.includes('--help')) {
  process.stdout.write(HELP)
  process.exit(0)
}

interface Run {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMB: number
}

/** proc(5): user and system time of all threads, in ticks of the kernel, whose rate is the same on every Linux. */
const TICKS_PER_SECOND = 100

const dist = fileURLToPath(new URL('../apps/scanner/dist/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'scanner-bench-'))
try {
  const tree = join(folder, 'tree')
  const { files, lines } = writeTree(tree, numberOf('--lines', 1_000_000))
  const cold: Run[] = []
  for (let round = 0; round < numberOf('--rounds', 3); round++) cold.push(await audit(tree, ['--no-cache']))
  const cache = ['--cache-dir', join(folder, 'cache')]
  await audit(tree, cache)
  const unchanged = await audit(tree, cache)
  const shared = join(tree, 'apps/shop-1/src/sessions.ts')
  writeFileSync(shared, `${readFileSync(shared, 'utf8')}// Changed.\n`)
  const oneChanged = await audit(tree, cache)
  const [cpu] = cpus()
  const results = {
    machine: {
      cores: availableParallelism(),
      cpu: cpu?.model,
      memoryGB: Math.round(totalmem() / 1e9),
      node: process.version,
    },
    tree: { files, lines },
    cold: { median: median(cold), runs: cold },
    unchanged,
    oneChanged,
  }
  writeFileSync(new URL('results/scanner.json', import.meta.url), `${JSON.stringify(results, undefined, 2)}\n`)
  process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Runs the scanner as it is published. The peak is the kernel's own mark, where there is one. */
async function audit(tree: string, options: readonly string[]): Promise<Run> {
  const began = performance.now()
  const child = spawn(process.execPath, [dist, tree, '--quiet', ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
  let peakKB = 0
  let ticks = 0
  const watch = setInterval(() => {
    peakKB = Math.max(peakKB, highWaterMark(child.pid))
    ticks = Math.max(ticks, ticksOf(child.pid))
  }, 50)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearInterval(watch)
  if (code !== 0) throw new Error(`the scanner ended with ${String(code)}`)
  return {
    seconds: rounded((performance.now() - began) / 1000),
    cpuSeconds: rounded(ticks / TICKS_PER_SECOND),
    peakMB: Math.round(peakKB / 1024),
  }
}

function highWaterMark(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0 // It has ended, or the system has no such file.
  }
}

function ticksOf(pid: number | undefined): number {
  try {
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? []
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
  } catch {
    return 0 // It has ended, or the system has no such file.
  }
}

function median(runs: readonly Run[]): Run | undefined {
  return [...runs].sort((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)]
}

function rounded(seconds: number): number {
  return Math.round(seconds * 100) / 100
}

function numberOf(option: string, otherwise: number): number {
  const at = process.argv.indexOf(option)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}

import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { applyFixes } from '../engine/findings/apply-fixes.ts'
import type { Finding } from '../engine/findings/finding.ts'

const BYTE_ORDER_MARK = '\ufeff'

/**
 * Mends in the files what can be mended. A file is left as it is where places in it may have moved, since it was changed
 * after the scan began, or where writing it back would lose something, since it is not in UTF-8.
 *
 * @param since when the scan began
 * @returns the findings that are left
 */
export function mend(root: string, findings: readonly Finding[], since: Date): readonly Finding[] {
  const mendable = findings.filter(({ fix, commit }) => fix !== undefined && commit === undefined)
  const done = new Set<Finding>()
  for (const path of new Set(mendable.map(({ place }) => place.path))) {
    const own = mendable.filter(({ place }) => place.path === path)
    const { mended, why } = tryToMend(join(root, path), own, since)
    if (why !== undefined) process.stderr.write(`not mended: ${path} (${why})\n`)
    for (const finding of mended) {
      done.add(finding)
      process.stderr.write(`mended: ${path}:${finding.place.line} ${finding.ruleId}: ${finding.fix?.what ?? ''}\n`)
    }
  }
  return findings.filter((finding) => !done.has(finding))
}

interface Outcome {
  readonly mended: readonly Finding[]
  readonly why?: string
}

/** One file that went away, or may not be written, keeps none of the others from being mended. */
function tryToMend(full: string, findings: readonly Finding[], since: Date): Outcome {
  try {
    return mendFile(full, findings, since)
  } catch (error) {
    return { mended: [], why: `it cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}` }
  }
}

function mendFile(full: string, findings: readonly Finding[], since: Date): Outcome {
  const stats = lstatSync(full)
  if (!stats.isFile()) return { mended: [], why: 'it is no file of its own' }
  const { mode, mtimeMs } = stats
  if (mtimeMs >= since.getTime()) return { mended: [], why: 'it was changed since it was looked through: run again' }
  const bytes = readFileSync(full)
  const whole = bytes.toString('utf8')
  if (bytes.includes(0) || !Buffer.from(whole).equals(bytes)) return { mended: [], why: 'it is not written in UTF-8' }
  // Places are reckoned without the mark that some files begin with, which stays.
  const mark = whole.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  const { text, mended } = applyFixes(whole.slice(mark.length), findings)
  replaceFile(full, mark + text, mode)
  return { mended }
}

/** There is the whole new file or the old one, also where the machine stops in between. */
function replaceFile(full: string, text: string, mode: number): void {
  const next = `${full}.${process.pid}.mended`
  const file = openSync(next, 'wx', mode)
  try {
    writeFileSync(file, text)
    fchmodSync(file, mode)
    fsyncSync(file)
  } catch (error) {
    rmSync(next, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  renameSync(next, full)
}

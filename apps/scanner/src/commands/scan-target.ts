import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderFiles } from '../engine/files/read-text.ts'
import type { Walked } from '../engine/files/walk.ts'
import type { Finding } from '../engine/findings/finding.ts'
import { Project } from '../engine/modules/project.ts'
import { Cache, hashOf } from '../engine/pool/cache.ts'
import { scanInPool } from '../engine/pool/pool.ts'
import type { Rule } from '../engine/rule.ts'
import { merged, type FileResult } from '../engine/scan/scan-project.ts'

/** A folder to scan. */
export interface Target {
  readonly root: string
  readonly walked: Walked
  readonly rules: readonly Rule[]
  /** Where results are kept; undefined to keep none. */
  readonly cacheFolder: string | undefined
  readonly onFile: (done: number, total: number) => void
  readonly onProblem: (path: string, problem: string) => void
}

/** Scans a folder: from the cache what is unchanged, on all cores the rest. */
export async function scanTarget(target: Target): Promise<Finding[]> {
  const { root, walked, rules, onFile, onProblem } = target
  const cache = openCache(target)
  const found: Finding[] = []
  const wanted = cache ? unchanged(target, cache, found) : walked.paths
  let done = walked.paths.length - wanted.length
  const onResult = (result: FileResult): void => {
    found.push(...result.findings)
    if (result.problem !== undefined) onProblem(result.path, result.problem)
    cache?.add(result)
    onFile(++done, walked.paths.length)
  }
  const isSource = import.meta.url.endsWith('.ts')
  const worker = new URL(isSource ? '../scan-worker.ts' : './scan-worker.js', import.meta.url)
  await scanInPool({ root, paths: walked.paths, wanted, packages: walked.packages, rules, worker, onResult })
  cache?.save()
  return merged(found)
}

/** Takes what is known from the cache; gives back what has to be scanned. */
function unchanged({ root, walked }: Target, cache: Cache, found: Finding[]): string[] {
  const project = new Project(folderFiles(root, walked.paths), walked.packages)
  return walked.paths.filter((path) => {
    const known = cache.find(path, (specifier, from) => project.resolve(specifier, from))
    if (known) found.push(...known)
    return known === undefined
  })
}

/** Files that say where imports lead. */
const LEADS = /(?:^|\/)(?:package\.json|[jt]sconfig[\w.-]*\.json)$/

function openCache({ root, walked, rules, cacheFolder }: Target): Cache | undefined {
  if (cacheFolder === undefined) return undefined
  const hashOfFile = (path: string): string | undefined => {
    try {
      return hashOf(readFileSync(join(root, path)))
    } catch {
      return undefined // It went away since it was listed.
    }
  }
  const leads = walked.paths.filter((path) => LEADS.test(path)).map((path) => `${path} ${hashOfFile(path) ?? ''}`)
  const key = hashOf(ownHash(), root, ...rules.map(({ id }) => id), ...leads)
  return new Cache(cacheFolder, key, hashOfFile)
}

let own: string | undefined

/** Of everything that the scanner itself is made of: another engine or another rule finds other things. */
function ownHash(): string {
  const folder = new URL(import.meta.url.endsWith('.ts') ? '..' : '.', import.meta.url)
  own ??= hashOf(
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.[jt]s$/.test(path) && !path.endsWith('.test.ts'))
      .sort()
      .map((path) => readFileSync(new URL(path.replaceAll('\\', '/'), folder))),
  )
  return own
}

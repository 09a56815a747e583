import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderFiles } from '../engine/files/read-text.ts'
import { readStaged } from '../engine/git/index-files.ts'
import { isBinary, type Walked } from '../engine/files/walk.ts'
import type { Finding } from '../engine/findings/finding.ts'
import { Project } from '../engine/modules/project.ts'
import { Cache, hashOf } from '../engine/pool/cache.ts'
import { scanInPool } from '../engine/pool/pool.ts'
import type { Rule } from '../engine/rule.ts'
import { OWN_FOLDER, WORKER } from '../installation.ts'
import { merged, ProjectScan, type FileResult } from '../engine/scan/scan-project.ts'

/** A folder to scan. */
export interface FolderScan {
  readonly root: string
  readonly walked: Walked
  /** The files of it that are scanned; the others are there for what imports lead to. */
  readonly wanted: readonly string[]
  readonly rules: readonly Rule[]
  /** Where results are kept; undefined to keep none. */
  readonly cacheFolder: string | undefined
  readonly onFile: (done: number, total: number) => void
  readonly onProblem: (path: string, problem: string) => void
}

/** Scans a folder: from the cache what is unchanged, on all cores the rest. */
export async function scanFolder(scan: FolderScan): Promise<Finding[]> {
  const { root, walked, rules, onFile, onProblem } = scan
  const cache = openCache(scan)
  const found: Finding[] = []
  const due = cache ? unchanged(scan, cache, found) : scan.wanted
  let done = scan.wanted.length - due.length
  const onResult = (result: FileResult): void => {
    found.push(...result.findings)
    if (result.problem !== undefined) onProblem(result.path, result.problem)
    cache?.add(result)
    onFile(++done, scan.wanted.length)
  }
  await scanInPool({
    root,
    paths: walked.paths,
    wanted: due,
    packages: walked.packages,
    rules,
    worker: WORKER,
    onResult,
  })
  cache?.save(new Set(walked.paths))
  return merged(found)
}

/** Takes what is known from the cache; gives back what has to be scanned. */
function unchanged({ root, walked, wanted }: FolderScan, cache: Cache, found: Finding[]): string[] {
  const project = new Project(folderFiles(root, walked.paths), walked.packages)
  return wanted.filter((path) => {
    const known = cache.find(path, (specifier, from) => project.resolve(specifier, from))
    if (known) found.push(...known)
    return known === undefined
  })
}

/** Files that say where imports lead. */
const LEADS = /(?:^|\/)(?:package\.json|[jt]sconfig[\w.-]*\.json)$/

function openCache({ root, walked, rules, cacheFolder }: FolderScan): Cache | undefined {
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

/** Scans what is staged: as it is in the index, not as it is in the folder. @throws Error outside of a repository */
export function scanStaged({
  root,
  rules,
  exclude,
}: {
  root: string
  rules: readonly Rule[]
  exclude: (path: string) => boolean
}): { findings: Finding[]; files: number; problems: string[] } {
  const { files, changed } = readStaged(root)
  const wanted = changed.filter((path) => !isBinary(path) && !exclude(path))
  const scan = new ProjectScan(files, new Map(), rules)
  const results = wanted.map((path) => scan.scan(path))
  const problems = results.flatMap(({ path, problem }) => (problem === undefined ? [] : [`${path}: ${problem}`]))
  return { findings: merged(results.flatMap(({ findings }) => findings)), files: wanted.length, problems }
}

let own: string | undefined

/** Of everything that the scanner itself is made of: another engine or another rule finds other things. */
function ownHash(): string {
  own ??= hashOf(
    ...readdirSync(OWN_FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.[jt]s$/.test(path) && !path.endsWith('.test.ts'))
      .sort()
      .map((path) => readFileSync(new URL(path.replaceAll('\\', '/'), OWN_FOLDER))),
  )
  return own
}

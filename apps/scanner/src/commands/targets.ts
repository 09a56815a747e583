import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../command-line.ts'
import { OWN_FOLDER } from '../installation.ts'

/** One of the folders that were named, and what of it is looked at. */
export interface Target {
  readonly root: string
  /** Files to look at, relative to the root; all where there are none. The others are there for what imports lead to. */
  readonly only: readonly string[]
  /** What its paths are shown with, so that they lead there from the working folder. */
  readonly prefix: string
}

/**
 * What the arguments name: each folder is a project of its own; files are parts of the working folder.
 *
 * @throws UsageError where one is not there
 */
export function targetsOf(paths: readonly string[], isSelf: boolean): Target[] {
  if (isSelf) return [{ root: ownRepository(), only: [], prefix: '' }]
  const files: string[] = []
  const folders = (paths.length === 0 ? ['.'] : paths).flatMap((path): Target[] => {
    const full = resolve(path)
    if (!existsSync(full)) throw new UsageError(`there is no ${path}`)
    if (statSync(full).isDirectory()) return [{ root: full, only: [], prefix: shownFolder(full) }]
    files.push(full)
    return []
  })
  const here = files.filter((file) => !isOutside(file)).map((file) => relative('.', file).replaceAll('\\', '/'))
  const elsewhere = files.filter(isOutside).map((file) => {
    const folder = dirname(file)
    return { root: folder, only: [basename(file)], prefix: shownFolder(folder) }
  })
  return [...folders, ...(here.length > 0 ? [{ root: resolve('.'), only: here, prefix: '' }] : []), ...elsewhere]
}

/** The repository that this scanner is part of. @throws UsageError where it was installed as a package */
function ownRepository(): string {
  const root = fileURLToPath(new URL('../../..', OWN_FOLDER))
  if (!existsSync(join(root, 'apps', 'scanner', 'src')))
    throw new UsageError('--self is for the repository of the scanner')
  return root
}

function isOutside(full: string): boolean {
  return relative('.', full).startsWith('..')
}

function shownFolder(full: string): string {
  const path = relative('.', full).replaceAll('\\', '/')
  return path === '' ? '' : `${path.startsWith('..') ? full : path}/`
}

import { spawnSync } from 'node:child_process'
import { folderFiles, textOf } from '../files/read-text.ts'
import type { Files } from '../modules/files.ts'

const MOST_BYTES = 256 * 1024 * 1024

/** What is staged in a repository: which files changed, and the content of the index. */
export interface Staged {
  readonly files: Files
  /** Added, copied, changed or renamed since the last commit; relative to the root. */
  readonly changed: readonly string[]
}

/**
 * Reads what is staged. Where the folder has what the index has it is read from there, which costs no process.
 *
 * @throws Error with git's own words where the folder is in no repository
 */
export function readStaged(root: string): Staged {
  const changed = listed(
    git(root, ['diff', '--cached', '--name-only', '-z', '--diff-filter=ACMR', '--relative', '--no-renames']),
  )
  if (changed.length === 0) return { files: { has: () => false, read: () => undefined }, changed }
  const paths = listed(git(root, ['ls-files', '-z', '--cached']))
  const differing = new Set(listed(git(root, ['diff-files', '--name-only', '-z', '--relative'])))
  const folder = folderFiles(root, paths)
  const texts = new Map<string, string | undefined>()
  const fromIndex = (path: string): string | undefined => {
    if (!texts.has(path)) texts.set(path, textOf(git(root, ['cat-file', 'blob', `:./${path}`])))
    return texts.get(path)
  }
  const read = (path: string): string | undefined => {
    if (!folder.has(path)) return undefined
    return differing.has(path) ? fromIndex(path) : folder.read(path)
  }
  return { files: { has: (path) => folder.has(path), read }, changed }
}

function listed(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
}

function git(root: string, args: readonly string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', root, ...args], { maxBuffer: MOST_BYTES })
  if (error) throw error
  if (status !== 0) throw new Error(stderr.toString('utf8').trim())
  return stdout
}

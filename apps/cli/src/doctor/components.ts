import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../config.ts'
import { row, type Row } from './row.ts'

interface Locked {
  readonly packages: Readonly<
    Record<string, { version?: string; integrity?: string; link?: boolean; optional?: boolean }>
  >
}

/**
 * Practice 12, as far as an installation can show it: what runs is what was scanned. The scan itself belongs to the build,
 * which looks at the versions of the lock file; a package of another version here is one that nobody has looked at.
 *
 * @see PCI DSS 6.3.2
 */
export async function checkComponents(): Promise<readonly Row[]> {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as Locked
  const installed = JSON.parse(await readFile(join(ROOT, 'node_modules', '.package-lock.json'), 'utf8')) as Locked
  const other: string[] = []
  let count = 0
  for (const [path, found] of Object.entries(installed.packages)) {
    if (found.link === true) continue
    count += 1
    const locked = packages[path]
    if (locked?.version !== found.version || locked?.integrity !== found.integrity)
      other.push(path.replace(/^.*node_modules\//, ''))
  }
  return [
    row(12, 'what runs is what the build has scanned: each package is the one of the lock file', {
      good: other.length === 0 && count > 0,
      evidence:
        other.length === 0
          ? `${count} packages, by version and hash`
          : `not as locked: ${other.slice(0, 5).join(', ')}`,
      remedy: 'npm ci',
    }),
  ]
}

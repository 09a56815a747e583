import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SCANNER = fileURLToPath(new URL('../../apps/scanner/src/main.ts', import.meta.url))

/** The example, as it stands in the repository. */
export const UNSAFE_SHOP = fileURLToPath(new URL('../../examples/unsafe-shop', import.meta.url))

/** Something that the scanner found. */
export interface Found {
  readonly ruleId: string
  readonly path: string
  readonly line: number
}

/** Runs the scanner in a folder, without a cache. @returns its exit code and what it wrote */
export function audit(folder: string, ...args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCANNER, '--no-cache', '--quiet', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}

/** What it finds in a folder. @throws Error where it could not look */
export function findIn(folder: string): Found[] {
  const { out, err } = audit(folder, '.', '--format', 'json')
  if (out === '') throw new Error(err)
  const { findings } = JSON.parse(out) as { findings: { ruleId: string; place: { path: string; line: number } }[] }
  return findings.map(({ ruleId, place }) => ({ ruleId, path: place.path, line: place.line }))
}

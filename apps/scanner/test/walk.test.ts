import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { walk } from '../src/engine/files/walk.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'walk-'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

/** A file of so many bytes, of which none takes room on the disk. */
function write(name: string, bytes: number): void {
  writeFileSync(join(root, name), '')
  truncateSync(join(root, name), bytes)
}

it('a lockfile is there where it is larger than what is read, or no text; a huge one is passed over', () => {
  write('yarn.lock', 6_000_000)
  write('bun.lockb', 10)
  write('package-lock.json', 50_000_001)
  write('dump.sql', 6_000_000)
  write('logo.png', 10)
  const { paths, skipped } = walk(root)
  expect(paths).toEqual(['bun.lockb', 'yarn.lock'])
  expect(skipped.map(({ path, why }) => `${path}: ${why}`).sort()).toEqual([
    'dump.sql: larger than 5 MB',
    'logo.png: binary',
    'package-lock.json: larger than 50 MB',
  ])
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scanInPool } from '../src/engine/pool/pool.ts'
import type { FileResult } from '../src/engine/scan/scan-project.ts'

const HOSTILE = new URL('support/hostile-worker.ts', import.meta.url)

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pool-'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

async function scan(texts: Readonly<Record<string, string>>, longestMs: number): Promise<Map<string, FileResult>> {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(root, name), text)
  const paths = Object.keys(texts)
  const results = new Map<string, FileResult>()
  const onResult = (result: FileResult): void => {
    expect(results.has(result.path)).toBe(false)
    results.set(result.path, result)
  }
  const given = { root, paths, wanted: paths, packages: new Map(), rules: [], worker: HOSTILE, longestMs }
  await scanInPool({ ...given, onResult })
  return results
}

describe('a file that is too much', () => {
  it.each([
    { what: 'never ends', text: 'for ever', problem: /longer than 2 s/, longestMs: 2_000 },
    { what: 'ends its process', text: 'the end', problem: /ended with 3/, longestMs: 60_000 },
  ])('$what: is its own problem, and the others are scanned once each', async ({ text, problem, longestMs }) => {
    const texts = { 'a.txt': 'fine', 'b.txt': text, 'c.txt': 'fine', 'd.txt': text, 'e.txt': 'fine' }
    const results = await scan(texts, longestMs)
    expect([...results.keys()].sort()).toEqual(['a.txt', 'b.txt', 'c.txt', 'd.txt', 'e.txt'])
    for (const name of ['a.txt', 'c.txt', 'e.txt']) {
      expect(results.get(name)?.problem).toBeUndefined()
      expect(results.get(name)?.findings).toHaveLength(1)
    }
    for (const name of ['b.txt', 'd.txt']) expect(results.get(name)?.problem).toMatch(problem)
  })

  it('is told from a worker that does not start, which ends the scan', async () => {
    await expect(scan({ 'no-start': 'fine' }, 60_000)).rejects.toThrow('no room for a worker')
  })
})

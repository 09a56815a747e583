import { readFileSync, realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Files } from '../modules/files.ts'

const LOOKED_AT_BYTES = 8_000

/** The text of a file; undefined where it holds bytes that no text has. */
export function textOf(bytes: Buffer): string | undefined {
  const zero = bytes.subarray(0, LOOKED_AT_BYTES).indexOf(0)
  if (zero < 0) return bytes.toString('utf8')
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le')
  return undefined
}

/** The files of a folder, of which only those in the list exist. */
export function folderFiles(root: string, paths: Iterable<string>): Files {
  const known = new Set(paths)
  const realRoot = realpathSync(root)
  return {
    has: (path) => known.has(path),
    read(path) {
      if (!known.has(path)) return undefined
      try {
        const real = realpathSync(join(realRoot, path))
        if (relative(realRoot, real).startsWith(`..${sep}`)) return undefined
        return textOf(readFileSync(real))
      } catch {
        return undefined // It went away since it was listed.
      }
    },
  }
}

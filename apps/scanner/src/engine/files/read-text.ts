import { constants, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Files } from '../modules/files.ts'

const BYTE_ORDER_MARK = /^\ufeff/
const LOOKED_AT_BYTES = 8_000

/** The text of a file, without the mark that some begin with; undefined where it holds bytes that no text has. */
export function textOf(bytes: Buffer): string | undefined {
  const zero = bytes.subarray(0, LOOKED_AT_BYTES).indexOf(0)
  if (zero < 0) return bytes.toString('utf8').replace(BYTE_ORDER_MARK, '')
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le').replace(BYTE_ORDER_MARK, '')
  return undefined
}

/** A link in the place of a file that was listed would lead elsewhere. (Windows has no such flag: `| undefined` adds none.) */
const NO_LINKS = constants.O_RDONLY | constants.O_NOFOLLOW

/** The files of a folder, of which only those in the list exist. */
export function folderFiles(root: string, paths: Iterable<string>): Files {
  const known = new Set(paths)
  return {
    has: (path) => known.has(path),
    read(path) {
      if (!known.has(path)) return undefined
      try {
        return textOf(readFileSync(join(root, path), { flag: NO_LINKS as unknown as string }))
      } catch {
        return undefined // It went away since it was listed.
      }
    },
  }
}

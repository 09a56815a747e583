import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Reads a text; undefined where there is no such file. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes a file whole or not at all, and on disk when this returns; it has its mode from its first byte on. */
export async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const partial = `${file}.${randomBytes(4).toString('hex')}`
  await writeFile(partial, text, { mode, flag: 'wx', flush: true })
  await rename(partial, file)
  const folder = await open(dirname(file))
  try {
    await folder.sync() // Else the rename itself may be lost with the power.
  } finally {
    await folder.close()
  }
}

/** Reads a secret that only we may read, and makes it where it is missing. */
export async function ensureSecretFile(file: string, make: () => string): Promise<string> {
  const found = await readIfThere(file)
  if (found !== undefined) return found
  const text = make()
  await writeWhole(file, text, 0o600)
  return text
}

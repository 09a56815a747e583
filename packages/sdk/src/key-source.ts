import { readFile, stat } from 'node:fs/promises'
import { UCanPayConfigError } from './errors.ts'
import { MaskedText } from './masked-text.ts'

/** Where keys come from: written out, several while one replaces the other, or a function that is asked each time. */
export type KeySource = string | readonly string[] | (() => KeyAnswer | Promise<KeyAnswer>)
type KeyAnswer = string | readonly string[]

/**
 * The keys as they are now.
 *
 * @param what names them in the error
 * @throws UCanPayConfigError where there is none
 */
export async function keysNow(source: KeySource, what: string): Promise<readonly string[]> {
  const keys = [typeof source === 'function' ? await source() : source].flat().filter((key) => key.trim() !== '')
  if (keys.length === 0) throw new UCanPayConfigError(`There is no ${what}.`)
  return keys
}

/** The same source, holding no key in clear: what is written out is masked, a function stays as it is. */
export function maskedSource(source: KeySource): () => KeyAnswer | Promise<KeyAnswer> {
  if (typeof source === 'function') return source
  const keys = [source].flat().map((key) => new MaskedText(key))
  return () => keys.map((key) => key.reveal())
}

/**
 * Reads keys from a file, one a line, and anew once the file has changed: a key that is rolled by writing the file is
 * picked up without a restart. Lines that begin with `#` are comments.
 *
 * @throws UCanPayConfigError, when it is asked, where the file cannot be read
 */
export function keyFromFile(path: string): () => Promise<readonly string[]> {
  let known: { readonly version: string; readonly keys: readonly MaskedText[] } | undefined
  return async () => {
    try {
      // A rolled key is as long as the one before, and a file that is put in its place may bring an old time along.
      const { mtimeMs, ctimeMs, ino, size } = await stat(path)
      const version = [mtimeMs, ctimeMs, ino, size].join()
      if (known?.version !== version) {
        const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim())
        const keys = lines.filter((line) => line !== '' && !line.startsWith('#'))
        known = { version, keys: keys.map((key) => new MaskedText(key)) }
      }
      return known.keys.map((key) => key.reveal())
    } catch (cause) {
      throw new UCanPayConfigError(`The file ${path} cannot be read.`, undefined, { cause })
    }
  }
}

/**
 * Reads keys from a variable of the environment each time that it is asked; several are parted by commas.
 *
 * @throws UCanPayConfigError, when it is asked, where the variable is not set
 */
export function keyFromEnvironment(name: string): () => readonly string[] {
  return () => {
    const keys = (process.env[name] ?? '')
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '')
    if (keys.length === 0) throw new UCanPayConfigError(`The variable ${name} is not set.`)
    return keys
  }
}

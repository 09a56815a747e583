import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Finding } from '../findings/finding.ts'
import type { FileResult } from '../scan/scan-project.ts'

interface Entry {
  readonly hash: string
  readonly dependencies: readonly string[]
  readonly findings: readonly Finding[]
}

interface Stored {
  readonly key: string
  readonly files: Record<string, Entry>
  /** By file, what it imports and where it led; null where it led nowhere. */
  readonly looks: Record<string, Record<string, string | null>>
}

/** Where an import leads now. */
export type Resolve = (specifier: string, from: string) => string | undefined

/**
 * Results of an earlier scan. One is good as long as its file and all that it depends on are the same, byte for byte,
 * and every import on the way leads where it led. Anything else that a result depends on is in the key.
 */
export class Cache {
  readonly #path: string
  readonly #before: Stored
  readonly #now: Stored
  readonly #hashes = new Map<string, string | undefined>()
  readonly #steady = new Map<string, boolean>()
  readonly #hashOf: (path: string) => string | undefined

  /** @param key of the engine, its rules and its settings: another key is another cache */
  constructor(folder: string, key: string, hashOf: (path: string) => string | undefined) {
    this.#path = join(folder, 'results.json')
    this.#hashOf = hashOf
    this.#before = readStored(this.#path, key)
    this.#now = { key, files: {}, looks: {} }
  }

  /** What was found in a file, where that still holds. */
  find(path: string, resolve: Resolve): readonly Finding[] | undefined {
    const entry = Object.hasOwn(this.#before.files, path) ? this.#before.files[path] : undefined
    if (entry?.hash !== this.#hash(path) || !entry) return undefined
    for (const each of [path, ...entry.dependencies]) if (!this.#isSteady(each, resolve)) return undefined
    this.#now.files[path] = entry
    for (const each of [path, ...entry.dependencies]) this.#keepLooks(each)
    return entry.findings
  }

  /** Keeps a result for the next scan. */
  add({ path, findings, dependencies, looks, problem }: FileResult): void {
    const hash = this.#hash(path)
    if (problem !== undefined || hash === undefined) return
    this.#now.files[path] = { hash, dependencies, findings }
    for (const [from, specifier, to] of looks) (this.#now.looks[from] ??= {})[specifier] = to ?? null
  }

  /**
   * Writes it, whole or not at all. What this scan did not ask for stays as it was. A folder that cannot be written to is
   * no reason to fail.
   *
   * @param existing every file of the project
   */
  save(existing: ReadonlySet<string>): boolean {
    try {
      const isThere = ([path]: [string, unknown]): boolean => existing.has(path)
      const files = Object.fromEntries(Object.entries({ ...this.#before.files, ...this.#now.files }).filter(isThere))
      const looks = Object.fromEntries(Object.entries({ ...this.#before.looks, ...this.#now.looks }).filter(isThere))
      mkdirSync(dirname(this.#path), { recursive: true })
      const draft = `${this.#path}.${process.pid}`
      writeFileSync(draft, JSON.stringify({ key: this.#now.key, files, looks }))
      renameSync(draft, this.#path)
      return true
    } catch {
      return false
    }
  }

  /** Whether a file is as it was, and its imports lead where they led. */
  #isSteady(path: string, resolve: Resolve): boolean {
    const known = this.#steady.get(path)
    if (known !== undefined) return known
    const entry = Object.hasOwn(this.#before.files, path) ? this.#before.files[path] : undefined
    const looks = Object.hasOwn(this.#before.looks, path) ? this.#before.looks[path] : {}
    const isSteady =
      entry !== undefined &&
      entry.hash === this.#hash(path) &&
      Object.entries(looks ?? {}).every(([specifier, to]) => (resolve(specifier, path) ?? null) === to)
    this.#steady.set(path, isSteady)
    return isSteady
  }

  #keepLooks(path: string): void {
    const looks = Object.hasOwn(this.#before.looks, path) ? this.#before.looks[path] : undefined
    if (looks) this.#now.looks[path] = { ...looks, ...this.#now.looks[path] }
  }

  #hash(path: string): string | undefined {
    if (!this.#hashes.has(path)) this.#hashes.set(path, this.#hashOf(path))
    return this.#hashes.get(path)
  }
}

function readStored(path: string, key: string): Stored {
  try {
    const stored = JSON.parse(readFileSync(path, 'utf8')) as Stored
    if (stored.key === key) return stored
  } catch {
    return { key, files: {}, looks: {} } // None yet, or one that was cut off: the scan is done anew.
  }
  return { key, files: {}, looks: {} }
}

/** A short hash of what comes in. */
export function hashOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha1')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('base64url')
}

import { posix } from 'node:path'
import type { Files } from './files.ts'
import { readConfig } from './loose-json.ts'

const EXTENSIONS = ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts', '.vue', '.svelte', '.json']
/** What TypeScript is told to write, and what there is instead. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}

interface Aliases {
  /** The folder that the targets are relative to. */
  readonly base: string
  readonly paths: readonly (readonly [string, readonly string[]])[]
  readonly hasBaseUrl: boolean
}

interface Manifest {
  readonly name?: string
  readonly main?: string
  readonly module?: string
  readonly source?: string
  readonly exports?: unknown
  readonly imports?: Readonly<Record<string, unknown>>
}

/** Leads from an import to a file of the project: relative, by aliases of tsconfig, `#imports`, and workspace packages. */
export class Resolver {
  readonly #files: Files
  readonly #answers = new Map<string, string | undefined>()
  readonly #aliases = new Map<string, readonly Aliases[]>()
  readonly #manifests = new Map<string, Manifest | undefined>()
  readonly #packages: ReadonlyMap<string, string>

  /** @param packages folders of the project's own packages, by name */
  constructor(files: Files, packages: ReadonlyMap<string, string> = new Map()) {
    this.#files = files
    this.#packages = packages
  }

  /** The path of the file that `specifier` means in `from`; undefined where it is not of the project. */
  resolve(specifier: string, from: string): string | undefined {
    const folder = posix.dirname(from)
    const key = `${folder}\n${specifier}`
    if (this.#answers.has(key)) return this.#answers.get(key)
    const answer = this.#find(
      specifier.replace(/[?#](?!\/).*$/, (rest) => (specifier.startsWith('#') ? rest : '')),
      folder,
    )
    this.#answers.set(key, answer)
    return answer
  }

  #find(specifier: string, folder: string): string | undefined {
    if (specifier.startsWith('node:')) return undefined
    if (/^\.{1,2}(?:\/|$)/.test(specifier)) return this.#file(posix.join(folder, specifier))
    if (specifier.startsWith('#')) return this.#hashImport(specifier, folder)
    for (const aliases of this.#aliasesOf(folder)) {
      const found = this.#aliased(specifier, aliases)
      if (found !== undefined) return found
    }
    return this.#ownPackage(specifier)
  }

  #file(path: string): string | undefined {
    if (path.startsWith('..')) return undefined
    const clean = path.replace(/\/$/, '')
    const extension = posix.extname(clean)
    if (extension !== '' && this.#files.has(clean)) return clean
    const stem = clean.slice(0, clean.length - extension.length)
    for (const other of WRITTEN[extension] ?? []) if (this.#files.has(stem + other)) return stem + other
    for (const added of EXTENSIONS) if (this.#files.has(clean + added)) return clean + added
    const main = this.#manifest(clean)
    const entry = main?.source ?? main?.module ?? main?.main
    if (entry !== undefined && entry !== '.' && entry !== './') {
      const found = this.#file(posix.join(clean, entry))
      if (found !== undefined) return found
    }
    for (const added of EXTENSIONS) {
      const index = posix.join(clean, `index${added}`)
      if (this.#files.has(index)) return index
    }
    return undefined
  }

  #aliased(specifier: string, { base, paths, hasBaseUrl }: Aliases): string | undefined {
    for (const [pattern, targets] of paths) {
      const star = pattern.indexOf('*')
      const [before, after] = star < 0 ? [pattern, ''] : [pattern.slice(0, star), pattern.slice(star + 1)]
      const fits = star < 0 ? specifier === pattern : specifier.startsWith(before) && specifier.endsWith(after)
      if (!fits) continue
      const middle = specifier.slice(before.length, specifier.length - after.length)
      for (const target of targets) {
        const found = this.#file(posix.join(base, target.replace('*', middle)))
        if (found !== undefined) return found
      }
    }
    return hasBaseUrl ? this.#file(posix.join(base, specifier)) : undefined
  }

  /** The aliases that hold in a folder: of the nearest tsconfig or jsconfig, and the conventions of build tools. */
  #aliasesOf(folder: string): readonly Aliases[] {
    const before = this.#aliases.get(folder)
    if (before) return before
    const own = ['tsconfig.json', 'jsconfig.json', 'tsconfig.base.json'].flatMap((name) =>
      this.#aliasesFrom(posix.join(folder, name), 0),
    )
    const above = folder === '.' || folder === '' ? [] : this.#aliasesOf(posix.dirname(folder))
    const conventions: Aliases[] = this.#files.has(posix.join(folder, 'package.json'))
      ? [
          {
            base: folder,
            paths: [
              ['@/*', ['src/*', '*']],
              ['~/*', ['src/*', '*']],
            ],
            hasBaseUrl: false,
          },
        ]
      : []
    const aliases = [...own, ...conventions, ...above]
    this.#aliases.set(folder, aliases)
    return aliases
  }

  #aliasesFrom(path: string, depth: number): Aliases[] {
    if (depth > 4 || !this.#files.has(path)) return []
    const config = readConfig(this.#files.read(path) ?? '') as
      { extends?: unknown; compilerOptions?: { baseUrl?: string; paths?: Record<string, string[]> } } | undefined
    const options = config?.compilerOptions
    const folder = posix.dirname(path)
    const parents = [config?.extends].flat().filter((parent) => typeof parent === 'string' && parent.startsWith('.'))
    const inherited = parents.flatMap((parent) => {
      const target = posix.join(folder, String(parent))
      return this.#aliasesFrom(target.endsWith('.json') ? target : `${target}.json`, depth + 1)
    })
    if (!options?.paths && options?.baseUrl === undefined) return inherited
    const own: Aliases = {
      base: posix.join(folder, options.baseUrl ?? '.'),
      paths: Object.entries(options.paths ?? {}).filter(([, targets]) => Array.isArray(targets)),
      hasBaseUrl: options.baseUrl !== undefined,
    }
    return [own, ...inherited]
  }

  #manifest(folder: string): Manifest | undefined {
    if (this.#manifests.has(folder)) return this.#manifests.get(folder)
    const path = posix.join(folder, 'package.json')
    const manifest = this.#files.has(path)
      ? (readConfig(this.#files.read(path) ?? '') as Manifest | undefined)
      : undefined
    this.#manifests.set(folder, manifest)
    return manifest
  }

  /** package.json's "imports", of the nearest one above. */
  #hashImport(specifier: string, folder: string): string | undefined {
    for (let at = folder; ; at = posix.dirname(at)) {
      const { imports } = this.#manifest(at) ?? {}
      if (imports) return this.#mapped(imports, specifier, at)
      if (at === '.' || at === '/' || at === '') return undefined
    }
  }

  #ownPackage(specifier: string): string | undefined {
    const [, name = '', rest = ''] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(specifier) ?? []
    const folder = this.#packages.get(name)
    if (folder === undefined) return undefined
    const { exports } = this.#manifest(folder) ?? {}
    const map = typeof exports === 'string' ? { '.': exports } : exports
    const inner = rest === '' ? '.' : `./${rest}`
    if (map && typeof map === 'object') {
      const conditions = map as Record<string, unknown>
      const keyed = Object.keys(conditions).some((key) => key.startsWith('.')) ? conditions : { '.': conditions }
      const found = this.#mapped(keyed, inner, folder)
      if (found !== undefined) return found
    }
    const plain = this.#file(posix.join(folder, rest))
    return plain ?? this.#file(posix.join(folder, 'src', rest === '' ? 'index' : rest))
  }

  #mapped(map: Readonly<Record<string, unknown>>, specifier: string, folder: string): string | undefined {
    for (const [pattern, target] of Object.entries(map)) {
      const star = pattern.indexOf('*')
      const [before, after] = star < 0 ? [pattern, ''] : [pattern.slice(0, star), pattern.slice(star + 1)]
      if (star < 0 ? specifier !== pattern : !(specifier.startsWith(before) && specifier.endsWith(after))) continue
      const middle = star < 0 ? '' : specifier.slice(before.length, specifier.length - after.length)
      for (const path of targetsOf(target)) {
        // What is built is not there to be read; its source has the same name.
        for (const candidate of [path, path.replace(/^\.\/(?:dist|lib|build)\//, './src/')]) {
          const found = this.#file(posix.join(folder, candidate.replaceAll('*', middle)))
          if (found !== undefined) return found
        }
      }
    }
    return undefined
  }
}

/** Every path that a target of "exports" or "imports" names, whichever condition it is under. */
function targetsOf(target: unknown): string[] {
  if (typeof target === 'string') return target.startsWith('.') ? [target] : []
  if (Array.isArray(target)) return target.flatMap(targetsOf)
  return target !== null && typeof target === 'object' ? Object.values(target).flatMap(targetsOf) : []
}

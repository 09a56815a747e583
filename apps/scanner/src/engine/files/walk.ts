import { lstatSync, readdirSync, readFileSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { globToExpression, readIgnore, type Ignore } from './gitignore.ts'

/** A file that was passed over, and why. */
export interface Skipped {
  readonly path: string
  readonly why: string
}

export interface Walked {
  /** Relative to the root, with `/`, in order. */
  readonly paths: readonly string[]
  readonly skipped: readonly Skipped[]
  /** Folders of the packages that the project itself is made of, by their names. */
  readonly packages: ReadonlyMap<string, string>
}

export interface WalkOptions {
  /** Globs of what is left out, relative to the root. */
  readonly exclude?: readonly string[]
  /** Also what .gitignore leaves out. */
  readonly withIgnored?: boolean
  /** Files that are not left out, whatever .gitignore says; relative to the root. */
  readonly askedFor?: readonly string[]
}

const NEVER = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  'bower_components',
  '.yarn',
  '.pnpm-store',
  '__pycache__',
])
const BUILD_OUTPUT = new Set([
  'dist',
  'build',
  'out',
  'coverage',
  '.next',
  '.nuxt',
  '.output',
  '.svelte-kit',
  '.cache',
  '.turbo',
  '.parcel-cache',
  '.nyc_output',
])
const BINARY =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|psd|pdf|zip|gz|tgz|bz2|xz|zst|7z|rar|tar|jar|war|exe|dll|so|dylib|a|o|class|pyc|wasm|node|mp[34]|m4[av]|mov|avi|mkv|webm|ogg|wav|flac|woff2?|ttf|otf|eot|sqlite3?|db|bin|dat|pack|idx|lockb|DS_Store)$/i
/** Larger files are no source; logs and dumps may be larger and are read in part. */
const LARGEST_BYTES = 5_000_000
/** What a project's versions are locked by: that it is there counts, where it is larger than what is read or no text. */
const LOCKFILE = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/
const LARGEST_LOCKFILE_BYTES = 50_000_000
const DEEPEST = 40

interface IgnoreAt {
  readonly folder: string
  readonly ignore: Ignore
}

/**
 * Finds the files of a project: what .gitignore leaves out is left out, and so are packages, build output, binary and
 * huge files. A symbolic link is followed only to a file within the root.
 */
export function walk(root: string, options: WalkOptions = {}): Walked {
  const walker = new Walker(resolve(root), options)
  walker.folder('', [], 0)
  return { paths: walker.paths.sort(), skipped: walker.skipped, packages: walker.packages }
}

/** Whether a path names what is no text. */
export function isBinary(path: string): boolean {
  return BINARY.test(path)
}

/** Tells what these globs leave out. */
export function excluder(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap((glob) => {
    const source = globToExpression(glob.replace(/^\.?\//, '').replace(/\/$/, '/**'))
    return source === undefined ? [] : [new RegExp(`^${source}$`)]
  })
  return (path) => patterns.some((pattern) => pattern.test(path))
}

class Walker {
  readonly paths: string[] = []
  readonly skipped: Skipped[] = []
  readonly packages = new Map<string, string>()
  readonly #root: string
  readonly #realRoot: string
  readonly #options: WalkOptions
  readonly #excluded: (path: string) => boolean

  constructor(root: string, options: WalkOptions) {
    this.#root = root
    this.#realRoot = realpathSync(root)
    this.#options = options
    this.#excluded = excluder(options.exclude ?? [])
  }

  folder(folder: string, above: readonly IgnoreAt[], depth: number): void {
    if (depth > DEEPEST) return
    const entries = this.#entries(folder)
    const names = new Set(entries.map(({ name }) => name))
    const ignores = names.has('.gitignore') ? [...above, this.#ignoreAt(folder)] : above
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (this.#excluded(path) && !this.#isAskedFor(path)) continue
      if (entry.isSymbolicLink()) this.#link(path)
      else if (entry.isDirectory()) {
        if (this.#skipsFolder(entry.name, path, ignores)) continue
        this.folder(path, ignores, depth + 1)
      } else if (entry.isFile()) this.#file(path, ignores)
    }
  }

  #entries(folder: string): Dirent[] {
    try {
      return readdirSync(join(this.#root, folder), { withFileTypes: true })
    } catch (error) {
      this.skipped.push({ path: folder, why: (error as NodeJS.ErrnoException).code ?? 'unreadable' })
      return []
    }
  }

  #ignoreAt(folder: string): IgnoreAt {
    return { folder, ignore: readIgnore(readFileSync(join(this.#root, folder, '.gitignore'), 'utf8')) }
  }

  /** Whether a path was named, or is a folder on the way to one that was. */
  #isAskedFor(path: string): boolean {
    return this.#options.askedFor?.some((each) => path === each || each.startsWith(`${path}/`)) === true
  }

  #skipsFolder(name: string, path: string, ignores: readonly IgnoreAt[]): boolean {
    if (this.#isAskedFor(path)) return false
    if (NEVER.has(name)) return true
    if (BUILD_OUTPUT.has(name) && this.#options.withIgnored !== true) {
      this.skipped.push({ path, why: 'build output' })
      return true
    }
    return this.#isIgnored(path, true, ignores)
  }

  #isIgnored(path: string, isFolder: boolean, ignores: readonly IgnoreAt[]): boolean {
    if (this.#options.withIgnored === true || this.#isAskedFor(path)) return false
    // The nearest .gitignore has the last word.
    for (const { folder, ignore } of ignores.toReversed()) {
      const verdict = ignore.verdict(folder === '' ? path : path.slice(folder.length + 1), isFolder)
      if (verdict !== undefined) return verdict
    }
    return false
  }

  #file(path: string, ignores: readonly IgnoreAt[]): void {
    if (this.#isIgnored(path, false, ignores)) return
    const isLockfile = LOCKFILE.test(path)
    if (BINARY.test(path) && !isLockfile) {
      this.skipped.push({ path, why: 'binary' })
      return
    }
    const largest = isLockfile ? LARGEST_LOCKFILE_BYTES : LARGEST_BYTES
    const { size } = lstatSync(join(this.#root, path))
    if (size > largest) {
      this.skipped.push({ path, why: `larger than ${largest / 1_000_000} MB` })
      return
    }
    if (path.endsWith('/package.json')) this.#package(path)
    this.paths.push(path)
  }

  #package(path: string): void {
    try {
      const { name } = JSON.parse(readFileSync(join(this.#root, path), 'utf8')) as { name?: unknown }
      if (typeof name === 'string') this.packages.set(name, path.slice(0, -'/package.json'.length))
    } catch {
      return // Not a manifest: nobody imports it by name.
    }
  }

  #link(path: string): void {
    const target = this.#targetOf(path)
    if (target === undefined) this.skipped.push({ path, why: 'a link that leads out of the project, or nowhere' })
    else if (target.isFile() && !BINARY.test(path) && target.size <= LARGEST_BYTES) {
      // What it leads to is met under its own name.
      this.skipped.push({ path, why: 'a link to a file of the project' })
    }
  }

  #targetOf(path: string): ReturnType<typeof statSync> {
    try {
      const real = realpathSync(join(this.#root, path))
      const inside = relative(this.#realRoot, real)
      if (inside === '' || inside.startsWith(`..${sep}`) || inside === '..') return undefined
      return statSync(real)
    } catch {
      return undefined
    }
  }
}

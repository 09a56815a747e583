import { isPage } from './embedded-code.ts'
import type { Files } from './files.ts'
import { readModule, type Module } from './module.ts'
import { Resolver } from './resolver.ts'

const CODE = /\.(?:[cm]?[jt]sx?|vue|svelte|html?|json)$/i
/** Characters of code whose trees are kept at once. A tree takes about sixty times the room of its text. */
const KEPT_CHARACTERS = 600_000
const LONGEST_MODULE = 1_000_000

/** The code of a project, read as it is asked for; what was not asked for lately is let go. */
export class Project {
  readonly files: Files
  readonly #resolver: Resolver
  readonly #modules = new Map<string, Module>()
  #kept = 0
  /** What each file asked for, and where that led: a result depends on all of it. */
  readonly #looks = new Map<string, Map<string, string | undefined>>()

  /** @param packages folders of the project's own packages, by name */
  constructor(files: Files, packages: ReadonlyMap<string, string> = new Map()) {
    this.files = files
    this.#resolver = new Resolver(files, packages)
  }

  /**
   * The code of a file; undefined where it has none.
   *
   * @param known its text, where it was read already
   */
  module(path: string, known?: string): Module | undefined {
    const before = this.#modules.get(path)
    if (before) {
      // Asked for again: it goes to the end of the line of those that are let go.
      this.#modules.delete(path)
      this.#modules.set(path, before)
      return before
    }
    if (!CODE.test(path)) return undefined
    const text = known ?? this.files.read(path)
    if (text === undefined || text.length > LONGEST_MODULE) return undefined
    const module = readModule(path, text)
    this.#modules.set(path, module)
    this.#kept += text.length
    this.#letGo(path)
    return module
  }

  /** Where an import leads, as `imported` finds it. */
  resolve(specifier: string, from: string): string | undefined {
    return this.#resolver.resolve(specifier, from)
  }

  /** Whether there is a file of this name in the folder of `from`, or in one above; what is found depends on it. */
  hasNear(name: string, from: string): boolean {
    const above = from.split('/').length - 1
    for (let steps = 0; steps <= above; steps++) {
      const specifier = steps === 0 ? `./${name}` : `${'../'.repeat(steps)}${name}`
      const path = this.#resolver.resolve(specifier, from)
      this.#remember(from, specifier, path)
      if (path !== undefined) return true
    }
    return false
  }

  /** The file of the project that an import means; undefined for a package, or where there is none. */
  imported(specifier: string, from: Module): Module | undefined {
    const path = this.#resolver.resolve(specifier, from.path)
    if (isOfProject(specifier, path)) this.#remember(from.path, specifier, path)
    return path === undefined ? undefined : this.module(path)
  }

  /** What a file asked for so far, and where it led; undefined where it led nowhere. */
  looksOf(path: string): readonly (readonly [specifier: string, path: string | undefined])[] {
    return [...(this.#looks.get(path) ?? [])]
  }

  /** The files that what is found in `path` depends on, itself left out. */
  dependenciesOf(path: string): string[] {
    const seen = new Set([path])
    for (const each of seen)
      for (const target of this.#looks.get(each)?.values() ?? []) if (target !== undefined) seen.add(target)
    seen.delete(path)
    return [...seen]
  }

  #remember(from: string, specifier: string, path: string | undefined): void {
    const looks = this.#looks.get(from)
    if (looks) looks.set(specifier, path)
    else this.#looks.set(from, new Map([[specifier, path]]))
  }

  #letGo(newest: string): void {
    for (const [path, module] of this.#modules) {
      if (this.#kept <= KEPT_CHARACTERS || path === newest) return
      this.#modules.delete(path)
      this.#kept -= module.text.length
    }
  }
}

/** A package that is not there will not come to be; a relative path that leads nowhere may. */
function isOfProject(specifier: string, path: string | undefined): boolean {
  return path !== undefined || /^[.#@~]/.test(specifier)
}

/** Whether a file is code, or holds some. */
export function holdsCode(path: string): boolean {
  return isPage(path) || /\.[cm]?[jt]sx?$/i.test(path)
}

const MOST_PATHS = 20_000

/** Finds what is asked for under a path. `*.name` fits every path that ends so; other `*` stand for any part. */
export class PathIndex<Item> {
  readonly #exact = new Map<string, Item[]>()
  readonly #bySuffix = new Map<string, Item[]>()
  readonly #patterns: (readonly [RegExp, Item])[] = []
  readonly #found = new Map<string, readonly Item[]>()

  add(pattern: string, item: Item): void {
    if (!pattern.includes('*')) put(this.#exact, pattern, item)
    else if (/^\*\.[^*.]+$/.test(pattern)) put(this.#bySuffix, pattern.slice(2), item)
    else {
      const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
      this.#patterns.push([new RegExp(`^${source}$`), item])
    }
  }

  /** Everything that was added under a pattern that fits. */
  find(path: string): readonly Item[] {
    const known = this.#found.get(path)
    if (known) return known
    const found = this.#search(path)
    if (this.#found.size < MOST_PATHS) this.#found.set(path, found)
    return found
  }

  #search(path: string): readonly Item[] {
    const exact = this.#exact.get(path) ?? []
    const bySuffix = this.#bySuffix.get(path.slice(path.lastIndexOf('.') + 1)) ?? []
    if (this.#patterns.length === 0) return bySuffix.length === 0 ? exact : [...exact, ...bySuffix]
    const others = this.#patterns.flatMap(([pattern, item]) => (pattern.test(path) ? [item] : []))
    return [...exact, ...bySuffix, ...others]
  }
}

function put<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const known = map.get(key)
  if (known) known.push(item)
  else map.set(key, [item])
}

/** Writes that need not wait for each other: what many requests leave behind goes to the database in one statement. */
export interface Batch<Item> {
  /** Adds one. Where more wait than the batch holds, the newest are dropped, so that a dead database costs no memory. */
  add(item: Item): void
  /** Writes what waits now. Never throws: a failure was reported, and the items come again with the next write. */
  flush(): Promise<void>
  /** Writes what waits, and no more. */
  stop(): Promise<void>
}

export interface BatchOptions<Item> {
  readonly everyMs: number
  /** How many may wait. */
  readonly most: number
  readonly write: (items: readonly Item[]) => Promise<unknown>
  readonly onError: (error: unknown) => void
}

/** Gathers items and writes them every so often. */
export function createBatch<Item>({ everyMs, most, write, onError }: BatchOptions<Item>): Batch<Item> {
  let waiting: Item[] = []
  let writing: Promise<void> = Promise.resolve()
  const writeNow = async (): Promise<void> => {
    const items = waiting
    if (items.length === 0) return
    waiting = []
    try {
      await write(items)
    } catch (error) {
      onError(error)
      waiting = [...items, ...waiting].slice(0, most)
    }
  }
  const flush = (): Promise<void> => (writing = writing.then(writeNow))
  const timer = setInterval(() => void flush(), everyMs)
  timer.unref()
  return {
    add(item) {
      if (waiting.length < most) waiting.push(item)
    },
    flush,
    async stop() {
      clearInterval(timer)
      await flush()
    },
  }
}

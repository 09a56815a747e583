/** The `data` of one page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly hasMore: boolean
}

/** What a list needs to turn its pages. */
export interface PageTurning<Data> {
  /** @param startingAfter the number that the page before ended with; undefined for the first page */
  readonly fetch: (startingAfter: string | undefined, whole: boolean) => Promise<Data>
  /** The number of the last item of a page. */
  readonly lastOf: (data: Data) => string | undefined
}

/**
 * A list: `await` gives its first page, `for await` gives every item of all pages, each page fetched when it is needed.
 *
 * Nothing is asked before one of the two is done. The signature of a page covers `hasMore`, not the items: those are
 * vouched for by the connection alone.
 */
export class Pages<Item, Data extends Page<Item>> implements PromiseLike<Data>, AsyncIterable<Item> {
  readonly #turning: PageTurning<Data>
  #first: Promise<Data> | undefined

  constructor(turning: PageTurning<Data>) {
    this.#turning = turning
  }

  /** The first page, by `await`. */
  then<Kept = Data, Caught = never>(
    onPage?: ((page: Data) => Kept | PromiseLike<Kept>) | null,
    onError?: ((error: unknown) => Caught | PromiseLike<Caught>) | null,
  ): Promise<Kept | Caught> {
    this.#first ??= this.#turning.fetch(undefined, false)
    return this.#first.then(onPage, onError)
  }

  catch<Caught>(onError: (error: unknown) => Caught | PromiseLike<Caught>): Promise<Data | Caught> {
    return this.then(undefined, onError)
  }

  finally(onEnd: () => void): Promise<Data> {
    return this.then().finally(onEnd)
  }

  /** Every item, from the first page on. */
  [Symbol.asyncIterator](): Items<Item> {
    return this.items()
  }

  /**
   * Every item, by an iterator that can be resumed: after a page that failed, loop over it once more, and it goes on
   * where it stood. `break` ends it.
   */
  items(): Items<Item> {
    return new Turner(this.#turning)
  }
}

/** An iterator over a list, which is its own iterable. */
export interface Items<Item> extends AsyncIterableIterator<Item, undefined> {
  [Symbol.asyncIterator](): Items<Item>
}

class Turner<Item, Data extends Page<Item>> implements Items<Item> {
  readonly #turning: PageTurning<Data>
  #waiting: Item[] = []
  #after: string | undefined
  #hasMore = true
  #queue: Promise<unknown> = Promise.resolve()

  constructor(turning: PageTurning<Data>) {
    this.#turning = turning
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    const next = this.#queue.then(() => this.#step()) // Two at once take turns.
    this.#queue = next.catch(() => undefined)
    return next
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.#hasMore = false
    this.#waiting = []
    return Promise.resolve({ done: true, value: undefined })
  }

  async #step(): Promise<IteratorResult<Item, undefined>> {
    if (this.#waiting.length === 0 && this.#hasMore) {
      const page = await this.#turning.fetch(this.#after, true)
      const last = this.#turning.lastOf(page)
      // A page that does not lead on would be asked for without end.
      this.#hasMore = page.hasMore && last !== undefined && last !== this.#after
      this.#after = last
      this.#waiting = [...page.items]
    }
    const [value, ...rest] = this.#waiting
    if (value === undefined) return { done: true, value: undefined }
    this.#waiting = rest
    return { done: false, value }
  }
}

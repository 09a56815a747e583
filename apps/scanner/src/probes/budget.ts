/** Redirects that are followed, within the origin alone. */
export const MOST_REDIRECTS = 3
/** Scripts of the page, the first that it names, and as many source maps. */
export const MOST_SCRIPTS = 6
/** Files that lie in the folder of a project and are served where that folder is. */
export const SECRET_FILES = ['/.env', '/.git/HEAD', '/.git/config', '/backup.sql'] as const
/**
 * What a run may cost a site at most; every connection counts as a request: four handshakes, the page and what it leads
 * on to, the page over plain HTTP and in a foreign name, four that provoke an error, scripts with their source maps,
 * security.txt with one redirect, and files that must not be there.
 */
export const MOST_REQUESTS = 4 + (1 + MOST_REDIRECTS) + 2 + 4 + 2 * MOST_SCRIPTS + 2 + SECRET_FILES.length
/** Of one answer's body; the rest is not read. */
export const MOST_BYTES = 1_048_576
/** For one request, from the connection to the last byte. */
export const MOST_MS = 8_000

/** Counts what was sent, and says where to. Nothing is sent past it. */
export class Budget {
  #left = MOST_REQUESTS
  readonly #hosts: ReadonlySet<string>

  /** @param hosts `host:port` that may be asked, and no other */
  constructor(hosts: readonly string[]) {
    this.#hosts = new Set(hosts)
  }

  /** Takes one request. @throws Error where none is left, or the host is a foreign one */
  take(host: string): void {
    if (!this.#hosts.has(host)) throw new Error(`${host} is not asked: it is not the site that was named`)
    if (this.#left === 0) throw new Error(`more than ${MOST_REQUESTS} requests`)
    this.#left -= 1
  }

  get used(): number {
    return MOST_REQUESTS - this.#left
  }
}

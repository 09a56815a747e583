/** Shows how far a long piece of work is: a bar on a terminal, a line now and then elsewhere. */
export interface Progress {
  show(done: number, total: number): void
  /** Leaves the last state standing. */
  end(): void
}

const WIDTH = 30
const LINE_EVERY_MS = 5_000

/** @param what a word or two, such as `re-encrypted` */
export function startProgress(what: string): Progress {
  const { stderr } = process
  let shownAt = Number.NEGATIVE_INFINITY
  let last = ''
  return {
    show(done, total) {
      const share = total === 0 ? 1 : Math.min(1, done / total)
      const filled = Math.round(share * WIDTH)
      last = `${what.padEnd(14)} [${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${String(Math.floor(share * 100)).padStart(3)} %  ${done} of ${total}`
      if (stderr.isTTY) stderr.write(`\r${last}`)
      else if (performance.now() - shownAt >= LINE_EVERY_MS) {
        shownAt = performance.now()
        stderr.write(`${last}\n`)
      }
    },
    end() {
      if (last !== '') stderr.write(stderr.isTTY ? '\n' : `${last}\n`)
    },
  }
}

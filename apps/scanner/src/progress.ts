/** Shows how far a scan is, on a terminal, where it takes long enough to wonder. */
export interface Progress {
  show(done: number, total: number): void
  /** Takes the bar away again. */
  end(): void
}

const WIDTH = 30
const QUIET_FOR_MS = 400
const EVERY_MS = 80

/** @param quiet no bar, whatever it is written to */
export function startProgress(quiet: boolean): Progress {
  const { stderr } = process
  const startedAt = performance.now()
  let shownAt = startedAt + QUIET_FOR_MS - EVERY_MS
  let isShown = false
  return {
    show(done, total) {
      if (quiet || !stderr.isTTY || performance.now() - shownAt < EVERY_MS) return
      shownAt = performance.now()
      isShown = true
      const filled = Math.round((done / Math.max(1, total)) * WIDTH)
      stderr.write(`\r[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${done} of ${total} files`)
    },
    end() {
      if (isShown) stderr.write('\r\u001b[2K')
    },
  }
}

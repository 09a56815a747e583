/** Whether a notification is taken on: it is `new`, was `taken` before, or somebody is at it now. */
export type Taking = 'new' | 'taken' | 'busy'

/**
 * What was taken before, by the notification's id, which is the same each time that it is sent. It outlives the process
 * where that matters: what is remembered in memory alone is done again by another process, or after a start.
 */
export interface SeenNotifications {
  begin(id: string): Promise<Taking>
  /** It is done. */
  finish(id: string): Promise<void>
  /** It failed: whoever gets it next takes it on anew. */
  giveUp(id: string): Promise<void>
}

/** Somebody who is at it for longer has died. */
export const BUSY_FOR_MS = 300_000
/** The gateway sends a notification again for 23 hours at most. */
const KEPT_MS = 48 * 3_600_000

interface Entry {
  readonly since: number
  readonly isDone: boolean
}

/**
 * Remembers in this process's memory.
 *
 * @param most ids that are kept; the oldest are forgotten first
 */
export function seenInMemory(most = 100_000, now: () => number = Date.now): SeenNotifications {
  const entries = new Map<string, Entry>()
  const put = (id: string, isDone: boolean): void => {
    entries.delete(id)
    entries.set(id, { since: now(), isDone })
    for (const [oldest, { since }] of entries) {
      if (entries.size <= most && now() - since < KEPT_MS) break
      entries.delete(oldest)
    }
  }
  return {
    begin(id) {
      const entry = entries.get(id)
      if (entry?.isDone === true) return Promise.resolve('taken')
      if (entry && now() - entry.since < BUSY_FOR_MS) return Promise.resolve('busy')
      put(id, false)
      return Promise.resolve('new')
    },
    finish(id) {
      put(id, true)
      return Promise.resolve()
    },
    giveUp(id) {
      entries.delete(id)
      return Promise.resolve()
    },
  }
}

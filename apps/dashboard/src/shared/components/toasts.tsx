import { useSyncExternalStore, type ReactNode } from 'react'

interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'good' | 'bad' | 'silent'
}

const SHOWN_MS = 6_000
let toasts: readonly Toast[] = []
let last = 0
const listeners = new Set<() => void>()

function show(text: string, tone: Toast['tone']): void {
  const toast = { id: ++last, text, tone }
  set([...toasts, toast])
  setTimeout(() => set(toasts.filter(({ id }) => id !== toast.id)), SHOWN_MS)
}

function set(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** Tells of what has just been done, for some seconds, in sight and to screen readers. */
export function notify(text: string, tone: 'good' | 'bad' = 'good'): void {
  show(text, tone)
}

/** Tells screen readers alone. */
export function announce(text: string): void {
  show(text, 'silent')
}

/** Where toasts appear. The app draws it once. */
export function Toasts(): ReactNode {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, tone }) => (
        <p key={id} className={tone === 'silent' ? 'hidden' : `toast ${tone}`}>
          {text}
        </p>
      ))}
    </div>
  )
}

import type { JSX } from 'preact'

const PATHS = {
  done: 'M14 25l7 7 14-15',
  wait: 'M24 13v11l7 5',
  stop: 'M16 16l16 16M32 16L16 32',
  back: 'M30 33H20a8 8 0 010-16h14M29 12l5 5-5 5',
} as const

export type SymbolName = keyof typeof PATHS

/** A round sign above an outcome. The words beside it say the same, so it is hidden from screen readers. */
export function Symbol({ name }: { name: SymbolName }): JSX.Element {
  return (
    <svg class={`symbol ${name}`} viewBox="0 0 48 48" width="72" height="72" aria-hidden="true">
      <circle cx="24" cy="24" r="22" />
      <path d={PATHS[name]} />
    </svg>
  )
}

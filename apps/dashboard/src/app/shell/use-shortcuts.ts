import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { useOpenPages } from './navigation.tsx'

/** How long a `g` waits for the key that says where to. */
const SEQUENCE_MS = 1_500

let singleKeys = true
const listeners = new Set<() => void>()

/** Turns the shortcuts of single keys off and on (WCAG 2.2, 2.1.4): they get in the way of speech input. */
export function setSingleKeys(on: boolean): void {
  singleKeys = on
  for (const listener of listeners) listener()
}

/** Whether the shortcuts of single keys are on. */
export function useSingleKeys(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => singleKeys,
  )
}

/** The shell's keys: Ctrl or Cmd K, `?`, `/`, and `g` followed by a page's own key. */
export function useShortcuts(acts: { readonly onPalette: () => void; readonly onHelp: () => void }): void {
  const pages = useOpenPages()
  const navigate = useNavigate()
  const onSingleKey = useEffectEvent((key: string, afterG: boolean): boolean => {
    const page = afterG ? pages.find((each) => each.key === key) : undefined
    if (page) void navigate({ to: page.to })
    else if (key === '?') acts.onHelp()
    else if (key === '/') document.querySelector<HTMLInputElement>('[data-search]')?.focus()
    else return false
    return true
  })
  const onPalette = useEffectEvent(acts.onPalette)
  useEffect(() => {
    let lastG = -SEQUENCE_MS
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        onPalette()
        return
      }
      if (!singleKeys || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const afterG = event.timeStamp - lastG < SEQUENCE_MS
      lastG = event.key === 'g' ? event.timeStamp : -SEQUENCE_MS
      if (onSingleKey(event.key, afterG)) event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

/** Keys belong to whatever is typed into, and to an open dialog or menu. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [role=dialog], [role=menu]') !== null
}

import { useSyncExternalStore } from 'react'

/** `system` follows the browser's own setting. */
export type Theme = 'system' | 'light' | 'dark'

/** The one thing that the dashboard keeps in the browser. */
const KEY = 'theme'
const listeners = new Set<() => void>()

function stored(): Theme {
  const value = localStorage.getItem(KEY)
  return value === 'light' || value === 'dark' ? value : 'system'
}

/** Puts the stored theme on the page. */
export function showTheme(): void {
  const theme = stored()
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

/** Changes the theme, here and in the other tabs. */
export function setTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme)
  changed()
}

/** The theme now. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, stored)
}

function changed(): void {
  showTheme()
  for (const listener of listeners) listener()
}

addEventListener('storage', changed)

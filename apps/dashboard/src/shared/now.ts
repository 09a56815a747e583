import { useSyncExternalStore } from 'react'

const MINUTE_MS = 60_000

/** The beginning of this minute, in ms since 1970. What is drawn from it moves on by itself, past midnight too. */
export function useNow(): number {
  return useSyncExternalStore(eachMinute, thisMinute)
}

function eachMinute(changed: () => void): () => void {
  const timer = setInterval(changed, MINUTE_MS / 4)
  return () => clearInterval(timer)
}

function thisMinute(): number {
  return Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
}

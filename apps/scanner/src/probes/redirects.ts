import type { Answer } from './ask.ts'

/** Where an answer sends to. */
export function targetOf({ url, status, headers }: Answer): URL | undefined {
  const location = headers.get('location')?.[0]
  if (location === undefined || status < 300 || status > 399) return undefined
  return URL.parse(location, url) ?? undefined
}

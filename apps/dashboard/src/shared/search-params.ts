import { useNavigate, useSearch } from '@tanstack/react-router'

/** The search parameters of a page: texts, as the address holds them. */
export type SearchTexts = Readonly<Partial<Record<string, string>>>

/** Reads an address's search parameters as the texts that they are: a number of 20 digits stays what it is. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(search)].filter(([, value]) => value !== ''))
}

/** Writes search parameters; empty ones are left out. */
export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(search).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

/** Tells a route which search parameters its page has: `validateSearch: searchOf('q', 'status', 'after')`. */
export function searchOf<Name extends string>(
  ...names: readonly Name[]
): (search: Readonly<Record<string, unknown>>) => Readonly<Partial<Record<Name, string>>> {
  return (search) =>
    Object.fromEntries(
      names.flatMap((name) => (typeof search[name] === 'string' ? [[name, search[name]]] : [])),
    ) as Readonly<Partial<Record<Name, string>>>
}

/** A page's search parameters, and how to change them. */
export interface FilterState {
  readonly filters: SearchTexts
  /** Changes some; an empty text takes one away. The list starts at its first page again. */
  readonly setFilters: (changes: Readonly<Record<string, string>>) => void
  /** Goes to the page after the row of that id; to the first one where it is undefined. */
  readonly goAfter: (after: string | undefined) => void
}

/** Binds a list to its address, so that a filtered view can be bookmarked, shared and stepped back from. */
export function useFilters(): FilterState {
  const filters: SearchTexts = useSearch({ strict: false })
  const navigate = useNavigate()
  const go = (search: SearchTexts, replace: boolean): void => {
    void navigate({ to: '.', search: search, replace, resetScroll: false })
  }
  return {
    filters,
    setFilters: (changes) => go({ ...filters, ...changes, after: '' }, true),
    goAfter: (after) => go({ ...filters, after: after ?? '' }, false),
  }
}

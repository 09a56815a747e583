import { useEffect, useEffectEvent, useState, type ReactNode } from 'react'
import { WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'
import type { FilterState } from '../search-params.ts'
import { Button } from './button.tsx'
import { SelectField, TextField, type SelectOption } from './field.tsx'

const TYPING_MS = 300

/** A bar of filters that live in the address; `names` are those that "clear" takes away. */
export function FilterBar(props: {
  readonly state: FilterState
  readonly names: readonly string[]
  readonly children: ReactNode
}): ReactNode {
  const { state, names, children } = props
  const t = useTexts(WORDS)
  const used = names.some((name) => state.filters[name] !== undefined)
  return (
    <div className="filters" role="search">
      {children}
      {used ? (
        <Button tone="quiet" onClick={() => state.setFilters(Object.fromEntries(names.map((name) => [name, ''])))}>
          {t('clear')}
        </Button>
      ) : null}
    </div>
  )
}

interface FilterProps {
  readonly state: FilterState
  /** The search parameter. */
  readonly name: string
  readonly label: string
}

/** A filter by one of several values, or all. */
export function SelectFilter(
  props: FilterProps & {
    readonly options: readonly SelectOption[]
    /** What the absence of the filter is called; "all" where absent. */
    readonly none?: string
  },
): ReactNode {
  const { state, name, label, options, none } = props
  const t = useTexts(WORDS)
  return (
    <SelectField
      label={label}
      value={state.filters[name] ?? ''}
      onValue={(value) => state.setFilters({ [name]: value })}
      options={[{ value: '', label: none ?? t('all') }, ...options]}
    />
  )
}

/** A filter by day, in the viewer's zone. */
export function DayFilter({ state, name, label }: FilterProps): ReactNode {
  return (
    <TextField
      type="date"
      label={label}
      value={state.filters[name] ?? ''}
      onValue={(value) => state.setFilters({ [name]: value })}
    />
  )
}

/** A filter by what is typed; it is used when the typing pauses. `clean` takes away what can never match. */
export function SearchFilter(
  props: FilterProps & { readonly placeholder?: string; readonly clean?: (typed: string) => string },
): ReactNode {
  const { state, name, label, placeholder, clean = trimmed } = props
  const inAddress = state.filters[name] ?? ''
  const [typed, setTyped] = useState(inAddress)
  /** What the field and the address agreed on last. */
  const [agreed, setAgreed] = useState(inAddress)
  if (agreed !== inAddress) {
    // The address was changed by something else, e.g. the way back: what was typed gives way.
    setAgreed(inAddress)
    setTyped(inAddress)
  }
  const use = useEffectEvent((wanted: string) => {
    setAgreed(wanted)
    state.setFilters({ [name]: wanted })
  })
  useEffect(() => {
    const wanted = clean(typed)
    if (wanted === inAddress) return undefined
    const timer = setTimeout(() => use(wanted), TYPING_MS)
    return () => clearTimeout(timer)
    // Only typing starts the pause.
  }, [typed])
  return (
    <TextField
      type="search"
      className="search"
      label={label}
      placeholder={placeholder}
      value={typed}
      onValue={setTyped}
      autoComplete="off"
      spellCheck={false}
      data-search=""
    />
  )
}

function trimmed(typed: string): string {
  return typed.trim()
}

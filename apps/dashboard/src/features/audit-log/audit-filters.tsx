import type { ReactNode } from 'react'
import { DayFilter, FilterBar, SearchFilter, SelectFilter } from '../../shared/components/filters.tsx'
import type { FilterState } from '../../shared/search-params.ts'
import { fill, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { ACTION_TEXTS } from './actions.ts'
import { TEXTS } from './texts.ts'

/** The search parameters that filter the log. */
export const FILTERS: readonly string[] = ['action', 'actor', 'target', 'from', 'to']
/** What can be filtered by. */
export const ACTIONS: readonly string[] = Object.keys(ACTION_TEXTS)

/** What people paste along with an id is no part of it. */
export function cleanId(typed: string): string {
  return typed.replace(/[^0-9A-Za-z_-]/g, '').slice(0, 64)
}

/** The log's filters. */
export function AuditFilters({ state }: { readonly state: FilterState }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const language = useLanguage()
  const options = Object.entries(ACTION_TEXTS).map(([value, text]) => ({ value, label: fill(text, language) }))
  return (
    <FilterBar state={state} names={FILTERS}>
      <SelectFilter state={state} name="action" label={t('action')} options={options} />
      <SearchFilter state={state} name="actor" label={t('actor')} placeholder={t('actorHint')} clean={cleanId} />
      <SearchFilter state={state} name="target" label={t('target')} placeholder={t('targetHint')} clean={cleanId} />
      <DayFilter state={state} name="from" label={w('from')} />
      <DayFilter state={state} name="to" label={w('to')} />
    </FilterBar>
  )
}

import type { Right } from '@ucanpay/wire/dashboard/roles'
import type { Text } from '../../shared/texts/language.ts'

/** A page of the navigation. */
export interface PageEntry {
  readonly to: string
  readonly title: Text
  /** Whoever lacks it does not see the page. */
  readonly right?: Right
  /** The key after `g` that leads there. */
  readonly key: string
  /** The path of its symbol, in a square of 24. */
  readonly symbol: string
}

/** The navigation, from top to bottom. */
export const PAGES: readonly PageEntry[] = [
  {
    to: '/payments',
    title: ['Payments', 'Paiements'],
    right: 'payments:read',
    key: 'p',
    symbol: 'M3 6h18v12H3zM3 10h18M7 15h3',
  },
]

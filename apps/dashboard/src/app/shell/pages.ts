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
  {
    to: '/refunds',
    title: ['Refunds', 'Remboursements'],
    right: 'payments:read',
    key: 'r',
    symbol: 'M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10h-4',
  },
  {
    to: '/qr',
    title: ['QR codes', 'Codes QR'],
    right: 'payments:write',
    key: 'q',
    symbol: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2z',
  },
  {
    to: '/reports',
    title: ['Reports', 'Rapports'],
    right: 'reports:read',
    key: 'e',
    symbol: 'M4 20h16M7 16v-5M12 16V6M17 16v-8',
  },
  {
    to: '/notifications',
    title: ['Notifications', 'Notifications'],
    right: 'notifications:read',
    key: 'n',
    symbol: 'M4 12l16-7-6 15-3-6z',
  },
  {
    to: '/logs',
    title: ['Request log', 'Journal des requêtes'],
    right: 'logs:read',
    key: 'l',
    symbol: 'M5 6h14M5 12h9M5 18h14M18 10v4',
  },
  {
    to: '/audit-log',
    title: ['Audit log', 'Journal d’audit'],
    right: 'audit:read',
    key: 'a',
    symbol: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4',
  },
]

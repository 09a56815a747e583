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
    to: '/',
    title: ['Home', 'Accueil'],
    right: 'payments:read',
    key: 'h',
    symbol: 'M4 11 12 4l8 7v9h-5v-6H9v6H4z',
  },
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
    to: '/customers',
    title: ['Customers', 'Clients'],
    right: 'customers:read',
    key: 'c',
    symbol: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-3.5 4-5 8-5s7 1.5 8 5',
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
    to: '/api-keys',
    title: ['API keys', 'Clés d’API'],
    right: 'keys:read',
    key: 'k',
    symbol: 'M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h9M18 12v3M15 12v2',
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
  {
    to: '/evidence',
    title: ['Evidence', 'Preuves'],
    right: 'evidence:export',
    key: 'v',
    symbol: 'M6 3h8l4 4v14H6zM14 3v4h4M9 13l2 2 4-4',
  },
  {
    to: '/team',
    title: ['Team', 'Équipe'],
    right: 'members:read',
    key: 't',
    symbol:
      'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20c.6-3.5 3-5 7-5s6.4 1.5 7 5M16 4.5a3.5 3.5 0 0 1 0 6.5M18.5 15.5c2 .6 3.2 2 3.5 4.5',
  },
  {
    to: '/settings',
    title: ['Settings', 'Réglages'],
    right: 'settings:read',
    key: 's',
    symbol: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  },
]

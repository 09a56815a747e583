/** What a member of a merchant's team can be. An auditor reads and sees evidence, never customers' data. */
export const ROLES = ['owner', 'admin', 'developer', 'finance', 'support', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/** What a route of the dashboard can ask for. */
export const RIGHTS = [
  'payments:read',
  'payments:write', // Capture, close, reverse.
  'refunds:write',
  'customers:read', // Masked.
  'customers:reveal',
  'customers:erase',
  'keys:read',
  'keys:write',
  'notifications:read',
  'notifications:write',
  'logs:read',
  'reports:read',
  'audit:read',
  'members:read',
  'members:write',
  'settings:read',
  'settings:write',
  'payouts:read', // Masked.
  'payouts:write', // Reveal, change.
  'evidence:export',
] as const
export type Right = (typeof RIGHTS)[number]

const READS_ALL = ['payments:read', 'keys:read', 'notifications:read', 'logs:read', 'reports:read'] as const

/** Each role's rights, in full: least privilege is a list that one can read (PCI DSS 7.2). */
export const RIGHTS_OF: Readonly<Record<Role, readonly Right[]>> = {
  owner: RIGHTS,
  admin: RIGHTS,
  developer: [...READS_ALL, 'keys:write', 'notifications:write', 'settings:read'],
  finance: [
    'payments:read',
    'payments:write',
    'refunds:write',
    'customers:read',
    'reports:read',
    'settings:read',
    'payouts:read',
  ],
  support: [
    'payments:read',
    'refunds:write',
    'customers:read',
    'customers:reveal',
    'notifications:read',
    'notifications:write',
  ],
  auditor: [...READS_ALL, 'audit:read', 'members:read', 'settings:read', 'evidence:export'],
}

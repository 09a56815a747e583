import { RIGHTS, RIGHTS_OF, ROLES, type Right, type Role } from '@ucanpay/wire/dashboard/roles'

/** Whether somebody of a role may change a member of another: owners are made and changed by owners alone. */
export function mayManage(by: Role, of: Role): boolean {
  return RIGHTS_OF[by].includes('members:write') && (by === 'owner' || of !== 'owner')
}

/** The roles that somebody of a role may give. */
export function givableRoles(by: Role): readonly Role[] {
  return ROLES.filter((role) => mayManage(by, role))
}

/** What each right lets one do, as the page names it. */
const ABILITIES = {
  'payments:read': 'payments',
  'payments:write': 'takePayments',
  'refunds:write': 'refunds',
  'customers:read': 'customers',
  'customers:reveal': 'reveal',
  'customers:erase': 'erase',
  'keys:read': 'keys',
  'keys:write': 'makeKeys',
  'notifications:read': 'notifications',
  'notifications:write': 'resend',
  'logs:read': 'logs',
  'reports:read': 'reports',
  'audit:read': 'audit',
  'members:read': 'team',
  'members:write': 'manageTeam',
  'settings:read': 'settings',
  'settings:write': 'changeSettings',
  'payouts:read': 'payouts',
  'payouts:write': 'changePayouts',
  'evidence:export': 'evidence',
} as const satisfies Readonly<Record<Right, string>>

/** Something that a member may or may not do. */
export type Ability = (typeof ABILITIES)[Right]

/** What a role may do, and what it may not. Every right is in one of the two. */
export function abilitiesOf(role: Role): { readonly may: readonly Ability[]; readonly mayNot: readonly Ability[] } {
  const held = (right: Right): boolean => RIGHTS_OF[role].includes(right)
  return {
    may: RIGHTS.filter(held).map((right) => ABILITIES[right]),
    mayNot: RIGHTS.filter((right) => !held(right)).map((right) => ABILITIES[right]),
  }
}

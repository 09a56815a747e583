/** What a member can be, in a word. */
export const ROLE_TEXTS = {
  owner: ['Owner', 'Propriétaire'],
  admin: ['Admin', 'Administrateur'],
  developer: ['Developer', 'Développeur'],
  finance: ['Finance', 'Finance'],
  support: ['Support', 'Assistance'],
  auditor: ['Auditor', 'Auditeur'],
} as const

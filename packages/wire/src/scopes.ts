/** What an API key may be allowed to do (contract §2). A secret key may do all of it, a publishable key none. */
export const SCOPES = [
  'payments:read',
  'payments:write',
  'refunds:write',
  'customers:read',
  'customers:write',
  'subscriptions:read',
  'subscriptions:write',
  'reports:read',
  'keys:read',
  'keys:write',
] as const
export type Scope = (typeof SCOPES)[number]

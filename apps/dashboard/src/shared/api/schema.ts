/* Made from docs/dashboard-openapi.json by npm run dashboard-types; not edited by hand. */

/** Every operation of the dashboard's own API. */
export interface Operations {
  /** Sign in with address and password */
  'POST /dashboard-api/sign-in': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly email: string
      readonly password: string
    }
    data: {
      /** second-factor: the session opens nothing until one is given. */
      readonly next: 'second-factor' | 'signed-in'
      readonly factors: readonly ('totp' | 'passkey' | 'recovery')[]
      /** Of the session that this began; see GET /dashboard-api/session. */
      readonly csrfToken: string
    }
  }
  /** Give a code of an authenticator app */
  'POST /dashboard-api/sign-in/totp': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** Six digits of an authenticator app. */
      readonly code: string
    }
    data: {
      /** second-factor: the session opens nothing until one is given. */
      readonly next: 'second-factor' | 'signed-in'
      readonly factors: readonly ('totp' | 'passkey' | 'recovery')[]
      /** Of the session that this began; see GET /dashboard-api/session. */
      readonly csrfToken: string
    }
  }
  /** Give a recovery code */
  'POST /dashboard-api/sign-in/recovery': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** One of the ten, once. */
      readonly code: string
    }
    data: {
      /** second-factor: the session opens nothing until one is given. */
      readonly next: 'second-factor' | 'signed-in'
      readonly factors: readonly ('totp' | 'passkey' | 'recovery')[]
      /** Of the session that this began; see GET /dashboard-api/session. */
      readonly csrfToken: string
    }
  }
  /** Ask for a passkey */
  'POST /dashboard-api/sign-in/passkey/options': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      /** WebAuthn, in JSON (W3C WebAuthn L3). */
      readonly options: {
        readonly [name: string]: unknown
      }
    }
  }
  /** Give a passkey */
  'POST /dashboard-api/sign-in/passkey': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** WebAuthn, in JSON (W3C WebAuthn L3). */
      readonly response: {
        readonly [name: string]: unknown
      }
    }
    data: {
      /** second-factor: the session opens nothing until one is given. */
      readonly next: 'second-factor' | 'signed-in'
      readonly factors: readonly ('totp' | 'passkey' | 'recovery')[]
      /** Of the session that this began; see GET /dashboard-api/session. */
      readonly csrfToken: string
    }
  }
  /** Who is signed in, and until when */
  'GET /dashboard-api/session': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly memberId: string
      readonly email: string
      readonly name: string
      /** What the member is here. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
      readonly rights: readonly (
        | 'payments:read'
        | 'payments:write'
        | 'refunds:write'
        | 'customers:read'
        | 'customers:reveal'
        | 'customers:erase'
        | 'keys:read'
        | 'keys:write'
        | 'notifications:read'
        | 'notifications:write'
        | 'logs:read'
        | 'reports:read'
        | 'audit:read'
        | 'members:read'
        | 'members:write'
        | 'settings:read'
        | 'settings:write'
        | 'payouts:read'
        | 'payouts:write'
        | 'evidence:export'
      )[]
      readonly merchantId: string
      readonly merchantName: string
      /** test: no money moves. */
      readonly mode: 'test' | 'live'
      /** Without one nothing in live mode opens. */
      readonly hasSecondFactor: boolean
      /** Goes in the header X-CSRF-Token of every request that changes something. */
      readonly csrfToken: string
      /** Now, by the server. */
      readonly serverTime: string
      /** When the session ends if nothing is done (15 minutes). */
      readonly idleEndsAt: string
      /** When it ends in any case (12 hours). */
      readonly endsAt: string
      /** Until then the member counts as having just signed in (5 minutes). */
      readonly freshUntil?: string
    }
  }
  /** Stay signed in */
  'POST /dashboard-api/session/extend': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      readonly memberId: string
      readonly email: string
      readonly name: string
      /** What the member is here. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
      readonly rights: readonly (
        | 'payments:read'
        | 'payments:write'
        | 'refunds:write'
        | 'customers:read'
        | 'customers:reveal'
        | 'customers:erase'
        | 'keys:read'
        | 'keys:write'
        | 'notifications:read'
        | 'notifications:write'
        | 'logs:read'
        | 'reports:read'
        | 'audit:read'
        | 'members:read'
        | 'members:write'
        | 'settings:read'
        | 'settings:write'
        | 'payouts:read'
        | 'payouts:write'
        | 'evidence:export'
      )[]
      readonly merchantId: string
      readonly merchantName: string
      /** test: no money moves. */
      readonly mode: 'test' | 'live'
      /** Without one nothing in live mode opens. */
      readonly hasSecondFactor: boolean
      /** Goes in the header X-CSRF-Token of every request that changes something. */
      readonly csrfToken: string
      /** Now, by the server. */
      readonly serverTime: string
      /** When the session ends if nothing is done (15 minutes). */
      readonly idleEndsAt: string
      /** When it ends in any case (12 hours). */
      readonly endsAt: string
      /** Until then the member counts as having just signed in (5 minutes). */
      readonly freshUntil?: string
    }
  }
  /** Switch between test and live */
  'POST /dashboard-api/session/mode': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** The mode to look at. */
      readonly mode: 'test' | 'live'
    }
    data: {
      readonly memberId: string
      readonly email: string
      readonly name: string
      /** What the member is here. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
      readonly rights: readonly (
        | 'payments:read'
        | 'payments:write'
        | 'refunds:write'
        | 'customers:read'
        | 'customers:reveal'
        | 'customers:erase'
        | 'keys:read'
        | 'keys:write'
        | 'notifications:read'
        | 'notifications:write'
        | 'logs:read'
        | 'reports:read'
        | 'audit:read'
        | 'members:read'
        | 'members:write'
        | 'settings:read'
        | 'settings:write'
        | 'payouts:read'
        | 'payouts:write'
        | 'evidence:export'
      )[]
      readonly merchantId: string
      readonly merchantName: string
      /** test: no money moves. */
      readonly mode: 'test' | 'live'
      /** Without one nothing in live mode opens. */
      readonly hasSecondFactor: boolean
      /** Goes in the header X-CSRF-Token of every request that changes something. */
      readonly csrfToken: string
      /** Now, by the server. */
      readonly serverTime: string
      /** When the session ends if nothing is done (15 minutes). */
      readonly idleEndsAt: string
      /** When it ends in any case (12 hours). */
      readonly endsAt: string
      /** Until then the member counts as having just signed in (5 minutes). */
      readonly freshUntil?: string
    }
  }
  /** Show that it is still you */
  'POST /dashboard-api/session/reauthenticate': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly password: string
      /** Six digits of an authenticator app. */
      readonly code?: string
    }
    data: {
      readonly memberId: string
      readonly email: string
      readonly name: string
      /** What the member is here. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
      readonly rights: readonly (
        | 'payments:read'
        | 'payments:write'
        | 'refunds:write'
        | 'customers:read'
        | 'customers:reveal'
        | 'customers:erase'
        | 'keys:read'
        | 'keys:write'
        | 'notifications:read'
        | 'notifications:write'
        | 'logs:read'
        | 'reports:read'
        | 'audit:read'
        | 'members:read'
        | 'members:write'
        | 'settings:read'
        | 'settings:write'
        | 'payouts:read'
        | 'payouts:write'
        | 'evidence:export'
      )[]
      readonly merchantId: string
      readonly merchantName: string
      /** test: no money moves. */
      readonly mode: 'test' | 'live'
      /** Without one nothing in live mode opens. */
      readonly hasSecondFactor: boolean
      /** Goes in the header X-CSRF-Token of every request that changes something. */
      readonly csrfToken: string
      /** Now, by the server. */
      readonly serverTime: string
      /** When the session ends if nothing is done (15 minutes). */
      readonly idleEndsAt: string
      /** When it ends in any case (12 hours). */
      readonly endsAt: string
      /** Until then the member counts as having just signed in (5 minutes). */
      readonly freshUntil?: string
    }
  }
  /** Sign out */
  'POST /dashboard-api/sign-out': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: Readonly<Record<string, never>>
  }
  /** List one's sessions */
  'GET /dashboard-api/sessions': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly items: readonly {
        readonly sessionId: string
        /** Browser and system, as it says of itself. */
        readonly device: string
        /** From where it was last used. */
        readonly ip: string
        /** When it was signed in. */
        readonly createdAt: string
        /** When it was last used. */
        readonly lastSeenAt: string
        /** The one that asks. */
        readonly current: boolean
      }[]
    }
  }
  /** End a session */
  'POST /dashboard-api/sessions/{sessionId}/revoke': {
    params: {
      readonly sessionId: string
    }
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: Readonly<Record<string, never>>
  }
  /** End all sessions but this one */
  'POST /dashboard-api/sessions/revoke-others': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: Readonly<Record<string, never>>
  }
  /** List one's second factors */
  'GET /dashboard-api/factors': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly items: readonly {
        readonly factorId: string
        /** What it is. */
        readonly kind: 'totp' | 'passkey'
        readonly name: string
        /** When it was added. */
        readonly createdAt: string
        /** When it was last used. */
        readonly lastUsedAt?: string
      }[]
      readonly recoveryCodesLeft: number
    }
  }
  /** Add an authenticator app */
  'POST /dashboard-api/factors/totp': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly name: string
    }
    data: {
      readonly factorId: string
      /** Base32, for typing it in. */
      readonly secret: string
      /** otpauth://…, for a QR code. */
      readonly uri: string
    }
  }
  /** Confirm it by its first code */
  'POST /dashboard-api/factors/{factorId}/confirm': {
    params: {
      readonly factorId: string
    }
    query: Readonly<Record<string, never>>
    body: {
      /** Six digits of an authenticator app. */
      readonly code: string
    }
    data: {
      readonly factorId: string
      readonly recoveryCodes: readonly string[]
    }
  }
  /** Ask for a new passkey */
  'POST /dashboard-api/factors/passkey/options': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      /** WebAuthn, in JSON (W3C WebAuthn L3). */
      readonly options: {
        readonly [name: string]: unknown
      }
    }
  }
  /** Add a passkey */
  'POST /dashboard-api/factors/passkey': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly name: string
      /** WebAuthn, in JSON (W3C WebAuthn L3). */
      readonly response: {
        readonly [name: string]: unknown
      }
    }
    data: {
      readonly factorId: string
      readonly recoveryCodes: readonly string[]
    }
  }
  /** Remove a second factor */
  'POST /dashboard-api/factors/{factorId}/remove': {
    params: {
      readonly factorId: string
    }
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: Readonly<Record<string, never>>
  }
  /** Make new recovery codes */
  'POST /dashboard-api/recovery-codes': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      readonly recoveryCodes: readonly string[]
    }
  }
  /** Change one's password */
  'POST /dashboard-api/password': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly password: string
      /** At least 12 characters. */
      readonly newPassword: string
    }
    data: Readonly<Record<string, never>>
  }
  /** Ask for a link to set a new password */
  'POST /dashboard-api/password-reset': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly email: string
    }
    data: Readonly<Record<string, never>>
  }
  /** Set a new password with a link */
  'POST /dashboard-api/password-reset/complete': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** The last part of a link that was mailed. */
      readonly token: string
      /** At least 12 characters. */
      readonly newPassword: string
    }
    data: Readonly<Record<string, never>>
  }
  /** Look at an invitation */
  'POST /dashboard-api/invitations/look': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** The last part of a link that was mailed. */
      readonly token: string
    }
    data: {
      readonly merchantName: string
      readonly email: string
      /** What the member will be. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
    }
  }
  /** Accept an invitation */
  'POST /dashboard-api/invitations/accept': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** The last part of a link that was mailed. */
      readonly token: string
      readonly name: string
      /** At least 12 characters. */
      readonly newPassword: string
    }
    data: Readonly<Record<string, never>>
  }
  /** List the team */
  'GET /dashboard-api/members': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly items: readonly {
        readonly memberId: string
        readonly email: string
        /** Empty until the invitation is accepted. */
        readonly name: string
        /** What the member may do. */
        readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
        /** Only an active member signs in. */
        readonly status: 'invited' | 'active' | 'disabled'
        readonly hasSecondFactor: boolean
        /** When the member was invited. */
        readonly createdAt: string
        /** When the member last signed in. */
        readonly lastSignInAt?: string
      }[]
    }
  }
  /** Invite somebody */
  'POST /dashboard-api/members': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly email: string
      /** What the member will be. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
    }
    data: {
      readonly memberId: string
      readonly email: string
      /** Empty until the invitation is accepted. */
      readonly name: string
      /** What the member may do. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
      /** Only an active member signs in. */
      readonly status: 'invited' | 'active' | 'disabled'
      readonly hasSecondFactor: boolean
      /** When the member was invited. */
      readonly createdAt: string
      /** When the member last signed in. */
      readonly lastSignInAt?: string
    }
  }
  /** Send the invitation again */
  'POST /dashboard-api/members/{memberId}/invite-again': {
    params: {
      readonly memberId: string
    }
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      readonly memberId: string
      readonly email: string
      /** Empty until the invitation is accepted. */
      readonly name: string
      /** What the member may do. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
      /** Only an active member signs in. */
      readonly status: 'invited' | 'active' | 'disabled'
      readonly hasSecondFactor: boolean
      /** When the member was invited. */
      readonly createdAt: string
      /** When the member last signed in. */
      readonly lastSignInAt?: string
    }
  }
  /** Change a role */
  'POST /dashboard-api/members/{memberId}/role': {
    params: {
      readonly memberId: string
    }
    query: Readonly<Record<string, never>>
    body: {
      /** What the member will be. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
    }
    data: {
      readonly memberId: string
      readonly email: string
      /** Empty until the invitation is accepted. */
      readonly name: string
      /** What the member may do. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
      /** Only an active member signs in. */
      readonly status: 'invited' | 'active' | 'disabled'
      readonly hasSecondFactor: boolean
      /** When the member was invited. */
      readonly createdAt: string
      /** When the member last signed in. */
      readonly lastSignInAt?: string
    }
  }
  /** Let a member sign in no more */
  'POST /dashboard-api/members/{memberId}/disable': {
    params: {
      readonly memberId: string
    }
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      readonly memberId: string
      readonly email: string
      /** Empty until the invitation is accepted. */
      readonly name: string
      /** What the member may do. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
      /** Only an active member signs in. */
      readonly status: 'invited' | 'active' | 'disabled'
      readonly hasSecondFactor: boolean
      /** When the member was invited. */
      readonly createdAt: string
      /** When the member last signed in. */
      readonly lastSignInAt?: string
    }
  }
  /** Let a member sign in again */
  'POST /dashboard-api/members/{memberId}/enable': {
    params: {
      readonly memberId: string
    }
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      readonly memberId: string
      readonly email: string
      /** Empty until the invitation is accepted. */
      readonly name: string
      /** What the member may do. */
      readonly role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'auditor'
      /** Only an active member signs in. */
      readonly status: 'invited' | 'active' | 'disabled'
      readonly hasSecondFactor: boolean
      /** When the member was invited. */
      readonly createdAt: string
      /** When the member last signed in. */
      readonly lastSignInAt?: string
    }
  }
  /** How the day goes */
  'GET /dashboard-api/home': {
    params: Readonly<Record<string, never>>
    query: {
      readonly zone?: string
      readonly days?: '1' | '7' | '30'
    }
    body: undefined
    data: {
      readonly now: readonly {
        readonly currency: string
        readonly placedCount: number
        readonly paidCount: number
        /** Tried, and neither paid nor still open. */
        readonly failedCount: number
        /** Minor units of the currency. */
        readonly paidAmt: number
        /** Minor units of the currency. */
        readonly refundedAmt: number
        readonly refundCount: number
      }[]
      readonly before: readonly {
        readonly currency: string
        readonly placedCount: number
        readonly paidCount: number
        /** Tried, and neither paid nor still open. */
        readonly failedCount: number
        /** Minor units of the currency. */
        readonly paidAmt: number
        /** Minor units of the currency. */
        readonly refundedAmt: number
        readonly refundCount: number
      }[]
      /** By hour for one day, else by day; every step is there, also where nothing happened. */
      readonly series: readonly {
        /** The beginning of the hour or the day. */
        readonly at: string
        readonly currency: string
        /** Minor units of the currency. */
        readonly paidAmt: number
        readonly paidCount: number
        /** Minor units of the currency. */
        readonly refundedAmt: number
      }[]
      readonly declines: readonly {
        readonly reason: string
        readonly count: number
      }[]
      readonly balances: readonly {
        readonly currency: string
        readonly amount: number
      }[]
      readonly practices: readonly {
        readonly practice: number
        /** yours: what only the merchant can do. */
        readonly state: 'held' | 'attention' | 'yours'
        /** What was looked at: counts and dates. */
        readonly evidence: string
        /** The counts and dates of `evidence` by name, for words in other languages. */
        readonly figures: {
          readonly [name: string]: number | string
        }
        /** How many things want attention. */
        readonly count: number
      }[]
      readonly alerts: readonly {
        readonly alertId: string
        readonly kind: string
        readonly target: string
        readonly times: number
        /** When it was last seen. */
        readonly lastAt: string
      }[]
    }
  }
  /** List payments */
  'GET /dashboard-api/payments': {
    params: Readonly<Record<string, never>>
    query: {
      readonly limit?: string
      readonly startingAfter?: string
      readonly q?: string
      readonly status?:
        'NOTPAY' | 'USERPAYING' | 'AUTHORIZED' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED' | 'PAYERROR'
      readonly currency?: string
      readonly codeId?: string
      readonly from?: string
      readonly to?: string
      readonly sort?: 'newest' | 'oldest' | 'largest' | 'smallest'
    }
    body: undefined
    data: {
      readonly items: readonly {
        readonly ucpOrderNo: string
        readonly outTradeNo: string
        readonly subject: string
        /** Minor units of the currency. */
        readonly totalAmt: number
        /** Taken. */
        readonly capturedAmt: number
        /** Given back or on its way. */
        readonly totalRefundAmt: number
        readonly currency: string
        /** Where the order stands. */
        readonly tradeStatus:
          'NOTPAY' | 'USERPAYING' | 'AUTHORIZED' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED' | 'PAYERROR'
        readonly brand?: string
        readonly last4?: string
        /** When it was placed. */
        readonly tranTime: string
        /** When it was paid. */
        readonly timeEnd?: string
      }[]
      readonly hasMore: boolean
    }
  }
  /** Everything about a payment */
  'GET /dashboard-api/payments/{ucpOrderNo}': {
    params: {
      readonly ucpOrderNo: string
    }
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly payment: {
        readonly ucpOrderNo: string
        readonly outTradeNo: string
        readonly subject: string
        /** Minor units of the currency. */
        readonly totalAmt: number
        /** Taken. */
        readonly capturedAmt: number
        /** Given back or on its way. */
        readonly totalRefundAmt: number
        readonly currency: string
        /** Where the order stands. */
        readonly tradeStatus:
          'NOTPAY' | 'USERPAYING' | 'AUTHORIZED' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED' | 'PAYERROR'
        readonly brand?: string
        readonly last4?: string
        /** When it was placed. */
        readonly tranTime: string
        /** When it was paid. */
        readonly timeEnd?: string
        readonly body: string
        readonly sceneType: string
        /** manual: held until it is captured. */
        readonly captureMode: 'automatic' | 'manual'
        readonly deviceNo?: string
        /** The static QR code that it came from. */
        readonly staticCode?: {
          readonly codeId: string
          readonly name: string
        }
        readonly notifyUrl: string
        readonly returnUrl?: string
        /** When it closes if nobody pays. */
        readonly expiresAt: string
        /** The checkout, while it can be paid. */
        readonly payUrl?: string
        /** What can still go back. */
        readonly refundableAmt: number
        readonly refundsLeft: number
      }
      /** Oldest first. */
      readonly timeline: readonly {
        /** When. */
        readonly at: string
        /** What happened. */
        readonly kind:
          | 'placed'
          | 'attempt-started'
          | 'challenge'
          | 'attempt-succeeded'
          | 'attempt-refused'
          | 'captured'
          | 'voided'
          | 'closed'
          | 'refund-accepted'
          | 'refund-succeeded'
          | 'refund-failed'
          | 'reversed'
          | 'notified'
          | 'notification-refused'
          | 'other'
        /** Who did it: an API key's or a member's id, buyer, worker, operator. */
        readonly actor?: string
        /** The number of what it was about. */
        readonly ref?: string
        /** Minor units of the currency. */
        readonly amount?: number
        /** A name of ours. */
        readonly reason?: string
        /** The audit log's own name for it. */
        readonly action?: string
      }[]
      readonly attempts: readonly {
        readonly attemptId: string
        /** What was asked of the acquirer. */
        readonly operation: 'authorise' | 'capture' | 'void' | 'refund'
        /** Minor units of the currency. */
        readonly amount: number
        /** Where it stands. */
        readonly status: 'pending' | 'challenge' | 'succeeded' | 'refused'
        readonly reason?: string
        readonly bin?: string
        readonly last4?: string
        readonly brand?: string
        readonly acquirer: string
        /** When. */
        readonly startedAt: string
        /** When the outcome came. */
        readonly endedAt?: string
      }[]
      readonly refunds: readonly {
        readonly ucpRefundNo: string
        readonly outRefundNo: string
        readonly ucpOrderNo: string
        readonly outTradeNo: string
        /** Minor units of the currency. */
        readonly refundAmt: number
        readonly currency: string
        readonly refundDesc: string
        /** Where the refund stands. */
        readonly refundStatus: 'PROCESSING' | 'SUCCESS' | 'REFUNDCLOSE' | 'FAIL'
        /** When it was accepted. */
        readonly createdAt: string
        /** When the money went back. */
        readonly refundSuccessTime?: string
      }[]
      readonly notifications: readonly {
        readonly notificationId: string
        /** What it tells of. */
        readonly kind: 'payment' | 'refund' | 'security'
        readonly ucpOrderNo?: string
        readonly notifyUrl: string
        /** Where it stands. */
        readonly status: 'pending' | 'delivered' | 'failed'
        readonly attempts: number
        /** When it happened. */
        readonly createdAt: string
        /** When it is tried again. */
        readonly nextAttemptAt?: string
      }[]
      readonly entries: readonly {
        readonly postingId: string
        readonly kind: string
        readonly account: string
        /** Minor units; debit positive, credit negative. */
        readonly amount: number
        /** When. */
        readonly at: string
        readonly ref: string
      }[]
      readonly actions: readonly ('refund' | 'capture' | 'close' | 'reverse')[]
    }
  }
  /** Give money back */
  'POST /dashboard-api/payments/{ucpOrderNo}/refund': {
    params: {
      readonly ucpOrderNo: string
    }
    query: Readonly<Record<string, never>>
    body: {
      /** Minor units of the currency. */
      readonly refundAmt: number
      readonly refundDesc: string
      /** Made by the page, so that pressing twice refunds once. */
      readonly outRefundNo: string
    }
    data: {
      /** Where the order stands. */
      readonly tradeStatus:
        'NOTPAY' | 'USERPAYING' | 'AUTHORIZED' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED' | 'PAYERROR'
      readonly ucpRefundNo?: string
    }
  }
  /** Take held money */
  'POST /dashboard-api/payments/{ucpOrderNo}/capture': {
    params: {
      readonly ucpOrderNo: string
    }
    query: Readonly<Record<string, never>>
    body: {
      readonly captureAmt?: number
    }
    data: {
      /** Where the order stands. */
      readonly tradeStatus:
        'NOTPAY' | 'USERPAYING' | 'AUTHORIZED' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED' | 'PAYERROR'
      readonly ucpRefundNo?: string
    }
  }
  /** Close an unpaid order */
  'POST /dashboard-api/payments/{ucpOrderNo}/close': {
    params: {
      readonly ucpOrderNo: string
    }
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      /** Where the order stands. */
      readonly tradeStatus:
        'NOTPAY' | 'USERPAYING' | 'AUTHORIZED' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED' | 'PAYERROR'
      readonly ucpRefundNo?: string
    }
  }
  /** Undo a payment */
  'POST /dashboard-api/payments/{ucpOrderNo}/reverse': {
    params: {
      readonly ucpOrderNo: string
    }
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      /** Where the order stands. */
      readonly tradeStatus:
        'NOTPAY' | 'USERPAYING' | 'AUTHORIZED' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED' | 'PAYERROR'
      readonly ucpRefundNo?: string
    }
  }
  /** Make an order at the counter */
  'POST /dashboard-api/orders': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly subject: string
      readonly totalAmt: number
      /** ISO 4217. */
      readonly currency:
        | 'AED'
        | 'AFN'
        | 'ALL'
        | 'AMD'
        | 'AOA'
        | 'ARS'
        | 'AUD'
        | 'AWG'
        | 'AZN'
        | 'BAM'
        | 'BBD'
        | 'BDT'
        | 'BHD'
        | 'BIF'
        | 'BMD'
        | 'BND'
        | 'BOB'
        | 'BRL'
        | 'BSD'
        | 'BTN'
        | 'BWP'
        | 'BYN'
        | 'BZD'
        | 'CAD'
        | 'CDF'
        | 'CHF'
        | 'CLP'
        | 'CNY'
        | 'COP'
        | 'CRC'
        | 'CUP'
        | 'CVE'
        | 'CZK'
        | 'DJF'
        | 'DKK'
        | 'DOP'
        | 'DZD'
        | 'EGP'
        | 'ERN'
        | 'ETB'
        | 'EUR'
        | 'FJD'
        | 'FKP'
        | 'GBP'
        | 'GEL'
        | 'GHS'
        | 'GIP'
        | 'GMD'
        | 'GNF'
        | 'GTQ'
        | 'GYD'
        | 'HKD'
        | 'HNL'
        | 'HTG'
        | 'HUF'
        | 'IDR'
        | 'ILS'
        | 'INR'
        | 'IQD'
        | 'IRR'
        | 'ISK'
        | 'JMD'
        | 'JOD'
        | 'JPY'
        | 'KES'
        | 'KGS'
        | 'KHR'
        | 'KMF'
        | 'KPW'
        | 'KRW'
        | 'KWD'
        | 'KYD'
        | 'KZT'
        | 'LAK'
        | 'LBP'
        | 'LKR'
        | 'LRD'
        | 'LSL'
        | 'LYD'
        | 'MAD'
        | 'MDL'
        | 'MGA'
        | 'MKD'
        | 'MMK'
        | 'MNT'
        | 'MOP'
        | 'MRU'
        | 'MUR'
        | 'MVR'
        | 'MWK'
        | 'MXN'
        | 'MYR'
        | 'MZN'
        | 'NAD'
        | 'NGN'
        | 'NIO'
        | 'NOK'
        | 'NPR'
        | 'NZD'
        | 'OMR'
        | 'PAB'
        | 'PEN'
        | 'PGK'
        | 'PHP'
        | 'PKR'
        | 'PLN'
        | 'PYG'
        | 'QAR'
        | 'RON'
        | 'RSD'
        | 'RUB'
        | 'RWF'
        | 'SAR'
        | 'SBD'
        | 'SCR'
        | 'SDG'
        | 'SEK'
        | 'SGD'
        | 'SHP'
        | 'SLE'
        | 'SOS'
        | 'SRD'
        | 'SSP'
        | 'STN'
        | 'SVC'
        | 'SYP'
        | 'SZL'
        | 'THB'
        | 'TJS'
        | 'TMT'
        | 'TND'
        | 'TOP'
        | 'TRY'
        | 'TTD'
        | 'TWD'
        | 'TZS'
        | 'UAH'
        | 'UGX'
        | 'USD'
        | 'UYU'
        | 'UZS'
        | 'VES'
        | 'VND'
        | 'VUV'
        | 'WST'
        | 'XAF'
        | 'XCD'
        | 'XCG'
        | 'XOF'
        | 'XPF'
        | 'YER'
        | 'ZAR'
        | 'ZMW'
        | 'ZWG'
      /** Made by the page. */
      readonly outTradeNo: string
      readonly notifyUrl: string
    }
    data: {
      readonly ucpOrderNo: string
      readonly payUrl: string
      readonly qrCode: string
      /** When it closes if nobody pays. */
      readonly expiresAt: string
    }
  }
  /** List static QR codes */
  'GET /dashboard-api/static-codes': {
    params: Readonly<Record<string, never>>
    query: {
      readonly limit?: string
      readonly startingAfter?: string
    }
    body: undefined
    data: {
      readonly items: readonly {
        readonly codeId: string
        readonly name: string
        readonly subject: string
        readonly currency: string
        /** Minor units of the currency. */
        readonly minAmt: number
        /** Minor units of the currency. */
        readonly maxAmt: number
        readonly notifyUrl: string
        readonly enabled: boolean
        /** What the printed code encodes. */
        readonly codeUrl: string
        /** When it was made. */
        readonly createdAt: string
        /** When an order was last placed by it. */
        readonly lastUsedAt?: string
      }[]
      readonly hasMore: boolean
    }
  }
  /** Make a static QR code */
  'POST /dashboard-api/static-codes': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** What the team calls it, e.g. where it hangs; no buyer sees it. */
      readonly name: string
      /** What is sold, in a few words. */
      readonly subject: string
      /** ISO 4217. A code keeps it for good. */
      readonly currency:
        | 'AED'
        | 'AFN'
        | 'ALL'
        | 'AMD'
        | 'AOA'
        | 'ARS'
        | 'AUD'
        | 'AWG'
        | 'AZN'
        | 'BAM'
        | 'BBD'
        | 'BDT'
        | 'BHD'
        | 'BIF'
        | 'BMD'
        | 'BND'
        | 'BOB'
        | 'BRL'
        | 'BSD'
        | 'BTN'
        | 'BWP'
        | 'BYN'
        | 'BZD'
        | 'CAD'
        | 'CDF'
        | 'CHF'
        | 'CLP'
        | 'CNY'
        | 'COP'
        | 'CRC'
        | 'CUP'
        | 'CVE'
        | 'CZK'
        | 'DJF'
        | 'DKK'
        | 'DOP'
        | 'DZD'
        | 'EGP'
        | 'ERN'
        | 'ETB'
        | 'EUR'
        | 'FJD'
        | 'FKP'
        | 'GBP'
        | 'GEL'
        | 'GHS'
        | 'GIP'
        | 'GMD'
        | 'GNF'
        | 'GTQ'
        | 'GYD'
        | 'HKD'
        | 'HNL'
        | 'HTG'
        | 'HUF'
        | 'IDR'
        | 'ILS'
        | 'INR'
        | 'IQD'
        | 'IRR'
        | 'ISK'
        | 'JMD'
        | 'JOD'
        | 'JPY'
        | 'KES'
        | 'KGS'
        | 'KHR'
        | 'KMF'
        | 'KPW'
        | 'KRW'
        | 'KWD'
        | 'KYD'
        | 'KZT'
        | 'LAK'
        | 'LBP'
        | 'LKR'
        | 'LRD'
        | 'LSL'
        | 'LYD'
        | 'MAD'
        | 'MDL'
        | 'MGA'
        | 'MKD'
        | 'MMK'
        | 'MNT'
        | 'MOP'
        | 'MRU'
        | 'MUR'
        | 'MVR'
        | 'MWK'
        | 'MXN'
        | 'MYR'
        | 'MZN'
        | 'NAD'
        | 'NGN'
        | 'NIO'
        | 'NOK'
        | 'NPR'
        | 'NZD'
        | 'OMR'
        | 'PAB'
        | 'PEN'
        | 'PGK'
        | 'PHP'
        | 'PKR'
        | 'PLN'
        | 'PYG'
        | 'QAR'
        | 'RON'
        | 'RSD'
        | 'RUB'
        | 'RWF'
        | 'SAR'
        | 'SBD'
        | 'SCR'
        | 'SDG'
        | 'SEK'
        | 'SGD'
        | 'SHP'
        | 'SLE'
        | 'SOS'
        | 'SRD'
        | 'SSP'
        | 'STN'
        | 'SVC'
        | 'SYP'
        | 'SZL'
        | 'THB'
        | 'TJS'
        | 'TMT'
        | 'TND'
        | 'TOP'
        | 'TRY'
        | 'TTD'
        | 'TWD'
        | 'TZS'
        | 'UAH'
        | 'UGX'
        | 'USD'
        | 'UYU'
        | 'UZS'
        | 'VES'
        | 'VND'
        | 'VUV'
        | 'WST'
        | 'XAF'
        | 'XCD'
        | 'XCG'
        | 'XOF'
        | 'XPF'
        | 'YER'
        | 'ZAR'
        | 'ZMW'
        | 'ZWG'
      /** The least that a buyer may enter, in minor units. */
      readonly minAmt: number
      /** The most. The same as `minAmt`: the amount is fixed, and no buyer enters any. */
      readonly maxAmt: number
      /** Where the result is sent: https, no query, no credentials. */
      readonly notifyUrl: string
    }
    data: {
      readonly codeId: string
      readonly name: string
      readonly subject: string
      readonly currency: string
      /** Minor units of the currency. */
      readonly minAmt: number
      /** Minor units of the currency. */
      readonly maxAmt: number
      readonly notifyUrl: string
      readonly enabled: boolean
      /** What the printed code encodes. */
      readonly codeUrl: string
      /** When it was made. */
      readonly createdAt: string
      /** When an order was last placed by it. */
      readonly lastUsedAt?: string
    }
  }
  /** A static QR code */
  'GET /dashboard-api/static-codes/{codeId}': {
    params: {
      readonly codeId: string
    }
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly codeId: string
      readonly name: string
      readonly subject: string
      readonly currency: string
      /** Minor units of the currency. */
      readonly minAmt: number
      /** Minor units of the currency. */
      readonly maxAmt: number
      readonly notifyUrl: string
      readonly enabled: boolean
      /** What the printed code encodes. */
      readonly codeUrl: string
      /** When it was made. */
      readonly createdAt: string
      /** When an order was last placed by it. */
      readonly lastUsedAt?: string
    }
  }
  /** Rename a static QR code, or switch it off or on */
  'PUT /dashboard-api/static-codes/{codeId}': {
    params: {
      readonly codeId: string
    }
    query: Readonly<Record<string, never>>
    body: {
      /** What the team calls it, e.g. where it hangs; no buyer sees it. */
      readonly name?: string
      /** False: its page says that it is switched off. */
      readonly enabled?: boolean
    }
    data: {
      readonly codeId: string
      readonly name: string
      readonly subject: string
      readonly currency: string
      /** Minor units of the currency. */
      readonly minAmt: number
      /** Minor units of the currency. */
      readonly maxAmt: number
      readonly notifyUrl: string
      readonly enabled: boolean
      /** What the printed code encodes. */
      readonly codeUrl: string
      /** When it was made. */
      readonly createdAt: string
      /** When an order was last placed by it. */
      readonly lastUsedAt?: string
    }
  }
  /** List refunds */
  'GET /dashboard-api/refunds': {
    params: Readonly<Record<string, never>>
    query: {
      readonly limit?: string
      readonly startingAfter?: string
      readonly status?: 'PROCESSING' | 'SUCCESS' | 'REFUNDCLOSE' | 'FAIL'
      readonly currency?: string
      readonly from?: string
      readonly to?: string
    }
    body: undefined
    data: {
      readonly items: readonly {
        readonly ucpRefundNo: string
        readonly outRefundNo: string
        readonly ucpOrderNo: string
        readonly outTradeNo: string
        /** Minor units of the currency. */
        readonly refundAmt: number
        readonly currency: string
        readonly refundDesc: string
        /** Where the refund stands. */
        readonly refundStatus: 'PROCESSING' | 'SUCCESS' | 'REFUNDCLOSE' | 'FAIL'
        /** When it was accepted. */
        readonly createdAt: string
        /** When the money went back. */
        readonly refundSuccessTime?: string
      }[]
      readonly hasMore: boolean
    }
  }
  /** List customers, masked */
  'GET /dashboard-api/customers': {
    params: Readonly<Record<string, never>>
    query: {
      readonly limit?: string
      readonly startingAfter?: string
    }
    body: undefined
    data: {
      readonly items: readonly {
        readonly userId: string
        /** a•••@e•••.com */
        readonly emailMasked?: string
        readonly nameMasked?: string
        readonly reference?: string
        readonly language?: string
        /** When the customer was made. */
        readonly createdAt: string
        /** When the customer was last changed. */
        readonly updatedAt: string
      }[]
      readonly hasMore: boolean
    }
  }
  /** Find a customer by e-mail address */
  'POST /dashboard-api/customers/search': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly email: string
    }
    data: {
      readonly items: readonly {
        readonly userId: string
        /** a•••@e•••.com */
        readonly emailMasked?: string
        readonly nameMasked?: string
        readonly reference?: string
        readonly language?: string
        /** When the customer was made. */
        readonly createdAt: string
        /** When the customer was last changed. */
        readonly updatedAt: string
      }[]
      readonly hasMore: boolean
    }
  }
  /** A customer, masked */
  'GET /dashboard-api/customers/{userId}': {
    params: {
      readonly userId: string
    }
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly userId: string
      /** a•••@e•••.com */
      readonly emailMasked?: string
      readonly nameMasked?: string
      readonly reference?: string
      readonly language?: string
      /** When the customer was made. */
      readonly createdAt: string
      /** When the customer was last changed. */
      readonly updatedAt: string
    }
  }
  /** Show a customer's data; it is recorded */
  'POST /dashboard-api/customers/{userId}/reveal': {
    params: {
      readonly userId: string
    }
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      readonly email?: string
      readonly name?: string
      readonly phone?: string
      readonly address?: string
    }
  }
  /** Erase a customer for good */
  'POST /dashboard-api/customers/{userId}/erase': {
    params: {
      readonly userId: string
    }
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      /** Since when nothing is left. */
      readonly erasedAt: string
    }
  }
  /** List API keys */
  'GET /dashboard-api/api-keys': {
    params: Readonly<Record<string, never>>
    query: {
      readonly limit?: string
      readonly startingAfter?: string
    }
    body: undefined
    data: {
      readonly items: readonly {
        readonly apiKeyId: string
        /** sk: everything. rk: what its scopes say. pk: publishable. */
        readonly kind: 'sk' | 'rk' | 'pk'
        /** test: no money moves. */
        readonly mode: 'test' | 'live'
        readonly name: string
        readonly scopes: readonly string[]
        readonly ipAllowList: readonly string[]
        /** Only an active key opens anything. */
        readonly status: 'active' | 'expired' | 'revoked'
        /** When it was made. */
        readonly createdAt: string
        /** When it ends; never where absent. */
        readonly expiresAt?: string
        /** When it was revoked. */
        readonly revokedAt?: string
        /** The key that replaced it. */
        readonly rolledInto?: string
        /** When it was last used, to within some seconds. */
        readonly lastUsedAt?: string
        readonly lastUsedIp?: string
        readonly lastUsedAgent?: string
      }[]
      readonly hasMore: boolean
    }
  }
  /** Make an API key */
  'POST /dashboard-api/api-keys': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly name: string
      /** What it is. */
      readonly kind: 'sk' | 'rk' | 'pk'
      readonly scopes: readonly (
        | 'payments:read'
        | 'payments:write'
        | 'refunds:write'
        | 'customers:read'
        | 'customers:write'
        | 'subscriptions:read'
        | 'subscriptions:write'
        | 'reports:read'
        | 'keys:read'
        | 'keys:write'
      )[]
      readonly ipAllowList: readonly string[]
      /** 90 where absent. */
      readonly expiresInDays?: number
    }
    data: {
      readonly apiKeyId: string
      /** sk: everything. rk: what its scopes say. pk: publishable. */
      readonly kind: 'sk' | 'rk' | 'pk'
      /** test: no money moves. */
      readonly mode: 'test' | 'live'
      readonly name: string
      readonly scopes: readonly string[]
      readonly ipAllowList: readonly string[]
      /** Only an active key opens anything. */
      readonly status: 'active' | 'expired' | 'revoked'
      /** When it was made. */
      readonly createdAt: string
      /** When it ends; never where absent. */
      readonly expiresAt?: string
      /** When it was revoked. */
      readonly revokedAt?: string
      /** The key that replaced it. */
      readonly rolledInto?: string
      /** When it was last used, to within some seconds. */
      readonly lastUsedAt?: string
      readonly lastUsedIp?: string
      readonly lastUsedAgent?: string
      readonly key: string
    }
  }
  /** Revoke an API key */
  'POST /dashboard-api/api-keys/{apiKeyId}/revoke': {
    params: {
      readonly apiKeyId: string
    }
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      readonly apiKeyId: string
      /** sk: everything. rk: what its scopes say. pk: publishable. */
      readonly kind: 'sk' | 'rk' | 'pk'
      /** test: no money moves. */
      readonly mode: 'test' | 'live'
      readonly name: string
      readonly scopes: readonly string[]
      readonly ipAllowList: readonly string[]
      /** Only an active key opens anything. */
      readonly status: 'active' | 'expired' | 'revoked'
      /** When it was made. */
      readonly createdAt: string
      /** When it ends; never where absent. */
      readonly expiresAt?: string
      /** When it was revoked. */
      readonly revokedAt?: string
      /** The key that replaced it. */
      readonly rolledInto?: string
      /** When it was last used, to within some seconds. */
      readonly lastUsedAt?: string
      readonly lastUsedIp?: string
      readonly lastUsedAgent?: string
    }
  }
  /** Replace an API key */
  'POST /dashboard-api/api-keys/{apiKeyId}/roll': {
    params: {
      readonly apiKeyId: string
    }
    query: Readonly<Record<string, never>>
    body: {
      readonly overlapS: number
      /** 90 where absent. */
      readonly expiresInDays?: number
    }
    data: {
      readonly apiKeyId: string
      /** sk: everything. rk: what its scopes say. pk: publishable. */
      readonly kind: 'sk' | 'rk' | 'pk'
      /** test: no money moves. */
      readonly mode: 'test' | 'live'
      readonly name: string
      readonly scopes: readonly string[]
      readonly ipAllowList: readonly string[]
      /** Only an active key opens anything. */
      readonly status: 'active' | 'expired' | 'revoked'
      /** When it was made. */
      readonly createdAt: string
      /** When it ends; never where absent. */
      readonly expiresAt?: string
      /** When it was revoked. */
      readonly revokedAt?: string
      /** The key that replaced it. */
      readonly rolledInto?: string
      /** When it was last used, to within some seconds. */
      readonly lastUsedAt?: string
      readonly lastUsedIp?: string
      readonly lastUsedAgent?: string
      readonly key: string
    }
  }
  /** List notifications */
  'GET /dashboard-api/notifications': {
    params: Readonly<Record<string, never>>
    query: {
      readonly limit?: string
      readonly startingAfter?: string
      readonly status?: 'pending' | 'delivered' | 'failed'
      readonly notifyUrl?: string
      readonly from?: string
      readonly to?: string
    }
    body: undefined
    data: {
      readonly items: readonly {
        readonly notificationId: string
        /** What it tells of. */
        readonly kind: 'payment' | 'refund' | 'security'
        readonly ucpOrderNo?: string
        readonly notifyUrl: string
        /** Where it stands. */
        readonly status: 'pending' | 'delivered' | 'failed'
        readonly attempts: number
        /** When it happened. */
        readonly createdAt: string
        /** When it is tried again. */
        readonly nextAttemptAt?: string
      }[]
      readonly hasMore: boolean
    }
  }
  /** A notification and its attempts */
  'GET /dashboard-api/notifications/{notificationId}': {
    params: {
      readonly notificationId: string
    }
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly notification: {
        readonly notificationId: string
        /** What it tells of. */
        readonly kind: 'payment' | 'refund' | 'security'
        readonly ucpOrderNo?: string
        readonly notifyUrl: string
        /** Where it stands. */
        readonly status: 'pending' | 'delivered' | 'failed'
        readonly attempts: number
        /** When it happened. */
        readonly createdAt: string
        /** When it is tried again. */
        readonly nextAttemptAt?: string
      }
      readonly data: {
        readonly [name: string]: string | number
      }
      readonly attempts: readonly {
        readonly attemptNo: number
        /** When. */
        readonly at: string
        readonly durationMs: number
        readonly httpStatus?: number
        /** delivered, refused, or why no answer came. */
        readonly outcome: string
      }[]
    }
  }
  /** Send one or a range again */
  'POST /dashboard-api/notifications/resend': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly notificationId?: string
      /** Made at or after. */
      readonly from?: string
      /** Made before. */
      readonly to?: string
      /** Only these; failed where absent. */
      readonly status?: 'delivered' | 'failed'
    }
    data: {
      readonly resent: number
      /** True where the range holds more than the 1,000 of one go. */
      readonly hasMore: boolean
    }
  }
  /** Where notifications go */
  'GET /dashboard-api/notification-endpoints': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      /** Addresses that were told something within 30 days. */
      readonly items: readonly {
        readonly notifyUrl: string
        readonly delivered: number
        readonly pending: number
        readonly failed: number
        /** When something was last sent there. */
        readonly lastAt: string
      }[]
      readonly secrets: readonly {
        readonly secretId: string
        /** When it was made. */
        readonly createdAt: string
        /** When it ends; it is the current one where absent. */
        readonly expiresAt?: string
      }[]
    }
  }
  /** Make a new signing secret */
  'POST /dashboard-api/notification-secrets/rotate': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** Seconds that the old one lives on. */
      readonly overlapS: number
    }
    data: {
      /** whsec_…, this once. */
      readonly secret: string
    }
  }
  /** List failed requests */
  'GET /dashboard-api/logs': {
    params: Readonly<Record<string, never>>
    query: {
      readonly limit?: string
      readonly startingAfter?: string
      readonly msg?: string
      readonly actor?: string
      readonly from?: string
      readonly to?: string
    }
    body: undefined
    data: {
      readonly items: readonly {
        readonly requestId: string
        /** When. */
        readonly at: string
        readonly method: string
        readonly route?: string
        readonly status: number
        readonly msg: string
        readonly actor?: string
      }[]
      readonly hasMore: boolean
    }
  }
  /** The story of a failed request */
  'GET /dashboard-api/logs/{requestId}': {
    params: {
      readonly requestId: string
    }
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly record: {
        readonly requestId: string
        /** When. */
        readonly at: string
        readonly method: string
        readonly route?: string
        readonly status: number
        readonly msg: string
        readonly actor?: string
      }
      /** Names, codes, rules and places in our code. */
      readonly error: {
        readonly [name: string]: unknown
      }
    }
  }
  /** List the audit log */
  'GET /dashboard-api/audit-log': {
    params: Readonly<Record<string, never>>
    query: {
      readonly limit?: string
      readonly startingAfter?: string
      readonly actor?: string
      readonly action?: string
      readonly target?: string
      readonly from?: string
      readonly to?: string
    }
    body: undefined
    data: {
      readonly items: readonly {
        readonly auditId: string
        /** When. */
        readonly at: string
        /** In which mode. */
        readonly mode: 'test' | 'live'
        readonly actor: string
        /** Of a member or a key. */
        readonly actorName?: string
        readonly action: string
        readonly target: string
        readonly requestId?: string
        readonly ip?: string
        readonly before?: string
        readonly after?: string
        /** Its place in the chain; absent for a moment, until it is sealed. */
        readonly seq?: number
      }[]
      readonly hasMore: boolean
    }
  }
  /** Verify the chain */
  'POST /dashboard-api/audit-log/verify': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      readonly holds: boolean
      readonly entries: number
      readonly checkpoints: number
      readonly finding?: {
        readonly seq?: number
        /** The kind of finding. */
        readonly code:
          | 'after-end'
          | 'no-export'
          | 'export-cut'
          | 'second-export'
          | 'chain-repeated'
          | 'chain-order'
          | 'other-merchant'
          | 'rows-removed'
          | 'row-behind'
          | 'row-unsealed'
          | 'row-order'
          | 'row-changed'
          | 'chain-cut'
          | 'chain-changed'
          | 'clock-back'
          | 'export-changed'
          | 'rows-uncovered'
          | 'checkpoint-old'
          | 'anchor-missing'
          | 'key-unknown'
          | 'key-wrong'
          | 'signature-wrong'
          | 'line-moved'
          | 'line-broken'
          | 'line-unknown'
          | 'line-members'
          | 'line-spelled'
        readonly what: string
      }
    }
  }
  /** Export signed evidence; it is recorded */
  'POST /dashboard-api/evidence': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** Activity is counted from here. */
      readonly from: string
      /** Before this; 366 days at most. */
      readonly to: string
    }
    data: {
      /** The file, to be saved as it is: what is signed is its very bytes. */
      readonly bundle: string
    }
  }
  /** Sums by day */
  'GET /dashboard-api/report-summary': {
    params: Readonly<Record<string, never>>
    query: {
      readonly from: string
      readonly to: string
      readonly zone?: string
    }
    body: undefined
    data: {
      readonly merchantName: string
      readonly rows: readonly {
        readonly day: string
        readonly currency: string
        readonly paidCount: number
        /** Minor units of the currency. */
        readonly paidAmt: number
        readonly refundCount: number
        /** Minor units of the currency. */
        readonly refundedAmt: number
        /** Minor units of the currency. */
        readonly feeAmt: number
      }[]
    }
  }
  /** Read the settings */
  'GET /dashboard-api/settings': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly merchantId: string
      readonly name: string
      readonly securityNotifyUrl?: string
      /** What a member gives back above this within 24 hours asks for the password again: hundredths of a unit of any currency (10000 is CAD 100.00 and JPY 100). */
      readonly refundLimitAmt: number
      readonly signatureScheme: string
      /** In the mode that is looked at. */
      readonly signatures: 'required' | 'optional'
      readonly replySignature: string
      readonly feeBasisPoints: number
    }
  }
  /** Change the settings */
  'PUT /dashboard-api/settings': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      readonly name?: string
      /** Empty: none. */
      readonly securityNotifyUrl?: string
      readonly refundLimitAmt?: number
    }
    data: {
      readonly merchantId: string
      readonly name: string
      readonly securityNotifyUrl?: string
      /** What a member gives back above this within 24 hours asks for the password again: hundredths of a unit of any currency (10000 is CAD 100.00 and JPY 100). */
      readonly refundLimitAmt: number
      readonly signatureScheme: string
      /** In the mode that is looked at. */
      readonly signatures: 'required' | 'optional'
      readonly replySignature: string
      readonly feeBasisPoints: number
    }
  }
  /** Where the money goes, masked */
  'GET /dashboard-api/payout-details': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: undefined
    data: {
      readonly details?: {
        /** CA: institution, transit, account. US: routing, account. IBAN: iban. */
        readonly form: 'CA' | 'US' | 'IBAN'
        /** C••• */
        readonly holderMasked: string
        /** The last four of the account number or the IBAN. */
        readonly last4: string
        readonly changedAt: string
        /** A member's id. */
        readonly changedBy: string
      }
    }
  }
  /** Change where the money goes */
  'PUT /dashboard-api/payout-details': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: {
      /** CA: institution, transit, account. US: routing, account. IBAN: iban. */
      readonly form: 'CA' | 'US' | 'IBAN'
      /** The account holder's name. */
      readonly holder: string
      /** 3 digits. */
      readonly institution?: string
      /** 5 digits. */
      readonly transit?: string
      /** 9 digits, the last one the ABA check digit. */
      readonly routing?: string
      /** 7 to 12 digits in Canada, 4 to 17 in the United States. */
      readonly account?: string
      /** ISO 13616, without spaces. */
      readonly iban?: string
    }
    data: {
      readonly details?: {
        /** CA: institution, transit, account. US: routing, account. IBAN: iban. */
        readonly form: 'CA' | 'US' | 'IBAN'
        /** C••• */
        readonly holderMasked: string
        /** The last four of the account number or the IBAN. */
        readonly last4: string
        readonly changedAt: string
        /** A member's id. */
        readonly changedBy: string
      }
    }
  }
  /** Show where the money goes; it is recorded */
  'POST /dashboard-api/payout-details/reveal': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: Readonly<Record<string, never>>
    data: {
      /** CA: institution, transit, account. US: routing, account. IBAN: iban. */
      readonly form: 'CA' | 'US' | 'IBAN'
      /** The account holder's name. */
      readonly holder: string
      /** 3 digits. */
      readonly institution?: string
      /** 5 digits. */
      readonly transit?: string
      /** 9 digits, the last one the ABA check digit. */
      readonly routing?: string
      /** 7 to 12 digits in Canada, 4 to 17 in the United States. */
      readonly account?: string
      /** ISO 13616, without spaces. */
      readonly iban?: string
    }
  }
  /** Is the process alive */
  'GET /healthz': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: undefined
    data: undefined
  }
  /** Can the process serve */
  'GET /readyz': {
    params: Readonly<Record<string, never>>
    query: Readonly<Record<string, never>>
    body: undefined
    data: undefined
  }
}

import assert from 'node:assert'
import { createPublicKey, randomBytes } from 'node:crypto'
import { parseApiKey } from '@ucanpay/wire/api-key'
import type { Gateway } from '@ucanpay/gateway/compose'
import { hashApiKey } from '@ucanpay/gateway/domain/api-keys/api-key'
import { createApiKey } from '@ucanpay/gateway/domain/api-keys/create-api-key'
import { findAccount } from '@ucanpay/gateway/domain/api-keys/find-account'
import type { Caller } from '@ucanpay/gateway/domain/caller'
import { acceptInvitation } from '@ucanpay/gateway/domain/members/accept-invitation'
import { inviteMember } from '@ucanpay/gateway/domain/members/invite-member'
import { mintLinkToken } from '@ucanpay/gateway/domain/members/links'
import { findByEmail } from '@ucanpay/gateway/domain/members/member'
import { createMerchant, registerMerchantKey } from '@ucanpay/gateway/domain/merchants/create-merchant'
import { createNotificationSecret } from '@ucanpay/gateway/domain/notifications/notification-secrets'

/** What a developer needs to talk to the sandbox. Test mode only; shown once, kept in `dev.json`. */
export interface SandboxCredentials {
  readonly merchantId: string
  readonly secretKey: string
  readonly publishableKey: string
  readonly webhookSecret: string
  readonly adminEmail: string
  readonly adminPassword: string
}

const MERCHANT_ID = '1000000001'
const KEY_DAYS = 90
/** A key that ends within a week is replaced at the start rather than in the middle of somebody's work. */
const RENEW_BEFORE_MS = 7 * 86_400_000

/**
 * Sets up the sandbox's merchant where the database has none, and gives back its credentials: the ones of the last
 * start where they are still good, else new ones.
 */
export async function seedSandbox(
  gateway: Gateway,
  { earlier, merchantPrivateKey }: { earlier: Partial<SandboxCredentials>; merchantPrivateKey: string },
): Promise<SandboxCredentials> {
  const { db, secrets, clock } = gateway.deps
  const caller: Caller = {
    merchantId: MERCHANT_ID,
    mode: 'test',
    actor: 'operator',
    requestId: null,
    now: clock.now(),
  }
  const kept = await stillGood(gateway, earlier, caller.now)
  if (kept) {
    await ensureOwner(gateway, caller, kept)
    return kept
  }
  const publicKey = createPublicKey(merchantPrivateKey).export({ type: 'spki', format: 'pem' }).toString()
  const [known] = await db.query(`select 1 from merchants where merchant_id = $1`, [MERCHANT_ID])
  if (!known) {
    await db.transaction(async (tx) => {
      await createMerchant(tx, caller, { name: 'Corner Coffee', feeBasisPoints: 290 })
      await registerMerchantKey(tx, caller, { mode: 'test', publicKey })
    })
  }
  const webhookSecret = await db.transaction((tx) => createNotificationSecret({ tx, secrets }, caller, 0))
  const mint = (kind: 'sk' | 'pk') =>
    db.transaction((tx) =>
      createApiKey(tx, caller, {
        kind,
        mode: 'test',
        name: kind === 'sk' ? 'Sandbox secret key' : 'Sandbox publishable key',
        scopes: [],
        expiresInDays: KEY_DAYS,
        pepper: pepperOf(gateway),
      }),
    )
  const [secret, publishable] = [await mint('sk'), await mint('pk')]
  const admin = {
    adminEmail: earlier.adminEmail ?? 'owner@sandbox.localhost',
    adminPassword: earlier.adminPassword ?? randomBytes(18).toString('base64url'),
  }
  await ensureOwner(gateway, caller, admin)
  return {
    ...admin,
    merchantId: MERCHANT_ID,
    secretKey: secret.key,
    publishableKey: publishable.key,
    webhookSecret,
  }
}

/** The owner of the sandbox's merchant, who signs in to the dashboard with what `dev.json` says. */
async function ensureOwner(
  gateway: Gateway,
  caller: Caller,
  { adminEmail, adminPassword }: Pick<SandboxCredentials, 'adminEmail' | 'adminPassword'>,
): Promise<void> {
  const deps = { ...gateway.deps, pepper: pepperOf(gateway) }
  if (await findByEmail(deps.db, await deps.memberVault.indexOf(adminEmail))) return
  const { linkId } = await inviteMember(deps, caller, { email: adminEmail, role: 'owner', byMail: false })
  const minted = await mintLinkToken({ tx: deps.db, pepper: deps.pepper }, caller, linkId)
  assert(minted, 'a link that was just made is good')
  await acceptInvitation(deps, { token: minted.token, name: 'Sandbox owner', password: adminPassword }, caller)
}

function pepperOf({ deps: { listening } }: Gateway): Buffer {
  return listening.pepper
}

/** The last start's credentials, where they are all there and the database still knows the key. */
async function stillGood(
  gateway: Gateway,
  earlier: Partial<SandboxCredentials>,
  now: Date,
): Promise<SandboxCredentials | undefined> {
  const { merchantId, secretKey, publishableKey, webhookSecret, adminEmail, adminPassword } = earlier
  if (!merchantId || !secretKey || !publishableKey || !webhookSecret || !adminEmail || !adminPassword) return undefined
  if (!parseApiKey(secretKey)) return undefined
  const account = await findAccount(gateway.deps.db, hashApiKey(secretKey, pepperOf(gateway)))
  if (!account?.expiresAt || account.expiresAt.getTime() - now.getTime() <= RENEW_BEFORE_MS) return undefined
  return { merchantId, secretKey, publishableKey, webhookSecret, adminEmail, adminPassword }
}

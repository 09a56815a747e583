import { ROLES } from '@ucanpay/wire/dashboard/roles'
import { inviteMember } from '@ucanpay/gateway/domain/members/invite-member'
import { createLink, mintLinkToken } from '@ucanpay/gateway/domain/members/links'
import { inviteAgain, setEnabled } from '@ucanpay/gateway/domain/members/manage-member'
import { createMemberVault } from '@ucanpay/gateway/domain/members/member-vault'
import { findMember, listMembers, type MemberDeps } from '@ucanpay/gateway/domain/members/member'
import { createDataKeys } from '@ucanpay/gateway/domain/sealing/data-keys'
import { endSessionsOf } from '@ucanpay/gateway/domain/sessions/session'
import type { Caller } from '@ucanpay/gateway/domain/caller'
import { print, readArguments, required, shown, table, UsageError, type Given } from '../command.ts'
import { withInstallation, type Installation } from '../installation.ts'

export const MEMBERS_HELP = `ucanpay members: who signs in to the dashboard of a merchant

  ucanpay members invite  --merchant ID --email ADDRESS --role ROLE   prints a link, good for seven days, once
  ucanpay members list    --merchant ID
  ucanpay members link    MEMBER_ID --merchant ID     a new link: to accept the invitation, or to set a new password
  ucanpay members disable MEMBER_ID --merchant ID     signs them out everywhere; enable lets them in again

Roles: ${ROLES.join(', ')}. The first member of a merchant is invited here; owners and admins then invite
others from the dashboard, which mails links where UCANPAY_SMTP_URL is set. A link is a secret: hand it to nobody else.`

const OPTIONS = { merchant: { type: 'string' }, email: { type: 'string' }, role: { type: 'string' } } as const

/** What an action works with. */
interface Work {
  readonly deps: MemberDeps
  readonly caller: Caller
  readonly installation: Installation
  readonly given: Given
}

const ACTIONS: Readonly<Record<string, (work: Work) => Promise<number>>> = { invite, list, link, disable, enable }

/** `ucanpay members …`. @returns the exit code */
export function members([action = '', ...args]: readonly string[]): Promise<number> {
  const given = readArguments(args, OPTIONS)
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
  if (!act) throw new UsageError(`members has no action ${shown(action)}\n\n${MEMBERS_HELP}`)
  const merchantId = required(given, 'merchant')
  return withInstallation(async (installation) => {
    const { db, source, installationKeys, operator } = installation
    const { blindIndex } = await installationKeys()
    const dataKeys = createDataKeys({ db, source: await source() })
    const deps = { db, memberVault: createMemberVault({ dataKeys, indexKey: blindIndex }) }
    return act({ deps, caller: operator(merchantId, 'live'), installation, given })
  })
}

async function invite({ deps, caller, installation, given }: Work): Promise<number> {
  const role = ROLES.find((name) => name === required(given, 'role'))
  if (!role) throw new UsageError(`--role is one of ${ROLES.join(', ')}`)
  const email = required(given, 'email')
  if (!/^[^\s@]{1,64}@[^\s@]{1,189}$/.test(email)) throw new UsageError('--email is an e-mail address')
  const { linkId } = await inviteMember(deps, caller, { email, role, byMail: false })
  return printLink(installation, caller, linkId)
}

async function list({ deps, caller }: Work): Promise<number> {
  const rows = (await listMembers(deps, caller)).map((member) => [
    member.memberId,
    member.role,
    member.status,
    member.hasTotp || member.hasPasskey ? 'yes' : 'no',
    member.lastSignInAt?.toISOString().slice(0, 16) ?? '–',
    `${shown(member.email)} ${shown(member.name)}`.trim(),
  ])
  print(table(['MEMBER', 'ROLE', 'STATUS', 'SECOND FACTOR', 'LAST SIGN-IN', 'WHO'], rows))
  return 0
}

async function link({ deps, caller, installation, given }: Work): Promise<number> {
  const memberId = idOf(given)
  const { status } = await findMember(deps.db, caller, memberId)
  const linkId = await deps.db.transaction((tx) =>
    status === 'invited'
      ? inviteAgain(tx, caller, { memberId, by: { role: 'owner' } })
      : createLink(tx, caller, { memberId, purpose: 'password-reset' }),
  )
  return printLink(installation, caller, linkId)
}

function disable(work: Work): Promise<number> {
  return setTo(work, false)
}

function enable(work: Work): Promise<number> {
  return setTo(work, true)
}

async function setTo({ deps, caller, given }: Work, enabled: boolean): Promise<number> {
  const memberId = idOf(given)
  await deps.db.transaction(async (tx) => {
    await setEnabled(tx, caller, { memberId, enabled, by: { role: 'owner' } })
    await endSessionsOf(tx, caller, { memberId })
  })
  print(enabled ? `${memberId} may sign in again.` : `${memberId} is signed out everywhere and may not sign in.`)
  return 0
}

function idOf({ positionals: [memberId] }: Given): string {
  if (memberId === undefined) throw new UsageError('which member? ucanpay members list shows them')
  return memberId
}

/** The link goes to standard output alone, so that it can be piped; words go beside it. */
async function printLink(
  { db, place, installationKeys }: Installation,
  caller: Caller,
  linkId: string,
): Promise<number> {
  const { pepper } = await installationKeys()
  const minted = await mintLinkToken({ tx: db, pepper }, caller, linkId)
  if (!minted) throw new UsageError('the link was used meanwhile')
  const { purpose, memberId } = minted.link
  process.stderr.write(
    `A link for ${memberId}; it is shown this once, and good for ${purpose === 'invitation' ? 'seven days' : '15 minutes'}:\n`,
  )
  print(`${place.dashboardUrl}/${purpose === 'invitation' ? 'invitation' : 'reset'}#${minted.token}`)
  return 0
}

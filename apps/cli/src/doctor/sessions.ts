import { randomBytes } from 'node:crypto'
import type { Installation } from '../installation.ts'
import { ask, targetOf } from './probe.ts'
import { countOf, row, type Row } from './row.ts'

/** Practices 10 and 11: the dashboard's sessions, as they are stored, and its cookie, as a browser is handed it. */
export async function checkSessions(installation: Installation): Promise<readonly Row[]> {
  return [...(await timeOuts(installation)), ...(await cookie(installation))]
}

async function timeOuts(installation: Installation): Promise<Row[]> {
  const tooLong = await countOf(
    installation,
    `from sessions where idle_ends_at > last_seen_at + interval '15 minutes' or ends_at > created_at + interval '12 hours'`,
  )
  const bounds = await countOf(
    installation,
    `from pg_constraint where conrelid = 'sessions'::regclass and contype = 'c'
       and (pg_get_constraintdef(oid) like '%00:15:00%' or pg_get_constraintdef(oid) like '%12:00:00%')`,
  )
  const alone = await countOf(
    installation,
    `from members m where m.status = 'active'
       and not exists (select from totp_factors f where f.merchant_id = m.merchant_id and f.member_id = m.member_id and f.confirmed_at is not null)
       and not exists (select from passkeys p where p.merchant_id = m.merchant_id and p.member_id = m.member_id)`,
  )
  const bare = await countOf(installation, `from sessions where mode = 'live' and not second_factor`)
  return [
    row(10, 'sessions end after 15 minutes idle and 12 hours in all, and the database itself refuses longer ones', {
      good: tooLong === 0 && bounds === 2,
      evidence: `${tooLong} longer ones; ${bounds} of 2 constraints are there`,
      remedy: 'restore the constraints of the table sessions (migration 0019)',
    }),
    row(10, 'nothing in live mode opens without a second factor', {
      good: bare === 0,
      evidence:
        alone === 0 ? 'every active member has one' : `${alone} active members have none, and see test mode alone`,
      remedy: 'restore the constraints of the table sessions (migration 0019)',
    }),
  ]
}

/** A cookie that is nobody's is taken back, under the same name and with the same marks as a good one. */
async function cookie({ place }: Installation): Promise<Row[]> {
  const what = 'the session cookie is for this host, HTTPS and the server alone'
  const target = targetOf(place.dashboardUrl, place.caFile)
  const nobodys = `__Host-ucanpay=${randomBytes(32).toString('base64url')}`
  const { status, headers } = await ask(target, '/dashboard-api/session', { headers: { cookie: nobodys } })
  const marks = [headers['set-cookie'] ?? []].flat().join()
  const good = ['__Host-ucanpay=', 'Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict'].every((mark) =>
    marks.includes(mark),
  )
  return [
    row(11, what, {
      good: status === 401 && good,
      evidence: marks === '' ? `answered ${status} without a cookie` : marks.replace(/;? ?Max-Age=0/, ''),
      remedy:
        'something before the dashboard rewrites cookies: let them through; or set UCANPAY_DASHBOARD_URL where it answers',
    }),
  ]
}

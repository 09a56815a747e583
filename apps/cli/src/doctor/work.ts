import type { Installation } from '../installation.ts'
import { countOf, oldestS, row, type Row } from './row.ts'

/** Work waits for its turn by design; this much past it, nobody is doing it. */
const LATE_S = 300
const UNSEALED_S = 60

/** Each kind of data that has an end, with an hour's grace for a worker that was away for a moment. */
const OVERDUE: readonly (readonly [string, string])[] = [
  ['cards', `from cards where purge_after < now() - interval '1 hour'`],
  ['nonces', `from nonces where expires_at < now() - interval '1 hour'`],
  ['repeat keys', `from idempotency_keys where expires_at < now() - interval '1 hour'`],
  ['error records', `from error_records where at < now() - interval '90 days 1 hour'`],
  ['notifications', `from notifications where created_at < now() - interval '180 days 1 hour' and status <> 'pending'`],
  ['alerts', `from alerts where last_at < now() - interval '400 days 1 hour'`],
]

/** Practices 13 and 14: what the worker has to do is done. */
export async function checkWork(installation: Installation): Promise<readonly Row[]> {
  const late = await oldestS(installation, 'due_at', 'from outbox')
  const failed = await countOf(
    installation,
    `from notifications where status = 'failed' and created_at > now() - interval '7 days'`,
  )
  const unsealed = await oldestS(
    installation,
    'l.at',
    'from audit_unsealed u join audit_log l on l.merchant_id = u.merchant_id and l.audit_id = u.audit_id',
  )
  const overdue: string[] = []
  for (const [what, sql] of OVERDUE) {
    const count = await countOf(installation, sql)
    if (count > 0) overdue.push(`${count} ${what}`)
  }
  const remedy = 'run the worker: ucanpay serve --role worker; its log says what fails'
  return [
    row(13, 'the audit log is sealed as it is written', {
      good: unsealed <= UNSEALED_S,
      evidence: unsealed === 0 ? 'every row is sealed' : `the oldest row without a seal is ${unsealed} s old`,
      remedy,
    }),
    row(14, 'notifications, refunds and expiries are not stuck', {
      good: late <= LATE_S,
      evidence: `${late === 0 ? 'nothing is late' : `the oldest is ${late} s late`}; ${failed} notifications failed for good within 7 days`,
      remedy,
    }),
    row(14, 'nothing is kept past its time', {
      good: overdue.length === 0,
      evidence:
        overdue.length === 0 ? `${OVERDUE.length} kinds of data looked at` : `${overdue.join(', ')} should be gone`,
      remedy,
    }),
  ]
}

import type { HomeData } from '@ucanpay/wire/dashboard/record-schemas'
import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'

type Practice = HomeData['practices'][number]

/** What is looked at, of the caller's merchant in the caller's mode. */
interface Facts {
  readonly plainNotifyUrls: number
  readonly keysExposed: number
  readonly activeKeys: number
  readonly oldKeys: number
  readonly endingKeys: number
  readonly sealedCustomers: number
  readonly outgoing: number
  readonly failures: number
  readonly sessions: number
  readonly auditors: number
  readonly sealedUntil: string | null
  readonly unsealed: number
  readonly membersWithoutFactor: number
}

const OLD_AFTER_DAYS = 90
const ENDING_WITHIN_DAYS = 14
const LOOK_BACK_DAYS = 90

/**
 * The 14 practices of UCanPay's page, each with what is true of this merchant now. What the gateway holds by itself is
 * `held`; `attention` is what the merchant can mend here; `yours` what only the merchant can do, elsewhere.
 *
 * @see the table of practices in the product's documents
 */
export async function practicesOf(tx: Tx, caller: Caller): Promise<Practice[]> {
  const [facts] = await tx.query<Facts>(FACTS, [
    caller.merchantId,
    caller.mode,
    caller.now,
    LOOK_BACK_DAYS,
    OLD_AFTER_DAYS,
    ENDING_WITHIN_DAYS,
  ])
  if (!facts) throw new Error('a select without a table gave no row')
  return practicesFrom(facts)
}

const OF_MERCHANT = 'merchant_id = $1 and mode = $2'
const ACTIVE_KEY = `${OF_MERCHANT} and revoked_at is null and (expires_at is null or expires_at > $3)`
const LEAKS = `'key-in-browser', 'key-in-url', 'key-in-body', 'key-over-http', 'key-reported'`

const FACTS = `select
  (select count(*)::int from (select distinct notify_url from (select notify_url from notifications where ${OF_MERCHANT}
     order by created_at desc limit 1000) newest where notify_url not like 'https:%') plain) as "plainNotifyUrls",
  (select count(distinct target)::int from alerts where ${OF_MERCHANT} and kind in (${LEAKS})
     and last_at > $3::timestamptz - make_interval(days => $4)) as "keysExposed",
  (select count(*)::int from api_keys where ${ACTIVE_KEY}) as "activeKeys",
  (select count(*)::int from api_keys where ${ACTIVE_KEY} and rolled_into is null
     and created_at < $3::timestamptz - make_interval(days => $5)) as "oldKeys",
  (select count(*)::int from api_keys where ${ACTIVE_KEY} and rolled_into is null
     and expires_at <= $3::timestamptz + make_interval(days => $6)) as "endingKeys",
  (select count(*)::int from (select from customers where ${OF_MERCHANT} and erased_at is null limit 10000) c) as "sealedCustomers",
  (select count(*)::int from (select from notifications where ${OF_MERCHANT} limit 10000) n) as outgoing,
  (select count(*)::int from (select from error_records where ${OF_MERCHANT} limit 10000) e) as failures,
  (select count(*)::int from sessions where merchant_id = $1 and ended_at is null and idle_ends_at > $3 and ends_at > $3) as sessions,
  (select count(*)::int from members where merchant_id = $1 and role = 'auditor' and status = 'active') as auditors,
  (select to_char(sealed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from audit_seals where merchant_id = $1
     order by seq desc limit 1) as "sealedUntil",
  (select count(*)::int from audit_unsealed where merchant_id = $1) as unsealed,
  (select count(*)::int from members m where merchant_id = $1 and status = 'active'
     and not exists (select from totp_factors t where t.merchant_id = m.merchant_id and t.member_id = m.member_id and t.confirmed_at is not null)
     and not exists (select from passkeys p where p.merchant_id = m.merchant_id and p.member_id = m.member_id)) as "membersWithoutFactor"`

function practicesFrom(facts: Facts): Practice[] {
  return [
    judged(1, facts.plainNotifyUrls, {
      evidence: `HTTPS alone, HSTS; ${facts.plainNotifyUrls} notification addresses without TLS`,
      figures: { plain: facts.plainNotifyUrls },
    }),
    held(2, { evidence: 'outgoing connections verify certificates; nothing turns it off' }),
    judged(3, facts.keysExposed, {
      evidence: `${facts.keysExposed} keys seen outside a server within ${LOOK_BACK_DAYS} days`,
      figures: { exposed: facts.keysExposed, days: LOOK_BACK_DAYS },
    }),
    regenerated(facts),
    held(5, { evidence: 'AES-256-GCM, a data key for each merchant' }),
    counted(6, facts.sealedCustomers, 'customers, each sealed under a key of their own'),
    counted(7, facts.outgoing, 'messages passed the outgoing filter'),
    held(8, { evidence: 'one fixed sentence for each failure' }),
    counted(9, facts.failures, 'failures on record, without values'),
    held(10, {
      evidence: `${facts.sessions} open sessions; 15 minutes idle, 12 hours in all`,
      figures: { sessions: facts.sessions },
    }),
    held(11, { evidence: '__Host- cookies: Secure, HttpOnly, SameSite=Strict' }),
    { practice: 12, state: 'yours', evidence: 'ucanpay-audit in your own pipeline', figures: {}, count: 0 },
    audited(facts),
    judged(14, facts.membersWithoutFactor, {
      evidence: `${facts.membersWithoutFactor} members without a second factor`,
      figures: { members: facts.membersWithoutFactor },
    }),
  ]
}

/** What was looked at, in English, and its figures for other languages. */
interface Evidence {
  readonly evidence: string
  readonly figures?: Practice['figures']
}

function regenerated({ activeKeys, oldKeys, endingKeys }: Facts): Practice {
  return judged(4, oldKeys + endingKeys, {
    evidence: `${activeKeys} active keys; ${oldKeys} older than ${OLD_AFTER_DAYS} days, ${endingKeys} end within ${ENDING_WITHIN_DAYS}`,
    figures: {
      active: activeKeys,
      old: oldKeys,
      oldAfter: OLD_AFTER_DAYS,
      ending: endingKeys,
      within: ENDING_WITHIN_DAYS,
    },
  })
}

/** A chain that the worker has not sealed yet is one that nobody can verify; for a moment there are always some rows. */
function audited({ sealedUntil, auditors, unsealed }: Facts): Practice {
  const until = sealedUntil === null ? 'not sealed yet' : `sealed until ${sealedUntil}`
  return held(13, {
    evidence: `audit log ${until}, ${unsealed} rows to come; ${auditors} auditors`,
    figures: { ...(sealedUntil === null ? {} : { sealedUntil }), unsealed, auditors },
  })
}

/** Counting stops at 10,000: it is evidence, no statistics. */
function counted(practice: number, count: number, what: string): Practice {
  return held(practice, { evidence: `${count >= MOST ? 'over 10,000' : count} ${what}`, figures: { count } })
}

const MOST = 10_000

function held(practice: number, { evidence, figures = {} }: Evidence): Practice {
  return { practice, state: 'held', evidence, figures, count: 0 }
}

function judged(practice: number, count: number, { evidence, figures = {} }: Evidence): Practice {
  return { practice, state: count > 0 ? 'attention' : 'held', evidence, figures, count }
}

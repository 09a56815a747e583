import type { Database, Tx } from '../../database/tx.ts'
import type { PlatformKeys } from '../signatures/platform-keys.ts'
import { signText } from '../signatures/signature.ts'
import { CHAIN_START, checkpointText, sealOf, type AuditRow, type Checkpoint } from './chain.ts'

export interface SealDeps {
  readonly db: Database
  readonly keys: PlatformKeys
  /** The newest seal of each merchant that this process has signed; kept by whoever seals again and again. */
  readonly signed?: Map<string, SignedHead> | undefined
}

/** A seal that was signed. */
export interface SignedHead {
  readonly seq: number
  readonly hash: Buffer
}

/** The select list of an `AuditRow`. */
export const AUDIT_COLUMNS = `l.merchant_id as "merchantId", l.audit_id as "auditId", l.mode,
  to_char(l.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, l.actor, l.action, l.target,
  l.request_id as "requestId", l.ip, l.before, l.after`

const ROWS_AT_ONCE = 1_000
const MERCHANTS_AT_ONCE = 100
/** A chain that nothing was added to is signed anew this often, so that an old checkpoint tells of a chain cut short. */
const SIGNED_AGAIN_AFTER_MS = 3_600_000

/**
 * Numbers, chains and signs what was written since the last time. The seals of a merchant and the checkpoint over them
 * come in one transaction, and two workers take turns.
 *
 * A chain that has lost what this process signed is not gone on with: the next checkpoint would cover the loss up. It
 * stands still, which `verifyAudit` finds within a minute.
 *
 * @returns how many rows it sealed
 * @throws AggregateError after all others are sealed, with what went wrong for each merchant
 * @see PCI DSS 10.3.2, 10.3.4
 */
export async function sealAudit(deps: SealDeps, now: Date): Promise<number> {
  const merchants = await deps.db.query<{ merchantId: string }>(
    `select distinct merchant_id as "merchantId" from audit_unsealed limit $1`,
    [MERCHANTS_AT_ONCE],
  )
  let sealed = 0
  await eachMerchant(merchants, async (merchantId) => {
    sealed += await sealMerchant(deps, merchantId, now)
  })
  return sealed
}

/** One merchant's trouble is not another's. */
async function eachMerchant(
  merchants: readonly { merchantId: string }[],
  work: (merchantId: string) => Promise<void>,
): Promise<void> {
  const problems: unknown[] = []
  for (const { merchantId } of merchants) await work(merchantId).catch((error: unknown) => problems.push(error))
  if (problems.length > 0) throw new AggregateError(problems, `${problems.length} audit chains could not be sealed`)
}

/** Signs chains anew whose newest checkpoint is over an hour old. */
export async function renewCheckpoints(deps: SealDeps, now: Date): Promise<void> {
  const due = await deps.db.query<{ merchantId: string }>(
    `select merchant_id as "merchantId" from audit_checkpoints group by merchant_id having max(at) < $1 limit $2`,
    [new Date(now.getTime() - SIGNED_AGAIN_AFTER_MS), MERCHANTS_AT_ONCE],
  )
  await eachMerchant(due, async (merchantId) => {
    const signed = await deps.db.transaction(async (tx) => {
      await takeTurn(tx, merchantId)
      const head = await headOf(tx, merchantId, deps.signed)
      await sign(tx, deps.keys, { merchantId, seq: head.seq, hash: head.hash.toString('hex'), at: now.toISOString() })
      return head
    })
    deps.signed?.set(merchantId, signed)
  })
}

/** @returns how many rows it sealed */
async function sealMerchant(deps: SealDeps, merchantId: string, now: Date): Promise<number> {
  const { rows, head } = await deps.db.transaction((tx) => sealRows(tx, deps, { merchantId, now }))
  if (head) deps.signed?.set(merchantId, head)
  return rows
}

async function sealRows(
  tx: Tx,
  { keys, signed }: SealDeps,
  { merchantId, now }: { merchantId: string; now: Date },
): Promise<{ rows: number; head?: SignedHead }> {
  await takeTurn(tx, merchantId)
  const rows = await tx.query<AuditRow>(
    `select ${AUDIT_COLUMNS} from audit_unsealed u
     join audit_log l on l.merchant_id = u.merchant_id and l.audit_id = u.audit_id
     where u.merchant_id = $1 order by u.queued limit $2`,
    [merchantId, ROWS_AT_ONCE],
  )
  if (rows.length === 0) return { rows: 0 }
  let head = await headOf(tx, merchantId, signed)
  const seals = rows.map((row) => {
    head = { seq: head.seq + 1, hash: sealOf(row, head.seq + 1, head.hash) }
    return { auditId: row.auditId, ...head }
  })
  await tx.query(
    `insert into audit_seals (merchant_id, seq, audit_id, hash, sealed_at)
     select $1, seq, audit_id, hash, $2 from unnest($3::bigint[], $4::text[], $5::bytea[]) as s (seq, audit_id, hash)`,
    [merchantId, now, seals.map((seal) => seal.seq), seals.map((seal) => seal.auditId), seals.map((seal) => seal.hash)],
  )
  await tx.query(`delete from audit_unsealed where merchant_id = $1 and audit_id = any($2)`, [
    merchantId,
    seals.map((seal) => seal.auditId),
  ])
  await sign(tx, keys, { merchantId, seq: head.seq, hash: head.hash.toString('hex'), at: now.toISOString() })
  return { rows: rows.length, head }
}

/** Chains have no row of their own to lock. */
async function takeTurn(tx: Tx, merchantId: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('ucanpay audit ' || $1, 0))`, [merchantId])
}

/** @throws Error where the chain does not hold what this process signed */
async function headOf(tx: Tx, merchantId: string, signed: SealDeps['signed']): Promise<SignedHead> {
  const known = signed?.get(merchantId)
  if (known) {
    const there = await tx.query(`select 1 from audit_seals where merchant_id = $1 and seq = $2 and hash = $3`, [
      merchantId,
      known.seq,
      known.hash,
    ])
    if (there.length === 0)
      throw new Error(
        `the audit chain of ${merchantId} has lost row ${known.seq}, which was signed: it was cut short or replaced`,
      )
  }
  const [head] = await tx.query<SignedHead>(
    `select seq, hash from audit_seals where merchant_id = $1 order by seq desc limit 1`,
    [merchantId],
  )
  return head ?? { seq: 0, hash: CHAIN_START }
}

async function sign(tx: Tx, keys: PlatformKeys, checkpoint: Checkpoint): Promise<void> {
  const { kid, privateKey } = keys.active.RSA
  const text = checkpointText(checkpoint)
  const signature = await signText(privateKey, { text, scheme: 'guide-2024', algorithm: 'RSA' })
  await tx.query(
    `insert into audit_checkpoints (merchant_id, seq, at, hash, kid, signature) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [checkpoint.merchantId, checkpoint.seq, checkpoint.at, Buffer.from(checkpoint.hash, 'hex'), kid, signature],
  )
}

import type { Tx } from '../../database/tx.ts'
import type { Caller } from '../caller.ts'
import { newId } from '../ids.ts'

export type LedgerAccount =
  'acquirer_receivable' | 'merchant_payable' | 'refunds_pending' | 'fees_receivable' | 'fee_revenue' | 'paid_out'

export type PostingKind =
  | 'capture'
  | 'fee'
  | 'refund'
  | 'refund-sent'
  | 'refund-failed'
  | 'reversal'
  | 'reversal-sent'
  | 'fee-reversal'
  | 'payout'

/** Money that moves from one account to another: `debit` gains what `credit` gives. */
export interface Posting {
  readonly kind: PostingKind
  readonly debit: LedgerAccount
  readonly credit: LedgerAccount
  /** Minor units, at least 1. */
  readonly amount: number
  readonly currency: string
  /** Absent for payouts alone. */
  readonly ucpOrderNo?: string
  /** The attempt, refund or payout that caused it; one posting of a kind for each. */
  readonly ref: string
}

/**
 * Writes balanced entries, all in one statement; the database refuses any that are not, and any that come twice.
 * The balances of the accounts move in the same transaction.
 */
export async function postEntries(tx: Tx, caller: Caller, postings: readonly Posting[]): Promise<void> {
  const lines = postings.flatMap((posting) => {
    const postingId = newId('pst', caller.now)
    return [
      { ...posting, postingId, line: 1, account: posting.debit, amount: posting.amount },
      { ...posting, postingId, line: 2, account: posting.credit, amount: -posting.amount },
    ]
  })
  await tx.query(
    `insert into ledger_entries (merchant_id, mode, posting_id, line, kind, account, currency, amount, ucp_order_no, ref, at)
     select $1, $2, posting_id, line, kind, account, currency, amount, ucp_order_no, ref, $3
     from unnest($4::text[], $5::smallint[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::text[])
       as l (posting_id, line, kind, account, currency, amount, ucp_order_no, ref)`,
    [
      caller.merchantId,
      caller.mode,
      caller.now,
      lines.map((line) => line.postingId),
      lines.map((line) => line.line),
      lines.map((line) => line.kind),
      lines.map((line) => line.account),
      lines.map((line) => line.currency),
      lines.map((line) => line.amount),
      lines.map((line) => line.ucpOrderNo ?? null),
      lines.map((line) => line.ref),
    ],
  )
}

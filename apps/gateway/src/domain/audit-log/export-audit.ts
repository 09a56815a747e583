import { createHash } from 'node:crypto'
import type { Tx } from '../../database/tx.ts'
import type { PlatformKeys } from '../signatures/platform-keys.ts'
import { signText } from '../signatures/signature.ts'
import type { AuditRow, Checkpoint } from './chain.ts'
import { AUDIT_COLUMNS } from './seal-audit.ts'

/**
 * A line of an export. The first is `export`, the last is `end`; between them, for each merchant that there is or ever
 * was, a `chain` line, its rows, then its checkpoints.
 */
export type ExportLine =
  | {
      readonly type: 'export'
      readonly version: 1
      readonly exportedAt: string
      /** The one merchant whose chain this is; null for everybody's. */
      readonly merchantId: string | null
    }
  | { readonly type: 'chain'; readonly merchantId: string }
  | ({ readonly type: 'entry'; readonly seq: number | null; readonly seal: string | null } & AuditRow)
  | ({ readonly type: 'checkpoint'; readonly kid: string; readonly signature: string } & Checkpoint)
  | EndLine

/** Says that the export is whole. */
export interface EndLine {
  readonly type: 'end'
  readonly lines: number
  /** SHA-256 of all lines before it, each with its line feed; hex. */
  readonly digest: string
  readonly kid: string
  readonly signature: string
}

const PAGE = 2_000

/** The text of an `end` line that is signed. */
export function endText({ lines, digest }: Pick<EndLine, 'lines' | 'digest'>): string {
  return `ucanpay/audit-export/v1\n${lines}\n${digest}`
}

/**
 * The audit log as JSON Lines, each with its line feed, for whoever verifies it without us.
 *
 * @param tx one transaction that sees one state (repeatable read), else an export taken while rows arrive has gaps
 * @param wanted.merchantId one merchant's alone; everybody's where absent
 */
export async function* exportAudit(
  tx: Tx,
  keys: PlatformKeys,
  wanted: { merchantId?: string | undefined; now: Date },
): AsyncGenerator<string> {
  const digest = createHash('sha256')
  let lines = 0
  const write = (line: ExportLine): string => {
    const text = `${JSON.stringify(line)}\n`
    digest.update(text)
    lines += 1
    return text
  }
  const only = wanted.merchantId ?? null
  yield write({ type: 'export', version: 1, exportedAt: wanted.now.toISOString(), merchantId: only })
  // A merchant whose rows are all gone is still known by something: what is missing has to show.
  const merchants = await tx.query<{ merchantId: string }>(
    `select merchant_id as "merchantId"
     from (select merchant_id from merchants union select merchant_id from audit_log union select merchant_id from audit_seals
           union select merchant_id from audit_checkpoints) m
     where $1::text is null or merchant_id = $1 order by merchant_id collate "C"`,
    [only],
  )
  for (const { merchantId } of merchants) {
    yield write({ type: 'chain', merchantId })
    for await (const entry of entriesOf(tx, merchantId)) yield write(entry)
    for (const checkpoint of await checkpointsOf(tx, merchantId)) yield write(checkpoint)
  }
  const end = { lines, digest: digest.digest('hex') }
  const { kid, privateKey } = keys.active.RSA
  const signature = await signText(privateKey, { text: endText(end), scheme: 'guide-2024', algorithm: 'RSA' })
  yield `${JSON.stringify({ type: 'end', ...end, kid, signature } satisfies EndLine)}\n`
}

type Entry = Extract<ExportLine, { type: 'entry' }>

async function* entriesOf(tx: Tx, merchantId: string): AsyncGenerator<Entry> {
  let after = 0
  for (;;) {
    const page = await tx.query<AuditRow & { seq: number; seal: string }>(
      `select ${AUDIT_COLUMNS}, s.seq, encode(s.hash, 'hex') as seal from audit_seals s
       left join audit_log l on l.merchant_id = s.merchant_id and l.audit_id = s.audit_id
       where s.merchant_id = $1 and s.seq > $2 order by s.seq limit $3`,
      [merchantId, after, PAGE],
    )
    for (const row of page) yield { type: 'entry', ...row, merchantId } // A seal whose row is gone has lost this, too.
    if (page.length < PAGE) break
    after = page.at(-1)?.seq ?? after
  }
  const unsealed = await tx.query<AuditRow>(
    `select ${AUDIT_COLUMNS} from audit_log l
     where l.merchant_id = $1 and not exists (
       select from audit_seals s where s.merchant_id = l.merchant_id and s.audit_id = l.audit_id)
     order by l.at, l.audit_id`,
    [merchantId],
  )
  for (const row of unsealed) yield { type: 'entry', ...row, seq: null, seal: null }
}

function checkpointsOf(tx: Tx, merchantId: string): Promise<Extract<ExportLine, { type: 'checkpoint' }>[]> {
  return tx.query(
    `select 'checkpoint' as type, merchant_id as "merchantId", seq, encode(hash, 'hex') as hash,
            to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, kid, signature
     from audit_checkpoints where merchant_id = $1 order by at, seq`,
    [merchantId],
  )
}

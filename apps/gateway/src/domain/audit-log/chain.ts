import { createHash } from 'node:crypto'

/** A row of the audit log, as it is sealed and exported. */
export interface AuditRow {
  readonly merchantId: string
  readonly auditId: string
  readonly mode: string
  /** RFC 3339 in UTC, to the microsecond. */
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly requestId: string | null
  readonly ip: string | null
  readonly before: string | null
  readonly after: string | null
}

/** The hash that the first row of every chain follows. */
export const CHAIN_START: Buffer = Buffer.alloc(32)

/**
 * The seal of a row: SHA-256 over the seal before it, the row's number, and every field behind its length. No two rows
 * give the same bytes: an absent field is told from an empty one.
 *
 * @param previous 32 bytes
 */
export function sealOf(row: AuditRow, seq: number, previous: Buffer): Buffer {
  const hash = createHash('sha256').update('ucanpay/audit-seal/v1').update(previous)
  const fields = [
    String(seq),
    row.merchantId,
    row.auditId,
    row.mode,
    row.at,
    row.actor,
    row.action,
    row.target,
    row.requestId,
    row.ip,
    row.before,
    row.after,
  ]
  for (const field of fields) {
    const bytes = Buffer.from(field ?? '', 'utf8')
    const length = Buffer.alloc(5)
    length.writeUInt32BE(bytes.length)
    length[4] = field === null ? 0 : 1
    hash.update(length).update(bytes)
  }
  return hash.digest()
}

/** What a checkpoint says. */
export interface Checkpoint {
  readonly merchantId: string
  /** The number of the newest row. */
  readonly seq: number
  /** Its seal, hex. */
  readonly hash: string
  /** RFC 3339 in UTC. */
  readonly at: string
}

/** The text of a checkpoint that is signed. */
export function checkpointText({ merchantId, seq, hash, at }: Checkpoint): string {
  return `ucanpay/audit-checkpoint/v1\n${merchantId}\n${seq}\n${hash}\n${at}`
}

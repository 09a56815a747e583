import { createPublicKey, type KeyObject } from 'node:crypto'
import type { AuditVerdict } from '@ucanpay/wire/dashboard/record-schemas'
import type { Static } from 'typebox'
import type { Database, Tx } from '../../database/tx.ts'
import { exportAudit } from '../audit-log/export-audit.ts'
import { verifyAudit } from '../audit-log/verify-audit.ts'
import type { Caller } from '../caller.ts'
import type { PlatformKeys } from '../signatures/platform-keys.ts'

export interface AuditReadDeps {
  readonly db: Database
  readonly keys: PlatformKeys
}

/**
 * Verifies the chain of the caller's merchant, both modes' rows as they follow one another, by the public keys alone: the
 * same that an auditor does with an export.
 *
 * @see PCI DSS 10.3.4
 */
export function verifyAuditLog(deps: AuditReadDeps, caller: Caller): Promise<Static<typeof AuditVerdict>> {
  return inOneState(deps.db, async (tx) => {
    const lines = withoutLineFeeds(exportAudit(tx, deps.keys, { merchantId: caller.merchantId, now: caller.now }))
    const { finding, entries, checkpoints } = await verifyAudit(lines, { keys: publicKeysOf(deps.keys) })
    return {
      holds: finding === undefined,
      entries,
      checkpoints,
      ...(finding && {
        finding: { ...(finding.seq === null ? {} : { seq: finding.seq }), code: finding.code, what: finding.what },
      }),
    }
  })
}

/** Rows that arrive while the log is read would else be gaps. */
function inOneState<Result>(db: Database, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only')
    return work(tx)
  })
}

async function* withoutLineFeeds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield line.trimEnd()
}

function publicKeysOf(keys: PlatformKeys): Map<string, KeyObject> {
  return new Map(keys.published.keys.map((jwk) => [String(jwk['kid']), createPublicKey({ key: jwk, format: 'jwk' })]))
}

/**
 * The audit log of the caller's merchant as JSON Lines, for whoever verifies it without us. It is written as fast as it is
 * read: a download that stands still ends with its transaction, after 15 s.
 */
export async function streamAuditExport(
  deps: AuditReadDeps,
  caller: Caller,
  write: (line: string) => Promise<void>,
): Promise<void> {
  await inOneState(deps.db, async (tx) => {
    for await (const line of exportAudit(tx, deps.keys, { merchantId: caller.merchantId, now: caller.now })) {
      await write(line)
    }
  })
}

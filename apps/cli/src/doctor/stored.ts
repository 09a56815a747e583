import { open, stat } from 'node:fs/promises'
import { scrub } from '@ucanpay/redaction/scrub'
import { exportAudit } from '@ucanpay/gateway/domain/audit-log/export-audit'
import { verifyAudit } from '@ucanpay/gateway/domain/audit-log/verify-audit'
import { censusOf, countLeft, openRotation } from '@ucanpay/gateway/domain/sealing/rotate-keys'
import { PUBLIC_COLUMNS } from '@ucanpay/gateway/domain/sealing/public-columns'
import { SEALED_COLUMN_NAMES } from '@ucanpay/gateway/domain/sealing/sealed-columns'
import { ownPublicKeys } from '../commands/audit-log.ts'
import type { Installation } from '../installation.ts'
import { countOf, row, type Row } from './row.ts'

/** Practices 3 and 4: the keys of merchants. */
export async function checkKeys(installation: Installation): Promise<readonly Row[]> {
  const { db } = installation
  const [keys] = await db.query<Record<'active' | 'old' | 'idle' | 'endless' | 'soon', number>>(
    `select count(*) as active,
            count(*) filter (where k.kind <> 'pk' and k.created_at < now() - interval '90 days') as old,
            count(*) filter (where coalesce(u.last_used_at, k.created_at) < now() - interval '90 days') as idle,
            count(*) filter (where k.kind = 'sk' and k.mode = 'live' and k.expires_at is null) as endless,
            count(*) filter (where k.rolled_into is null and k.expires_at < now() + interval '14 days') as soon
     from api_keys k left join api_key_usage u using (merchant_id, api_key_id)
     where k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`,
  )
  const { active = 0, old = 0, idle = 0, endless = 0, soon = 0 } = keys ?? {}
  const wrong = await countOf(installation, 'from api_keys where octet_length(key_hash) <> 32')
  return [
    row(3, 'API keys are stored as keyed hashes alone', {
      good: wrong === 0,
      evidence: `${active} active keys, each a hash of 32 bytes`,
      remedy: 'restore the table api_keys',
    }),
    row(4, 'no secret key is older than 90 days', {
      good: old === 0,
      evidence: old === 0 ? 'the oldest is younger' : `${old} are older`,
      remedy: 'ucanpay keys list shows them; ucanpay keys roll KEY_ID --overlap 7d replaces one',
    }),
    row(4, 'every live secret key expires, and none unnoticed', {
      good: endless === 0,
      evidence: `${endless} without an end; ${soon} end within 14 days`,
      remedy: 'ucanpay keys roll KEY_ID',
    }),
    row(4, 'no key lies about unused', {
      good: idle === 0,
      evidence: idle === 0 ? 'all were used or made within 90 days' : `${idle} were not used for 90 days`,
      remedy: 'ucanpay keys revoke KEY_ID',
    }),
  ]
}

/** Practices 5 and 6: what is sealed, and that nothing else is stored. */
export async function checkVault(installation: Installation): Promise<readonly Row[]> {
  const { db } = installation
  const source = await installation.source()
  let opens = 'the installation keys open'
  try {
    await installation.installationKeys()
  } catch (error) {
    opens = (error as Error).message
  }
  const census = await censusOf(installation)
  const left = await countLeft({ db, source, keyStore: installation.keyStore }, await openRotation(db))
  const waiting = left.wrappedKeys + left.dataKeys + left.rows
  const mostSeals = Math.max(0, ...census.map((entry) => entry.mostSeals))
  const unknown = await undeclaredColumns(installation)
  return [
    row(5, 'the key source is the one that the data is sealed under', {
      good: opens === 'the installation keys open',
      evidence: opens,
      remedy: 'give the right source in UCANPAY_KEY_RING',
    }),
    row(5, 'no rotation stands half-way', {
      good: waiting === 0,
      evidence: waiting === 0 ? `all wrapped by ${await source.activeName()}` : `${waiting} pieces are left`,
      remedy: 'ucanpay vault rotate',
    }),
    row(5, 'no data key has sealed more than it may', {
      good: mostSeals <= 2 ** 24,
      evidence: `at most ${mostSeals} of ${2 ** 24} envelopes by one key`,
      remedy: 'ucanpay vault rotate',
    }),
    row(6, 'every column that holds a text is declared sealed or public', {
      good: unknown.length === 0,
      evidence: unknown.length === 0 ? 'the live schema fits this release' : `not declared: ${unknown.join(', ')}`,
      remedy: 'run the release that made them, or remove columns that are not ours',
    }),
  ]
}

async function undeclaredColumns({ db }: Installation): Promise<string[]> {
  const columns = await db.query<{ name: string }>(
    `select case table_schema when 'public' then '' else table_schema || '.' end || table_name || '.' || column_name as name
     from information_schema.columns
     where table_schema in ('public', 'sandbox_acquirer', 'key_store')
       and data_type not in ('integer', 'bigint', 'smallint', 'boolean', 'timestamp with time zone')`,
  )
  const declared = new Set([
    ...SEALED_COLUMN_NAMES,
    ...Object.entries(PUBLIC_COLUMNS).flatMap(([table, names]) => names.split(' ').map((name) => `${table}.${name}`)),
  ])
  return columns.map(({ name }) => name).filter((name) => !declared.has(name))
}

const LOG_TAIL_BYTES = 1_000_000

/** Practice 9: the log, as it lies on disk. */
export async function checkLogs({ place: { logFile } }: Installation): Promise<readonly Row[]> {
  const what = 'the log holds nothing sensitive, and only its owner reads it'
  if (logFile === undefined)
    return [{ practice: 9, what, state: 'absent', evidence: 'the log goes to standard output: check where it is kept' }]
  const file = await open(logFile)
  try {
    const { size, mode } = await file.stat()
    const from = Math.max(0, size - LOG_TAIL_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n')
    const dirty = lines.filter((line) => scrub(line) !== line).length
    const guarded = (mode & 0o077) === 0
    return [
      row(9, what, {
        good: dirty === 0 && guarded,
        evidence: `${lines.length} lines looked at, ${dirty} with something that looks sensitive; ${guarded ? 'its owner alone reads it' : 'others can read it'}`,
        remedy: guarded ? 'report it (SECURITY.md), and remove those lines' : `chmod 600 ${logFile}`,
      }),
    ]
  } finally {
    await file.close()
  }
}

/** Practice 13: the audit log, verified as an auditor would. */
export async function checkAuditLog(installation: Installation): Promise<readonly Row[]> {
  const keys = ownPublicKeys(installation)
  const verdict = await installation.db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read')
    return verifyAudit(trimmed(exportAudit(tx, installation.platformKeys(), { now: new Date() })), { keys })
  })
  return [
    row(13, 'the audit log holds', {
      good: verdict.finding === undefined,
      evidence:
        verdict.finding?.what ??
        `${verdict.entries} rows in ${verdict.merchants} chains, ${verdict.checkpoints} signed checkpoints`,
      remedy:
        'ucanpay audit-log verify names the row; see docs/operations/trouble.md, "When the audit log does not hold"',
    }),
  ]
}

async function* trimmed(texts: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) yield text.slice(0, -1)
}

/** Practices 12 and 14: files with secrets. */
export async function checkSecretFiles({ place: { secretFiles } }: Installation): Promise<readonly Row[]> {
  const open: string[] = []
  for (const file of secretFiles) if (((await stat(file)).mode & 0o077) !== 0) open.push(file)
  return [
    row(14, 'files with secrets are readable by their owner alone', {
      good: open.length === 0,
      evidence: open.length === 0 ? `${secretFiles.length} files looked at` : `others can read ${open.join(', ')}`,
      remedy: `chmod 600 ${open.join(' ')}`,
    }),
  ]
}

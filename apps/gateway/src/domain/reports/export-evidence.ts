import { createHash } from 'node:crypto'
import type { Database, Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import { exportAudit } from '../audit-log/export-audit.ts'
import { recordAudit } from '../audit-log/record-audit.ts'
import type { Caller } from '../caller.ts'
import { SESSION_RULES } from '../sessions/session.ts'
import type { PlatformKeys } from '../signatures/platform-keys.ts'
import { signText } from '../signatures/signature.ts'
import {
  activityFacts,
  apiKeyFacts,
  databaseRights,
  keyFacts,
  memberFacts,
  retentionFacts,
  type EvidencePeriod,
} from './evidence-facts.ts'
import { componentDefinition, CONTROL_CATALOGUE } from './evidence-oscal.ts'
import { practicesOf } from './practices.ts'

export interface EvidenceDeps {
  readonly db: Database
  readonly keys: PlatformKeys
}

/** A bundle, as the file has it. */
export interface EvidenceBundle {
  readonly format: 'ucanpay-evidence/1'
  /** JSON: what is in the bundle, and the SHA-256 of each part. */
  readonly manifest: string
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the manifest's bytes, base64. */
  readonly signature: string
  /** The texts of the parts, by name. */
  readonly parts: Readonly<Record<string, string>>
}

/** What a manifest says of a part. */
export interface EvidencePart {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** More than that is read by command line, where nothing else waits for the memory. */
const MOST_AUDIT_ROWS = 200_000

/**
 * Makes the bundle that an auditor verifies without us: both modes of one merchant, no personal data, no key, no card.
 * That it was made is on record before it is, so the bundle's own audit log tells of it.
 *
 * @param made.version of the gateway
 * @returns the file: one JSON document
 * @throws ApiError INVALID_REQUEST where the audit log is too long to be held in memory
 * @see product practice 13; PCI DSS 12.3, 10.3
 */
export async function exportEvidence(
  deps: EvidenceDeps,
  caller: Caller,
  made: { period: EvidencePeriod; version: string },
): Promise<string> {
  const { period, version } = made
  await recordAudit(deps.db, caller, {
    action: 'evidence.exported',
    target: `${dayOf(period.from)}/${dayOf(period.to)}`,
  })
  const parts = await deps.db.transaction(async (tx) => {
    // Every part tells of one and the same state.
    await tx.query('set transaction isolation level repeatable read, read only')
    return partsOf(tx, deps.keys, { caller, period, version })
  })
  const manifest = manifestOf(parts, { caller, period, version, kid: deps.keys.active.RSA.kid })
  const signature = await signText(deps.keys.active.RSA.privateKey, {
    text: manifest,
    scheme: 'guide-2024',
    algorithm: 'RSA',
  })
  return JSON.stringify({ format: 'ucanpay-evidence/1', manifest, signature, parts } satisfies EvidenceBundle)
}

interface Making {
  readonly caller: Caller
  readonly period: EvidencePeriod
  readonly version: string
}

async function partsOf(
  tx: Tx,
  keys: PlatformKeys,
  { caller, period, version }: Making,
): Promise<Record<string, string>> {
  const practices = {
    test: await practicesOf(tx, { ...caller, mode: 'test' }),
    live: await practicesOf(tx, { ...caller, mode: 'live' }),
  }
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
  return {
    'practices.json': json(practices),
    'controls.json': json(CONTROL_CATALOGUE),
    'oscal-component-definition.json': json(componentDefinition({ version, now: caller.now })),
    'session-rules.json': json(SESSION_RULES),
    'members.json': json(await memberFacts(tx, caller)),
    'api-keys.json': json(await apiKeyFacts(tx, caller)),
    'keys.json': json({
      ...(await keyFacts(tx, caller)),
      signingKeys: keys.everyPublic.keys.map(({ kid, kty, alg, use }) => ({ kid, kty, alg, use })),
    }),
    'database-rights.json': json(await databaseRights(tx)),
    'retention.json': json(await retentionFacts(tx)),
    'activity.json': json(await activityFacts(tx, caller, period)),
    'audit-log.jsonl': await auditLogOf(tx, keys, caller),
    'jwks.json': json(keys.everyPublic),
  }
}

async function auditLogOf(tx: Tx, keys: PlatformKeys, { merchantId, now }: Caller): Promise<string> {
  const [rows] = await tx.query<{ count: number }>(
    `select count(*)::int as count from (select from audit_log where merchant_id = $1 limit $2) l`,
    [merchantId, MOST_AUDIT_ROWS + 1],
  )
  if ((rows?.count ?? 0) > MOST_AUDIT_ROWS)
    throw new ApiError('INVALID_REQUEST', 'the audit log is too long for one bundle; export it by itself')
  const lines: string[] = []
  for await (const line of exportAudit(tx, keys, { merchantId, now })) lines.push(line)
  return lines.join('')
}

function manifestOf(parts: Record<string, string>, made: Making & { kid: string }): string {
  const { caller, period, version, kid } = made
  const manifest = {
    format: 'ucanpay-evidence/1',
    madeAt: caller.now.toISOString(),
    madeBy: caller.actor,
    merchantId: caller.merchantId,
    period: { from: period.from.toISOString(), to: period.to.toISOString() },
    gatewayVersion: version,
    controlCatalogue: { version: CONTROL_CATALOGUE.version, date: CONTROL_CATALOGUE.date },
    signedBy: { kid, algorithm: 'RSASSA-PKCS1-v1_5 with SHA-256' },
    parts: Object.entries(parts).map(([name, text]): EvidencePart => ({
      name,
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    })),
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

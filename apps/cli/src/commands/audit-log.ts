import { isUtf8 } from 'node:buffer'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Checkpoint } from '@ucanpay/gateway/domain/audit-log/chain'
import { exportAudit } from '@ucanpay/gateway/domain/audit-log/export-audit'
import { verifyAudit, type AuditTrust } from '@ucanpay/gateway/domain/audit-log/verify-audit'
import { optional, print, readArguments, shown, UsageError, type Given } from '../command.ts'
import { withInstallation, type Installation } from '../installation.ts'

export const AUDIT_LOG_HELP = `ucanpay audit-log: who did what, proved without us

  ucanpay audit-log export [--merchant ID] [--out FILE]
  ucanpay audit-log verify [FILE] [--public-key FILE] [--anchor FILE]

export writes JSON Lines: every row with its seal, the signed checkpoints, and a signed last line.
verify reads such a file, or the database itself where none is named, and finds any row that was changed, removed, added
or moved; it names the first bad one. It needs nothing but the file and the gateway's public keys:

  --public-key FILE   PEM, or JSON: the gateway's /.well-known/jwks.json, or what ucanpay signing-keys public prints, which
                      has keys that were retired as well. Without it, the keys of this installation
  --anchor FILE       an earlier export, or any checkpoint lines of one, kept where nobody here could reach it: a chain
                      that was cut short together with its checkpoints does not hold them any more

The exit code is 0 where everything holds, 1 where something does not.`

const OPTIONS = {
  merchant: { type: 'string' },
  out: { type: 'string' },
  'public-key': { type: 'string' },
  anchor: { type: 'string' },
} as const

/** `ucanpay audit-log …`. @returns the exit code */
export async function auditLog([action, ...args]: readonly string[]): Promise<number> {
  const given = readArguments(args, OPTIONS)
  if (action === 'export') return withInstallation((installation) => writeExport(installation, given))
  if (action !== 'verify') throw new UsageError(`audit-log has no action ${shown(action)}\n\n${AUDIT_LOG_HELP}`)
  const [file] = given.positionals
  const publicKey = optional(given, 'public-key')
  const anchorFile = optional(given, 'anchor')
  const anchors = anchorFile === undefined ? [] : readAnchors(anchorFile)
  const givenKeys = publicKey === undefined ? undefined : readPublicKeys(publicKey)
  if (file !== undefined && givenKeys) return report(linesOf(file), { keys: givenKeys, anchors })
  return withInstallation((installation) => {
    const keys = givenKeys ?? ownPublicKeys(installation)
    if (file !== undefined) return report(linesOf(file), { keys, anchors })
    return installation.db.transaction(async (tx) => {
      await tx.query('set transaction isolation level repeatable read')
      const texts = exportAudit(tx, installation.platformKeys(), {
        merchantId: optional(given, 'merchant'),
        now: new Date(),
      })
      return report(trimmed(texts), { keys, anchors })
    })
  })
}

async function writeExport(installation: Installation, given: Given): Promise<number> {
  const out = optional(given, 'out')
  const keys = installation.platformKeys()
  await installation.db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read')
    const texts = exportAudit(tx, keys, { merchantId: optional(given, 'merchant'), now: new Date() })
    if (out === undefined) for await (const text of texts) process.stdout.write(text)
    else await pipeline(Readable.from(texts), createWriteStream(out, { mode: 0o600 }))
  })
  if (out !== undefined) print(`Written to ${out}. Verify it with: ucanpay audit-log verify ${out}`)
  return 0
}

async function report(lines: AsyncIterable<string>, trust: AuditTrust): Promise<number> {
  const { finding, merchants, entries, checkpoints, exportedAt, only } = await verifyAudit(lines, trust)
  if (!finding) {
    const whose = only === null ? `${merchants} merchants` : `merchant ${shown(only)} alone`
    print(
      `The audit log holds: ${entries} rows of ${whose}, ${checkpoints} signed checkpoints, as of ${shown(exportedAt)}.`,
    )
    return 0
  }
  const where = [
    finding.merchantId === null ? '' : `merchant ${shown(finding.merchantId)}`,
    finding.seq === null ? '' : `row ${finding.seq}`,
    `line ${finding.line}`,
  ]
  print(`The audit log does not hold. First at ${where.filter(Boolean).join(', ')}: ${finding.what}.`)
  return 1
}

/**
 * The lines of a file, parted at line feeds and nowhere else: U+2028, which a JSON text may hold as it is, and a carriage
 * return, which it may not, are parts of a line. Bytes that are not UTF-8 stay what they are not.
 */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let bytes = Buffer.concat([rest, chunk])
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10)) {
      yield textOf(bytes.subarray(0, at))
      bytes = bytes.subarray(at + 1)
    }
    rest = bytes
  }
  if (rest.length > 0) yield textOf(rest)
}

/** One text for one sequence of bytes: what is not UTF-8 becomes no JSON, whatever it looks like. */
function textOf(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : ''
}

async function* trimmed(texts: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) yield text.slice(0, -1)
}

/** The public keys of the installation itself, by kid, those that were retired included. */
export function ownPublicKeys(installation: Installation): Map<string, KeyObject> {
  return keysOf(installation.platformKeys().everyPublic.keys)
}

function keysOf(jwks: readonly Readonly<Record<string, unknown>>[]): Map<string, KeyObject> {
  return new Map(jwks.map((jwk) => [String(jwk['kid']), createPublicKey({ key: jwk, format: 'jwk' })]))
}

/** Public keys of a file, by kid; a PEM is `*`. @throws UsageError */
export function readPublicKeys(file: string): Map<string, KeyObject> {
  const text = readFileSync(file, 'utf8')
  try {
    if (!text.trimStart().startsWith('{')) return new Map([['*', createPublicKey(text)]])
    return keysOf((JSON.parse(text) as { keys: Record<string, unknown>[] }).keys)
  } catch {
    throw new UsageError('--public-key is neither a PEM public key nor a JWK Set')
  }
}

function readAnchors(file: string): Checkpoint[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  let parsed: (Checkpoint & { type?: string })[]
  try {
    parsed = lines.map((line) => JSON.parse(line) as Checkpoint & { type?: string })
  } catch {
    throw new UsageError('--anchor has a line that is not JSON')
  }
  const checkpoints = parsed.filter((line) => line.type === 'checkpoint')
  if (checkpoints.length === 0) throw new UsageError('--anchor holds no checkpoint')
  return checkpoints
}

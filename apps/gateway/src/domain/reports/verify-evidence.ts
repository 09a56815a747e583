import { createHash, type KeyObject } from 'node:crypto'
import { verifyAudit } from '../audit-log/verify-audit.ts'
import { verifyText } from '../signatures/signature.ts'
import type { EvidenceBundle, EvidencePart } from './export-evidence.ts'

/** What a bundle is found to be. */
export interface EvidenceVerdict {
  /** Undefined where everything holds. */
  readonly finding: string | undefined
  readonly madeAt: string
  readonly merchantId: string
  readonly parts: number
}

interface Manifest {
  readonly madeAt: string
  readonly merchantId: string
  readonly signedBy: { readonly kid: string }
  readonly parts: readonly EvidencePart[]
}

/**
 * Verifies a bundle by public keys alone: the signature over the manifest, every part by its SHA-256, none missing and none
 * more, and the audit log's own chain.
 *
 * @param keys by kid, or under `*` one for all
 * @throws Error for a text that is no bundle
 */
export async function verifyEvidence(text: string, keys: ReadonlyMap<string, KeyObject>): Promise<EvidenceVerdict> {
  const bundle = JSON.parse(text) as Omit<EvidenceBundle, 'format'> & { readonly format: string }
  if (bundle.format !== 'ucanpay-evidence/1') throw new Error('this is no evidence bundle')
  const { madeAt, merchantId, signedBy, parts } = JSON.parse(bundle.manifest) as Manifest
  const verdict = (finding: string | undefined): EvidenceVerdict => ({
    finding,
    madeAt,
    merchantId,
    parts: parts.length,
  })
  const key = keys.get(signedBy.kid) ?? keys.get('*')
  if (key?.asymmetricKeyType !== 'rsa')
    return verdict(`it is signed by ${signedBy.kid}, which is none of the public keys`)
  const signed = { text: bundle.manifest, scheme: 'guide-2024', algorithm: 'RSA' } as const
  if (!verifyText(key, bundle.signature, signed)) return verdict('the manifest is not what was signed')
  const wrong = parts.find(({ name, sha256 }) => sha256Of(bundle.parts[name] ?? '') !== sha256)
  if (wrong) return verdict(`the part ${wrong.name} is missing, or is not what was signed`)
  const listed = new Set(parts.map(({ name }) => name))
  if (Object.keys(bundle.parts).some((name) => !listed.has(name)))
    return verdict('there is a part more than was signed')
  const audit = await verifyAudit(linesOf(bundle.parts['audit-log.jsonl'] ?? ''), { keys })
  return verdict(audit.finding && `the audit log does not hold: ${audit.finding.what}`)
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

// eslint-disable-next-line @typescript-eslint/require-await -- The verifier reads what may come in pieces.
async function* linesOf(text: string): AsyncGenerator<string> {
  for (const line of text.split('\n')) if (line !== '') yield line
}

import { createHash, type KeyObject } from 'node:crypto'
import type { AuditFindingCode } from '@ucanpay/wire/dashboard/audit-findings'
import { verifyText } from '../signatures/signature.ts'
import { CHAIN_START, checkpointText, sealOf, type Checkpoint } from './chain.ts'
import { FINDINGS } from './audit-findings.ts'
import { endText, type ExportLine } from './export-audit.ts'

/** The first thing in an export that is not as the gateway wrote it. */
export interface AuditFinding {
  /** Where: a line of the export, from 1. */
  readonly line: number
  readonly merchantId: string | null
  readonly seq: number | null
  readonly code: AuditFindingCode
  readonly what: string
}

/** What an export came to. */
export interface AuditVerdict {
  readonly finding: AuditFinding | undefined
  readonly merchants: number
  readonly entries: number
  readonly checkpoints: number
  readonly exportedAt: string | undefined
  /** The one merchant that the export is of; null for everybody's. */
  readonly only: string | null
}

/** Where the truth comes from: nothing but the gateway's public keys, and checkpoints that were kept elsewhere. */
export interface AuditTrust {
  /** By `kid`; one under `*` serves for all, where only a PEM file is at hand. */
  readonly keys: ReadonlyMap<string, KeyObject>
  readonly anchors?: readonly Checkpoint[]
}

/** A row that no worker has sealed by then was written around the gateway, or the worker stands still. */
const UNSEALED_LIMIT_MS = 60_000
/** Every chain is signed anew within an hour; twice that is too long. */
const CHECKPOINT_LIMIT_MS = 2 * 3_600_000
const CLOCK_SLACK_MS = 1_000

interface Chain {
  readonly merchantId: string
  seq: number
  /** Sealed or not. */
  rows: number
  hash: Buffer
  readonly seals: Map<number, string>
  checkpoint: { seq: number; at: number } | undefined
}

type Entry = Extract<ExportLine, { type: 'entry' }>
type CheckpointLine = Extract<ExportLine, { type: 'checkpoint' }>

class Found extends Error {
  readonly code: AuditFindingCode
  constructor(code: AuditFindingCode) {
    super(FINDINGS[code])
    this.code = code
  }
}

/**
 * Reads an export line by line and stops at the first that does not fit: a row changed, removed, added or moved, a chain
 * cut short or put in another's place, a checkpoint that the gateway has not signed, an export that is not whole.
 *
 * @param lines without their line feeds
 * @see PCI DSS 10.3.4
 */
export async function verifyAudit(lines: AsyncIterable<string>, trust: AuditTrust): Promise<AuditVerdict> {
  const reader = new AuditReader(trust)
  let at: AuditFinding | undefined
  try {
    for await (const line of lines) reader.read(line)
    reader.finish()
  } catch (error) {
    if (!(error instanceof Found)) throw error
    at = { ...reader.place, code: error.code, what: error.message }
  }
  return { finding: at, ...reader.counts }
}

class AuditReader {
  readonly #trust: AuditTrust
  readonly #digest = createHash('sha256')
  readonly #chains = new Map<string, Chain>()
  #current: Chain | undefined
  #exportedAt = 0
  #ended = false
  place: Omit<AuditFinding, 'code' | 'what'> = { line: 0, merchantId: null, seq: null }
  counts: Omit<AuditVerdict, 'finding'> = {
    merchants: 0,
    entries: 0,
    checkpoints: 0,
    exportedAt: undefined,
    only: null,
  }

  constructor(trust: AuditTrust) {
    this.#trust = trust
  }

  read(text: string): void {
    this.place = { line: this.place.line + 1, merchantId: null, seq: null }
    if (this.#ended) throw new Found('after-end')
    // Of a line that says nothing of itself, its place says which row it was.
    const due = this.#current && { merchantId: this.#current.merchantId, seq: this.#current.seq + 1 }
    this.place = { ...this.place, ...due }
    const members = parseMembers(text)
    this.place = { ...this.place, ...placeOf(members) }
    const line = requireForm(text, members)
    this.place = { line: this.place.line, merchantId: null, seq: null }
    if (this.place.line === 1 && line.type !== 'export') throw new Found('no-export')
    if (line.type === 'end') this.#end(line)
    else this.#digest.update(`${text}\n`)
    if (line.type === 'export') this.#begin(line)
    if (line.type === 'chain') this.#chain(line.merchantId)
    if (line.type === 'entry') this.#entry(line)
    if (line.type === 'checkpoint') this.#checkpoint(line)
  }

  finish(): void {
    if (!this.#ended) throw new Found('export-cut')
    for (const anchor of this.#trust.anchors ?? []) this.#anchor(anchor)
  }

  #begin(line: Extract<ExportLine, { type: 'export' }>): void {
    if (this.place.line !== 1) throw new Found('second-export')
    this.#exportedAt = Date.parse(line.exportedAt)
    this.counts = { ...this.counts, exportedAt: line.exportedAt, only: line.merchantId }
  }

  #chain(merchantId: string): void {
    this.place = { ...this.place, merchantId }
    this.#requireRows() // Of the merchant before this one.
    if (this.#chains.has(merchantId)) throw new Found('chain-repeated')
    if (this.#current !== undefined && merchantId <= this.#current.merchantId) throw new Found('chain-order')
    const { only } = this.counts
    if (only !== null && merchantId !== only) throw new Found('other-merchant')
    const chain: Chain = { merchantId, seq: 0, rows: 0, hash: CHAIN_START, seals: new Map(), checkpoint: undefined }
    this.#chains.set(merchantId, chain)
    this.#current = chain
    this.counts = { ...this.counts, merchants: this.#chains.size }
  }

  /** Whoever is a merchant was made one, and that is a row. */
  #requireRows(): void {
    const chain = this.#current
    if (!chain || chain.rows > 0) return
    this.place = { ...this.place, merchantId: chain.merchantId, seq: 1 }
    throw new Found('rows-removed')
  }

  #entry(entry: Entry): void {
    const { merchantId, seq, seal } = entry
    this.place = { ...this.place, merchantId, seq }
    const chain = this.#chainOf(merchantId)
    this.counts = { ...this.counts, entries: this.counts.entries + 1 }
    if (chain.checkpoint) throw new Found('row-behind')
    chain.rows += 1
    if (seq === null || seal === null) {
      const age = this.#exportedAt - Date.parse(entry.at)
      if (!(age <= UNSEALED_LIMIT_MS)) throw new Found('row-unsealed')
      return
    }
    if (seq !== chain.seq + 1) throw new Found('row-order')
    const expected = sealOf(entry, seq, chain.hash)
    if (expected.toString('hex') !== seal) throw new Found('row-changed')
    chain.seq = seq
    chain.hash = expected
    chain.seals.set(seq, seal)
  }

  #checkpoint(line: CheckpointLine): void {
    const { merchantId, seq } = line
    this.place = { ...this.place, merchantId, seq }
    this.counts = { ...this.counts, checkpoints: this.counts.checkpoints + 1 }
    const chain = this.#chainOf(merchantId)
    this.#requireSigned(checkpointText(line), line)
    if (chain.seals.get(seq) !== line.hash) {
      throw new Found(seq > chain.seq ? 'chain-cut' : 'chain-changed')
    }
    const at = Date.parse(line.at)
    const before = chain.checkpoint
    if (before && (seq < before.seq || at < before.at - CLOCK_SLACK_MS)) throw new Found('clock-back')
    chain.checkpoint = { seq, at }
  }

  #end(line: Extract<ExportLine, { type: 'end' }>): void {
    this.#ended = true
    this.#requireRows()
    const digest = this.#digest.digest('hex')
    if (line.lines !== this.place.line - 1 || line.digest !== digest) throw new Found('export-changed')
    this.#requireSigned(endText(line), line)
    for (const [merchantId, chain] of this.#chains) {
      this.place = { ...this.place, merchantId, seq: chain.seq }
      if (chain.seq > (chain.checkpoint?.seq ?? 0)) throw new Found('rows-uncovered')
      if (chain.checkpoint && this.#exportedAt - chain.checkpoint.at > CHECKPOINT_LIMIT_MS)
        throw new Found('checkpoint-old')
    }
    this.place = { ...this.place, merchantId: null, seq: null }
  }

  #anchor({ merchantId, seq, hash }: Checkpoint): void {
    this.place = { line: this.place.line, merchantId, seq }
    if (this.#chains.get(merchantId)?.seals.get(seq) !== hash) throw new Found('anchor-missing')
  }

  #requireSigned(text: string, { kid, signature }: { kid: string; signature: string }): void {
    const key = this.#trust.keys.get(kid) ?? this.#trust.keys.get('*')
    if (!key) throw new Found('key-unknown')
    if (key.asymmetricKeyType !== 'rsa') throw new Found('key-wrong')
    if (!verifyText(key, signature, { text, scheme: 'guide-2024', algorithm: 'RSA' }))
      throw new Found('signature-wrong')
  }

  #chainOf(merchantId: string): Chain {
    if (this.#current?.merchantId !== merchantId) throw new Found('line-moved')
    return this.#current
  }
}

/** The members of each line, in their order, and what each may be. */
const FORMS: Readonly<Record<ExportLine['type'], Readonly<Record<string, 'text' | 'number' | 'text?' | 'number?'>>>> = {
  export: { type: 'text', version: 'number', exportedAt: 'text', merchantId: 'text?' },
  chain: { type: 'text', merchantId: 'text' },
  entry: {
    type: 'text',
    merchantId: 'text',
    auditId: 'text',
    mode: 'text',
    at: 'text',
    actor: 'text',
    action: 'text',
    target: 'text',
    requestId: 'text?',
    ip: 'text?',
    before: 'text?',
    after: 'text?',
    seq: 'number?',
    seal: 'text?',
  },
  checkpoint: {
    type: 'text',
    merchantId: 'text',
    seq: 'number',
    hash: 'text',
    at: 'text',
    kid: 'text',
    signature: 'text',
  },
  end: { type: 'text', lines: 'number', digest: 'text', kid: 'text', signature: 'text' },
}

function parseMembers(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>
  } catch {
    throw new Found('line-broken')
  }
}

function placeOf({
  merchantId,
  seq,
}: Readonly<Record<string, unknown>>): Partial<Omit<AuditFinding, 'code' | 'what' | 'line'>> {
  return {
    ...(typeof merchantId === 'string' ? { merchantId } : {}),
    ...(typeof seq === 'number' || seq === null ? { seq } : {}),
  }
}

/**
 * A line has one spelling: the members that it has to have, in their order, each once, with nothing between them. So
 * whatever was touched is found where it stands, and not only by the digest at the end.
 */
function requireForm(text: string, members: Readonly<Record<string, unknown>>): ExportLine {
  const { type } = members
  if (typeof type !== 'string' || !Object.hasOwn(FORMS, type)) throw new Found('line-unknown')
  const form = FORMS[type as ExportLine['type']]
  const names = Object.keys(form)
  const asDeclared =
    names.join() === Object.keys(members).join() && names.every((name) => isOf(form[name] ?? '', members[name]))
  if (!asDeclared) throw new Found('line-members')
  if (JSON.stringify(members) !== text) throw new Found('line-spelled')
  return members as unknown as ExportLine
}

function isOf(kind: string, value: unknown): boolean {
  if (value === null) return kind.endsWith('?')
  return kind.startsWith('text') ? typeof value === 'string' : Number.isSafeInteger(value)
}

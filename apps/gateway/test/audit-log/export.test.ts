import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkpointText, sealOf, type AuditRow, type Checkpoint } from '../../src/domain/audit-log/chain.ts'
import { endText, exportAudit } from '../../src/domain/audit-log/export-audit.ts'
import { sealAudit } from '../../src/domain/audit-log/seal-audit.ts'
import { verifyAudit, type AuditFinding } from '../../src/domain/audit-log/verify-audit.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'

type Line = Record<string, unknown>

let keys: Map<string, KeyObject>
let kid: string
/** An early export, a later one, and one of a merchant alone. Two merchants each have six rows and more. */
let early: string[]
let lines: string[]
let alone: string[]
let ids: string[]

async function prepare(): Promise<void> {
  const gateway = await startGateway({ role: 'api' })
  const other = await gateway.addMerchant()
  const place = async (outTradeNo: string): Promise<void> => {
    await gateway.place({ outTradeNo })
    await gateway.place({ outTradeNo }, { key: other.secretKey })
    await sealAudit({ ...gateway.gateway.deps, keys: gateway.keys }, new Date())
  }
  await place('A1')
  early = await exported(gateway)
  await place('A2')
  lines = await exported(gateway)
  alone = await exported(gateway, other.merchantId)
  kid = gateway.keys.active.RSA.kid
  keys = new Map([
    [kid, createPublicKey(gateway.keys.active.RSA.privateKey)],
    [gateway.keys.active.ED25519.kid, createPublicKey(gateway.keys.active.ED25519.privateKey)],
  ])
  ids = [gateway.merchant.merchantId, other.merchantId].sort()
}

async function exported(gateway: TestGateway, merchantId?: string): Promise<string[]> {
  const made: string[] = []
  await gateway.gateway.deps.db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read')
    for await (const line of exportAudit(tx, gateway.keys, { merchantId, now: new Date() }))
      made.push(line.slice(0, -1))
  })
  return made
}

async function findingOf(
  changed: readonly string[],
  anchors: readonly Checkpoint[] = [],
): Promise<AuditFinding | undefined> {
  const each = async function* (): AsyncGenerator<string> {
    for (const line of changed) yield await Promise.resolve(line)
  }
  return (await verifyAudit(each(), { keys, anchors })).finding
}

const parsed = (): Line[] => lines.map((line) => JSON.parse(line) as Line)
const written = (changed: readonly Line[]): string[] => changed.map((line) => JSON.stringify(line))
/** The lines of one merchant's chain. */
const chainOf = (all: readonly Line[], merchantId = ids[0]): Line[] =>
  all.filter((line) => line['merchantId'] === merchantId)

const thief = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const signedByThief = (text: string): string => sign('sha256', Buffer.from(text), thief).toString('base64')

/** What somebody can do who has everything but the signing key: all seals, checkpoints and the end are made anew. */
function madeAnew(changed: readonly Line[]): string[] {
  let hash: Buffer = Buffer.alloc(32)
  let seq = 0
  const body = changed.slice(0, -1).map((line) => {
    if (line['type'] === 'chain') [hash, seq] = [Buffer.alloc(32), 0]
    if (line['type'] === 'entry') {
      seq += 1
      hash = sealOf(line as unknown as AuditRow, seq, hash)
      return { ...line, seq, seal: hash.toString('hex') }
    }
    if (line['type'] !== 'checkpoint') return line
    const checkpoint = { ...line, seq, hash: hash.toString('hex') } as unknown as Checkpoint
    return { ...checkpoint, signature: signedByThief(checkpointText(checkpoint)) }
  })
  const texts = written(body)
  const digest = createHash('sha256')
    .update(texts.map((text) => `${text}\n`).join(''))
    .digest('hex')
  const end = { lines: texts.length, digest }
  return [...texts, JSON.stringify({ type: 'end', ...end, kid, signature: signedByThief(endText(end)) })]
}

/** Changes the line of the first merchant's row with this number. */
const changing = (seq: number, change: (line: string) => string): string[] => {
  const at = lines.findIndex(
    (line) => line.includes(`"merchantId":"${ids[0]}"`) && line.includes(`"seq":${seq},"seal"`),
  )
  expect(at).toBeGreaterThan(0)
  return lines.with(at, change(lines[at] ?? ''))
}

const ATTACKS: readonly [string, () => readonly string[], Partial<AuditFinding> | undefined][] = [
  [
    'a member twice, the second one true',
    () => changing(3, (line) => line.replace('"actor":', '"actor":"nobody","actor":')),
    { seq: 3 },
  ],
  [
    'a member twice, the second one false',
    () => changing(3, (line) => line.replace(/}$/, ',"actor":"nobody"}')),
    { seq: 3 },
  ],
  ['white space', () => changing(3, (line) => line.replace(',', ', ')), { seq: 3 }],
  ['white space at the end of a line', () => changing(3, (line) => `${line} `), { seq: 3 }],
  ['a carriage return', () => changing(3, (line) => `${line}\r`), { seq: 3 }],
  ['an escape for a letter', () => changing(3, (line) => line.replace('"entry"', '"entr\\u0079"')), { seq: 3 }],
  ['a member more', () => changing(3, (line) => line.replace(/}$/, ',"note":"fine"}')), { seq: 3 }],
  ['a member less', () => changing(3, (line) => line.replace(/"ip":(?:null|"[^"]*"),/, '')), { seq: 3 }],
  [
    'members in another order',
    () => changing(3, (line) => line.replace(/("mode":"test"),("at":"[^"]*")/, '$2,$1')),
    { seq: 3 },
  ],
  ['an empty text for nothing', () => changing(3, (line) => line.replace('"before":null', '"before":""')), { seq: 3 }],
  ['a number as a text', () => changing(3, (line) => line.replace('"seq":3', '"seq":"3"')), {}],
  ['a number with a fraction', () => changing(3, (line) => line.replace('"seq":3', '"seq":3.0')), { seq: 3 }],
  ['a byte order mark', () => lines.with(0, `\uFEFF${lines[0] ?? ''}`), { line: 1 }],
  ['an empty line', () => lines.toSpliced(4, 0, ''), { line: 5 }],
  ['a line that is not JSON', () => changing(3, (line) => line.slice(0, -9)), { seq: 3 }],
  ['white space in the last line', () => lines.with(-1, (lines.at(-1) ?? '').replace(',', ', ')), {}],
  ['a member more in the last line', () => lines.with(-1, (lines.at(-1) ?? '').replace(/}$/, ',"note":1}')), {}],
  ['the time of the export', () => lines.with(0, (lines[0] ?? '').replace(/20\d\d/, '2001')), {}],
  ['cut off in the middle', () => lines.slice(0, 6), {}],
  ['cut off in the middle, with the old end', () => [...lines.slice(0, 6), lines.at(-1) ?? ''], {}],
  [
    'a row taken out',
    () =>
      written(
        parsed().filter((line) => !(line['merchantId'] === ids[0] && line['seq'] === 3 && line['type'] === 'entry')),
      ),
    { seq: 4 },
  ],
  ['two exports, one behind the other', () => [...early, ...lines], {}],
  ['the rows of one export, and then those of another', () => [...early.slice(0, -1), ...lines.slice(1)], {}],
  ['the end of an earlier export', () => [...lines.slice(0, -1), early.at(-1) ?? ''], {}],
  [
    'the chain of an earlier export',
    () =>
      written([
        ...parsed().slice(0, 1),
        ...chainOf(early.map((line) => JSON.parse(line) as Line)),
        ...parsed()
          .filter((line) => line['merchantId'] !== ids[0])
          .slice(1),
      ]),
    {},
  ],
  [
    'the export of one merchant as everybody’s',
    () => alone.with(0, (alone[0] ?? '').replace(/"merchantId":"[^"]*"/, '"merchantId":null')),
    {},
  ],
  [
    'two chains swapped',
    () =>
      written(
        parsed().map((line) => ({
          ...line,
          ...(line['merchantId'] === ids[0]
            ? { merchantId: ids[1] }
            : line['merchantId'] === ids[1]
              ? { merchantId: ids[0] }
              : {}),
        })),
      ),
    {},
  ],
  [
    'chains in another order',
    () => written([...parsed().slice(0, 1), ...chainOf(parsed(), ids[1]), ...chainOf(parsed()), ...parsed().slice(-1)]),
    {},
  ],
  [
    'a chain left out',
    () => written([...parsed().slice(0, 1), ...chainOf(parsed(), ids[1]), ...parsed().slice(-1)]),
    {},
  ],
  [
    'rows swapped, each with the other’s time and number',
    () => {
      const all = parsed()
      const [a, b] = [3, 4].map((seq) =>
        all.findIndex((line) => line['merchantId'] === ids[0] && line['seq'] === seq),
      ) as [number, number]
      const pick = (line: Line | undefined): Line => ({ at: line?.['at'], seq: line?.['seq'], seal: line?.['seal'] })
      return written(all.with(a, { ...all[b], ...pick(all[a]) }).with(b, { ...all[a], ...pick(all[b]) }))
    },
    { seq: 3 },
  ],
  ['everything made anew without the key', () => madeAnew(parsed()), {}],
  [
    'a row changed and everything made anew without the key',
    () => madeAnew(parsed().map((line) => (line['seq'] === 3 ? { ...line, actor: 'nobody' } : line))),
    {},
  ],
  [
    'a checkpoint that names the key of another algorithm',
    () => lines.map((line) => line.replace(/"kid":"rsa-/, '"kid":"ed25519-')),
    {},
  ],
  [
    'a row among the checkpoints',
    () => {
      const at = lines.findIndex((line) => line.includes('"checkpoint"'))
      return lines.toSpliced(
        at + 1,
        0,
        (lines[at - 1] ?? '').replace(/"seq":\d+,"seal":"\w+"/, '"seq":null,"seal":null'),
      )
    },
    {},
  ],
]

test('whatever is done to an export is found, and the row is named where a row was touched', async () => {
  await prepare()
  expect(await findingOf(lines)).toBeUndefined()
  expect(await findingOf(early)).toBeUndefined()
  expect(await findingOf(alone)).toBeUndefined()
  for (const [what, attack, named] of ATTACKS) {
    const finding = await findingOf(attack())
    expect.soft([what, finding]).toEqual([what, expect.objectContaining(named ?? {}) as AuditFinding])
    if (named?.seq !== undefined) expect.soft([what, finding?.merchantId]).toEqual([what, ids[0]])
  }
  // An earlier export is one that the gateway made: what tells it from today's is its date, or a newer checkpoint.
  const newest = chainOf(parsed()).findLast((line) => line['type'] === 'checkpoint') as unknown as Checkpoint
  expect(await findingOf(early, [newest])).toMatchObject({ merchantId: ids[0], seq: newest.seq })
})

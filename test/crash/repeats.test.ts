import { readFileSync } from 'node:fs'
import { encryptCard, type CardKey } from '@ucanpay/wire/encrypted-card'
import pg from 'pg'
import { Agent, request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { freePorts, newHome, removeHome, startSandbox, type DevJson } from '../support/sandbox.ts'

const PATIENCE_MS = 300_000
const ORDER = { subject: 'Coffee', body: 'Coffee', totalAmt: 450, sceneType: 'MWEB' }

/** A write that was begun: its key, and the number that was acknowledged, if the answer came. */
interface Begun {
  readonly path: string
  readonly body: object
  readonly key: string
  number?: string
}

test(
  'killed at any moment in a stream of writes: each, repeated under its key, was done once, and has its first number',
  { timeout: PATIENCE_MS },
  async () => {
    const home = newHome()
    onTestFinished(() => removeHome(home))
    const port = await freePorts()
    let sandbox = await startSandbox(home, port)
    const agent = new Agent({ connect: { ca: readFileSync(sandbox.dev.caFile, 'utf8') } })
    onTestFinished(() => agent.destroy())
    const begun: Begun[] = []
    for (let round = 0; round < 3; round++) {
      const paid = await Promise.all(Array.from({ length: 3 }, () => payOne(sandbox.dev, agent)))
      const writers = Promise.all([
        ...Array.from({ length: 4 }, (_, at) => placeMany(sandbox.dev, { agent, begun, mark: `${round}p${at}` })),
        ...paid.map((ucpOrderNo, at) => refundMany(sandbox.dev, { agent, begun, mark: `${round}r${at}` }, ucpOrderNo)),
      ])
      const before = begun.length
      await expect.poll(() => begun.length, { timeout: 60_000, interval: 5 }).toBeGreaterThanOrEqual(before + 12)
      await sandbox.kill()
      await writers
      sandbox = await startSandbox(home, port)
    }

    expect(begun.filter(({ number }) => number === undefined).length).toBeGreaterThan(0) // Some were under way.
    const numbers: string[] = []
    for (const one of begun) {
      // Twice at once each: one of them may find the dead process's claim, and takes it up.
      const [first, second] = await Promise.all([repeat(sandbox.dev, agent, one), repeat(sandbox.dev, agent, one)])
      expect([one.key, second]).toEqual([one.key, first])
      if (one.number !== undefined) expect([one.key, first]).toEqual([one.key, one.number])
      numbers.push(first)
    }
    expect(new Set(numbers).size).toBe(numbers.length)

    const database = new pg.Client(sandbox.dev.databaseUrl)
    await database.connect()
    const { rows } = await database.query<{ orders: string; refunds: string; entries: string }>(
      `select (select count(*) from orders where not exists (select from payment_attempts a where a.ucp_order_no = orders.ucp_order_no)) as orders,
              (select count(*) from refunds) as refunds, (select coalesce(sum(amount), 0) from ledger_entries) as entries`,
    )
    await database.end()
    const refunds = begun.filter(({ path }) => path === '/v1/refunds').length
    expect(rows).toEqual([{ orders: String(begun.length - refunds), refunds: String(refunds), entries: '0' }])
    expect(await sandbox.stop()).toBe(0)
  },
)

interface Stream {
  readonly agent: Agent
  readonly begun: Begun[]
  readonly mark: string
}

async function post(
  dev: DevJson,
  agent: Agent,
  { path, body, key }: Begun,
): Promise<{ status: number; data: Record<string, unknown> }> {
  const reply = await request(dev.apiUrl + path, {
    method: 'POST',
    dispatcher: agent,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${dev.secretKey}`,
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  })
  const { data = {} } = (await reply.body.json()) as { data?: Record<string, unknown> }
  return { status: reply.statusCode, data }
}

/** Neither names a number of its own: the key alone keeps them single. */
async function write(dev: DevJson, { agent, begun }: Stream, one: Begun): Promise<boolean> {
  begun.push(one)
  try {
    const { status, data } = await post(dev, agent, one)
    if (status === 200) one.number = numberOf(data)
    return status === 200
  } catch {
    return false // The gateway is gone.
  }
}

function numberOf(data: Record<string, unknown>): string {
  return String(data['ucpRefundNo'] ?? data['ucpOrderNo'])
}

async function placeMany(dev: DevJson, stream: Stream): Promise<void> {
  const body = { ...ORDER, notifyUrl: `${dev.shopUrl}/notifications` }
  for (let count = 0; count < 300; count++) {
    if (!(await write(dev, stream, { path: '/v1/payments', body, key: `${stream.mark}n${count}` }))) return
  }
}

/** A payment takes ten refunds. */
async function refundMany(dev: DevJson, stream: Stream, ucpOrderNo: string): Promise<void> {
  for (let count = 0; count < 10; count++) {
    const one = { path: '/v1/refunds', body: { ucpOrderNo, refundAmt: 1 + count }, key: `${stream.mark}n${count}` }
    if (!(await write(dev, stream, one))) return
  }
}

async function repeat(dev: DevJson, agent: Agent, one: Begun): Promise<string> {
  const { status, data } = await post(dev, agent, one)
  expect([one.key, status]).toEqual([one.key, 200])
  return numberOf(data)
}

async function payOne(dev: DevJson, agent: Agent): Promise<string> {
  const body = { ...ORDER, notifyUrl: `${dev.shopUrl}/notifications` }
  const key = `paid${Math.random().toString(36).slice(2)}`
  const { data } = await post(dev, agent, { path: '/v1/payments', body, key })
  const payUrl = String(data['payUrl'])
  const checkoutUrl = payUrl.replace('/pay/', '/checkout-api/orders/')
  const shown = (await (await request(checkoutUrl, { dispatcher: agent })).body.json()) as { cardKey: CardKey }
  const card = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2030, securityCode: '737', holderName: 'Ada' }
  const encryptedCard = await encryptCard(card, { key: shown.cardKey, context: payUrl.split('/').at(-1) ?? '' })
  const paid = await request(`${checkoutUrl}/pay`, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ encryptedCard }),
  })
  expect(await paid.body.json()).toMatchObject({ tradeStatus: 'SUCCESS' })
  return String(data['ucpOrderNo'])
}

import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { encryptCard, type CardKey } from '@ucanpay/wire/encrypted-card'
import pg from 'pg'
import { Agent, request } from 'undici'
import { afterAll, expect, test } from 'vitest'
import { startReceiver } from '../../apps/gateway/test/support/receiver.ts'
import { freePorts, launch, newHome, ready, removeHome, startSandbox } from '../support/sandbox.ts'

/** Leases of a dead worker run for half a minute before another takes its work. */
const PATIENCE_MS = 180_000
const homes = [newHome(), newHome()] as const
afterAll(() => homes.forEach(removeHome))

interface Acknowledged {
  readonly outTradeNo: string
  readonly paid: boolean
}

test(
  'killed at any moment in a stream of payments: what was acknowledged is there, the books balance, everyone is told',
  { timeout: PATIENCE_MS },
  async () => {
    const [home] = homes
    const port = await freePorts()
    const first = await startSandbox(home, port)
    const tls = {
      cert: readFileSync(join(home, 'tls/localhost.pem'), 'utf8'),
      key: readFileSync(join(home, 'tls/localhost.key'), 'utf8'),
    }
    const receiver = await startReceiver(tls)
    const ca = readFileSync(first.dev.caFile, 'utf8')
    const acknowledged: Acknowledged[] = []
    let sandbox = first

    for (let round = 0; round < 3; round++) {
      const agent = new Agent({ connect: { ca } })
      const stream = Promise.all(
        Array.from({ length: 8 }, () => buy(sandbox.dev, { agent, notifyUrl: receiver.url, acknowledged })),
      )
      // In the middle of things, however slow the machine is today.
      const enough = acknowledged.length + 8 + round * 4
      await expect.poll(() => acknowledged.length, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(enough)
      await sandbox.kill()
      await stream
      await agent.destroy()
      sandbox = await startSandbox(home, port)
      expect(sandbox.dev.secretKey).toBe(first.dev.secretKey) // A second start keeps what there was.
    }

    expect(acknowledged.length).toBeGreaterThan(20)
    const database = new pg.Client(sandbox.dev.databaseUrl)
    await database.connect()
    const orders = await database.query<{ out_trade_no: string; trade_status: string }>(
      'select out_trade_no, trade_status from orders',
    )
    const statuses = new Map(orders.rows.map((row) => [row.out_trade_no, row.trade_status]))
    for (const { outTradeNo, paid } of acknowledged) {
      expect(statuses.has(outTradeNo)).toBe(true)
      if (paid) expect(statuses.get(outTradeNo)).toBe('SUCCESS')
    }
    const settled = async (): Promise<unknown> =>
      (await database.query(`select 1 from orders where trade_status = 'USERPAYING'`)).rowCount
    await expect.poll(settled, { timeout: 60_000, interval: 500 }).toBe(0) // Leases run out, look-ups settle the rest.

    const { rows } = await database.query<{ paid: string; entries: string; ledger: string; acquirer: string }>(
      `select (select count(*) from orders where trade_status = 'SUCCESS') as paid,
            (select coalesce(sum(amount), 0) from ledger_entries) as entries,
            (select coalesce(sum(amount), 0) from ledger_entries where account = 'acquirer_receivable') as ledger,
            (select coalesce(sum(amount), 0) from sandbox_acquirer.operations
             where operation = 'authorise' and status = 'succeeded') as acquirer`,
    )
    expect(rows[0]?.entries).toBe('0')
    expect(rows[0]?.ledger).toBe(rows[0]?.acquirer)
    const told = (): number => new Set(receiver.received.map(({ data }) => data['outTradeNo'])).size
    await expect.poll(told, { timeout: 60_000, interval: 500 }).toBe(Number(rows[0]?.paid))
    await database.end()
    await receiver.close()
    expect(await sandbox.stop()).toBe(0)
  },
)

test(
  'a second start on the same folder is refused in a sentence, and touches nothing',
  { timeout: PATIENCE_MS },
  async () => {
    const [, home] = homes
    const sandbox = await startSandbox(home, await freePorts())
    const second = launch(home, await freePorts())
    const words = await ready(second)
    expect(words).toContain('cannot start')
    expect(words).toContain('UCANPAY_HOME')
    const { body } = await sandbox.post('/payment/orderquery', { outTradeNo: 'none' })
    expect(body).toMatchObject({ msg: 'ORDERNOTEXIST' })
    for (const file of [
      'dev.json',
      'dev.env',
      'gateway.log',
      'keys/key-ring.json',
      'keys/signing-keys.json',
      'keys/merchant-private-key.pem',
      'tls/localhost.key',
    ]) {
      expect([file, statSync(join(home, file)).mode & 0o077]).toEqual([file, 0])
    }
    expect(await sandbox.stop()).toBe(0)
  },
)

/** Places and pays orders until the gateway is gone, noting each that was acknowledged. */
async function buy(
  dev: { apiUrl: string; secretKey: string },
  { agent, notifyUrl, acknowledged }: { agent: Agent; notifyUrl: string; acknowledged: Acknowledged[] },
): Promise<void> {
  const post = async (url: string, body: object, headers: object = {}): Promise<Record<string, unknown>> => {
    const reply = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return (await reply.body.json()) as Record<string, unknown>
  }
  const card = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2030, securityCode: '737', holderName: 'Ada' }
  for (let count = 0; count < 500; count++) {
    const outTradeNo = randomBytes(12).toString('hex')
    try {
      const order = { outTradeNo, subject: 'Coffee', body: 'Coffee', totalAmt: 450, sceneType: 'MWEB', notifyUrl }
      const placed = await post(`${dev.apiUrl}/payment/unifiedorder`, order, {
        authorization: `Bearer ${dev.secretKey}`,
      })
      const payUrl = (placed['data'] as { payUrl?: string } | undefined)?.payUrl
      if (payUrl === undefined) continue
      acknowledged.push({ outTradeNo, paid: false })
      const checkoutUrl = payUrl.replace('/pay/', '/checkout-api/orders/')
      const shown = (await (await request(checkoutUrl, { dispatcher: agent })).body.json()) as { cardKey: CardKey }
      const context = payUrl.split('/').at(-1) ?? ''
      const encryptedCard = await encryptCard(card, { key: shown.cardKey, context })
      const paid = await post(`${checkoutUrl}/pay`, { encryptedCard })
      if (paid['tradeStatus'] === 'SUCCESS') acknowledged.push({ outTradeNo, paid: true })
    } catch {
      return // The gateway is gone.
    }
  }
}

import { expect, test } from 'vitest'
import { applyRetention } from '../../src/worker/retention.ts'
import { startGateway } from '../support/gateway.ts'

const DAY_MS = 86_400_000

test('each kind of data is kept for its time and no longer, under the rights of the worker', async () => {
  const gateway = await startGateway()
  const { pools: db, clock, log } = gateway.gateway.deps
  await gateway.paidOrder()
  await gateway.post('/users', { name: 'Ada' }, { headers: { 'idempotency-key': 'k1' } })
  await gateway.post('/payment/orderquery', gateway.signed('/payment/orderquery', { outTradeNo: 'none' }))
  await gateway.get('/payment/status?outTradeNo=none', { headers: { origin: 'https://shop.example' } })
  await gateway.receiver.waitFor(1)
  await expect.poll(() => gateway.rows('error_records')).not.toEqual([])
  await expect.poll(async () => (await gateway.rows(`notifications where status = 'delivered'`)).length).toBe(1)
  const left = async (days: number): Promise<string[]> => {
    const moved = { now: () => new Date(clock.now().getTime() + days * DAY_MS) }
    await applyRetention({ db: db.worker, clock: moved, log })
    const tables = [
      'cards',
      'nonces',
      'idempotency_keys',
      'error_records',
      'delivery_attempts',
      'notifications',
      'alerts',
    ]
    const counts = await Promise.all(
      tables.map(async (table) => [table, (await db.operator.query(`select 1 from ${table}`)).length] as const),
    )
    return counts.filter(([, count]) => count > 0).map(([table]) => table)
  }
  expect(await left(0)).toEqual([
    'cards',
    'nonces',
    'idempotency_keys',
    'error_records',
    'delivery_attempts',
    'notifications',
    'alerts',
  ])
  expect(await left(1.01)).toEqual(['error_records', 'delivery_attempts', 'notifications', 'alerts'])
  expect(await left(91)).toEqual(['delivery_attempts', 'notifications', 'alerts'])
  expect(await left(181)).toEqual(['alerts'])
  expect(await left(401)).toEqual([])
  expect(await db.operator.query('select 1 from orders')).toHaveLength(1)
  expect((await db.operator.query('select 1 from audit_log')).length).toBeGreaterThan(5)
})

test('a window that is still counted in is kept, whatever its length, and one that is long over goes', async () => {
  const gateway = await startGateway({ role: 'api' })
  const now = Date.now() / 1000
  const windows = [1, 60, 900, 3600].flatMap((lengthS) => [
    [`now ${lengthS}`, Math.floor(now / lengthS) + (lengthS === 1 ? 30 : 0)],
    [`over ${lengthS}`, Math.floor(now / lengthS) - 6],
  ])
  const { pools: db, clock, log } = gateway.gateway.deps
  await db.operator.query('delete from rate_windows')
  for (const window of windows)
    await db.operator.query('insert into rate_windows (bucket, window_no, used, granted) values ($1, $2, 1, 1)', window)
  await applyRetention({ db: db.worker, clock, log })
  const left = await db.operator.query<{ bucket: string }>('select bucket from rate_windows order by bucket')
  expect(left.map(({ bucket }) => bucket)).toEqual(['now 1', 'now 3600', 'now 60', 'now 900'])
})

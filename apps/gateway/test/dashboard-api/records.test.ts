import { expect, test } from 'vitest'
import { sealAudit } from '../../src/domain/audit-log/seal-audit.ts'
import { startGateway } from '../support/gateway.ts'
import { signedIn, type Browser } from '../support/member.ts'

type Row = Readonly<Record<string, unknown>>

async function items(browser: Browser, path: string): Promise<Row[]> {
  const answer = await browser.get(path)
  expect([path, answer.status]).toEqual([path, 200])
  return answer.data['items'] as Row[]
}

test('a notification that failed is sent again under its own id, and who did it is on record', async () => {
  const gateway = await startGateway({ role: 'all' })
  const browser = await signedIn(gateway, 'support')
  await gateway.paidOrder()
  await gateway.receiver.waitFor(1)
  await expect
    .poll(async () => (await items(browser, '/notifications'))[0]?.['status'], { timeout: 10_000 })
    .toBe('delivered')
  const [row] = await items(browser, '/notifications')
  const notificationId = String(row?.['notificationId'])
  expect(row).toMatchObject({ kind: 'payment', attempts: 1, notifyUrl: gateway.receiver.url })
  expect((await browser.post('/notifications/resend', { notificationId })).data).toEqual({ resent: 1, hasMore: false })
  const received = await gateway.receiver.waitFor(2)
  const ids = received.map(({ headers }) => (headers as Record<string, string>)['webhook-id'])
  expect(ids).toEqual([notificationId, notificationId])
  const attempts = async () => (await browser.get(`/notifications/${notificationId}`)).data['attempts'] as Row[]
  await expect.poll(async () => (await attempts()).length, { timeout: 10_000 }).toBe(2)
  const [audit] = await gateway.rows<{ actor: string }>(`audit_log where action = 'notification.resent'`)
  expect(audit?.actor).toBe(browser.memberId)
})

test('of a range 1,000 are sent again in one go, once each, also by two who press at once', async () => {
  const gateway = await startGateway({ role: 'api', config: { role: 'all' } })
  const browser = await signedIn(gateway)
  const other = await signedIn(gateway)
  const placed = await gateway.place()
  await gateway.sql(
    `insert into notifications (merchant_id, mode, notification_id, ucp_order_no, kind, notify_url, data, status, created_at)
     select $1, 'test', 'msg_' || n, $2, 'payment', 'https://localhost:1/', '{}', 'failed', now() - make_interval(secs => n)
     from generate_series(1, 1005) n`,
    [gateway.merchant.merchantId, placed.data['ucpOrderNo']],
  )
  const range = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
  const replies = await Promise.all([browser, other].map((one) => one.post('/notifications/resend', range)))
  const resent = replies.map(({ data }) => Number(data['resent']))
  expect(resent.reduce((sum, count) => sum + count, 0)).toBe(1_005)
  expect(await gateway.rows(`notifications where status = 'failed'`)).toEqual([])
})

test('resending needs one notification or a range, of one’s own', async () => {
  const gateway = await startGateway({ role: 'all' })
  const browser = await signedIn(gateway)
  const send = (body: object) => browser.post('/notifications/resend', body)
  expect((await send({})).msg).toBe('LACK_PARAMS')
  expect((await send({ from: '2020-01-01T00:00:00Z' })).msg).toBe('LACK_PARAMS')
  expect((await send({ notificationId: 'msg_none' })).msg).toBe('NOT_FOUND')
  expect((await send({ notificationId: 'msg_none', from: '2020-01-01T00:00:00Z' })).msg).toBe('PARAM_ERROR')
  expect((await browser.get('/notifications/msg_none')).msg).toBe('NOT_FOUND')
  expect((await browser.get('/notifications?startingAfter=msg_none')).msg).toBe('NOT_FOUND')
})

test('endpoints show how their notifications fare; a new secret is shown once and the old one lives on', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway, 'developer')
  await gateway.paidOrder()
  const delivered = async () => (await items(browser, '/notification-endpoints'))[0]?.['delivered']
  await expect.poll(delivered, { timeout: 10_000 }).toBe(1)
  const rotated = await browser.post('/notification-secrets/rotate', { overlapS: 3_600 })
  expect(rotated.data['secret']).toMatch(/^whsec_/)
  const { secrets } = (await browser.get('/notification-endpoints')).data as { secrets: Row[] }
  expect(secrets).toHaveLength(2)
  expect(secrets[0]?.['expiresAt']).toBeUndefined()
  expect(secrets[1]?.['expiresAt']).toBeTruthy()
  gateway.moveClock(6 * 60_000)
  const late = await browser.post('/notification-secrets/rotate', { overlapS: 0 })
  expect([late.status, late.headers['x-needs']]).toEqual([403, 'reauthentication'])
})

test('a failed request is found by its number and told in full, by its own merchant alone', async () => {
  const gateway = await startGateway()
  const [browser, stranger] = [
    await signedIn(gateway),
    await signedIn(gateway, 'owner', (await gateway.addMerchant()).merchantId),
  ]
  const failed = await gateway.post('/payment/orderquery', { outTradeNo: 'None1' })
  const requestId = String(failed.body['requestId'])
  await expect.poll(async () => (await items(browser, '/logs')).length, { timeout: 5_000 }).toBe(1)
  expect(await items(browser, '/logs?msg=ORDERNOTEXIST')).toMatchObject([{ requestId, route: '/payment/orderquery' }])
  expect(await items(browser, '/logs?msg=PARAM_ERROR')).toEqual([])
  expect(await items(browser, `/logs?actor=${gateway.merchant.apiKeyId}`)).toHaveLength(1)
  const story = await browser.get(`/logs/${requestId}`)
  expect(story.data).toMatchObject({
    record: { requestId, status: 404 },
    error: { message: expect.any(String) as string },
  })
  expect(story.text).not.toContain('None1')
  expect(await items(stranger, '/logs')).toEqual([])
  expect((await stranger.get(`/logs/${requestId}`)).msg).toBe('NOT_FOUND')
  // The stranger's own request failed by that, and is on the stranger's record alone.
  await expect.poll(async () => (await items(stranger, '/logs')).length, { timeout: 5_000 }).toBe(1)
  expect(await items(stranger, '/logs')).toMatchObject([{ route: '/dashboard-api/logs/:requestId' }])
  expect(await items(browser, '/logs')).toHaveLength(1)
})

test('the audit log is listed, filtered, verified, and fails to verify once somebody has touched it', async () => {
  const gateway = await startGateway()
  const browser = await signedIn(gateway, 'auditor')
  await gateway.place({ outTradeNo: 'Audit1' })
  await gateway.post('/payment/closeorder', { outTradeNo: 'Audit1' })
  await sealAudit({ ...gateway.gateway.deps, keys: gateway.keys }, gateway.clock.now())
  const all = await items(browser, '/audit-log?limit=100')
  expect(all.length).toBeGreaterThan(5)
  const closed = await items(browser, '/audit-log?action=order.closed')
  expect(closed).toMatchObject([{ actor: gateway.merchant.apiKeyId, actorName: 'test key', after: 'CLOSED' }])
  expect(closed[0]?.['seq']).toBeGreaterThan(0)
  expect(await items(browser, `/audit-log?target=${String(closed[0]?.['target'])}`)).toHaveLength(2)
  expect((await items(browser, `/audit-log?actor=${gateway.merchant.apiKeyId}`)).length).toBe(2)
  expect((await items(browser, '/audit-log?action=api-key.created')).length).toBe(1)
  const first = await items(browser, '/audit-log?limit=3')
  const second = await items(browser, `/audit-log?limit=3&startingAfter=${String(first[2]?.['auditId'])}`)
  expect([...first, ...second]).toEqual(all.slice(0, 6))

  const verdict = await browser.post('/audit-log/verify')
  expect(verdict.data).toMatchObject({ holds: true, entries: all.length })
  const exported = (await browser.get('/audit-log/export')).text.trimEnd().split('\n')
  expect(JSON.parse(exported.at(-1) ?? '')).toMatchObject({ type: 'end', lines: exported.length - 1 })
  expect(exported.filter((line) => line.includes('"type":"entry"')).length).toBe(all.length)

  await gateway.sql('alter table audit_log disable trigger user')
  await gateway.sql(`update audit_log set after = 'SUCCESS' where action = 'order.closed'`)
  const broken = await browser.post('/audit-log/verify')
  expect(broken.data).toMatchObject({ holds: false, finding: { seq: closed[0]?.['seq'] } })
})

test('customers are masked; revealing one is on record before it is shown, and erasing ends it', async () => {
  const gateway = await startGateway()
  const [browser, finance] = [await signedIn(gateway), await signedIn(gateway, 'finance')]
  const made = await gateway.post('/users', { email: 'ada@example.com', name: 'Ada Lovelace', phone: '+15145550100' })
  const userId = String(made.data['userId'])
  const shown = await finance.get('/customers')
  expect(shown.data['items']).toMatchObject([{ userId, emailMasked: 'a•••@e•••.com', nameMasked: 'A••• L•••' }])
  expect(shown.text).not.toMatch(/ada@|Lovelace|5145550100/)
  expect((await finance.post('/customers/search', { email: 'ADA@example.com' })).data['items']).toHaveLength(1)
  expect((await finance.post('/customers/search', { email: 'bob@example.com' })).data['items']).toEqual([])
  expect((await finance.post(`/customers/${userId}/reveal`)).status).toBe(403)
  expect(await gateway.rows(`audit_log where action = 'customer.revealed'`)).toEqual([])
  const revealed = await browser.post(`/customers/${userId}/reveal`)
  expect(revealed.data).toEqual({ email: 'ada@example.com', name: 'Ada Lovelace', phone: '+15145550100' })
  const rows = await gateway.rows(`audit_log where action = 'customer.revealed'`)
  expect(rows).toMatchObject([{ actor: browser.memberId, target: userId, after: 'email name phone' }])
  expect((await browser.post(`/customers/${userId}/erase`)).status).toBe(200)
  expect((await browser.get(`/customers/${userId}`)).msg).toBe('NOT_FOUND')
  expect((await browser.post(`/customers/${userId}/reveal`)).msg).toBe('NOT_FOUND')
})

test('keys are made, rolled and revoked by who may, in the mode that is looked at', async () => {
  const gateway = await startGateway()
  const [developer, support] = [await signedIn(gateway, 'developer'), await signedIn(gateway, 'support')]
  const wanted = {
    name: 'shop',
    kind: 'rk',
    scopes: ['payments:read'],
    ipAllowList: ['203.0.113.0/24'],
    expiresInDays: 30,
  }
  const made = await developer.post('/api-keys', wanted)
  expect(made.data).toMatchObject({ mode: 'test', scopes: ['payments:read'], ipAllowList: ['203.0.113.0/24'] })
  expect(made.data['key']).toMatch(/^ucp_rk_test_/)
  expect((await developer.post('/api-keys', { ...wanted, kind: 'sk' })).msg).toBe('PARAM_ERROR')
  expect((await support.get('/api-keys')).status).toBe(403)
  const list = await developer.get('/api-keys')
  expect(list.text).not.toContain(String(made.data['key']))
  expect(list.data['items']).toHaveLength(2)
  const path = `/api-keys/${String(made.data['apiKeyId'])}`
  const rolled = await developer.post(`${path}/roll`, { overlapS: 60 })
  expect(rolled.data['key']).toMatch(/^ucp_rk_test_/)
  expect((await developer.post(`${path}/revoke`)).data).toMatchObject({ status: 'revoked' })
  expect((await developer.post('/api-keys/key_none/revoke')).msg).toBe('NOT_FOUND')
  const [audit] = await gateway.rows<{ actor: string }>(`audit_log where action = 'api-key.rolled'`)
  expect(audit?.actor).toBe(developer.memberId)
})

test('settings change with what they were on record, and nothing that was not given', async () => {
  const gateway = await startGateway()
  const [browser, finance] = [await signedIn(gateway), await signedIn(gateway, 'finance')]
  const put = (who: Browser, body: object) => who.send('PUT', '/settings', { body })
  expect((await browser.get('/settings')).data).toMatchObject({ refundLimitAmt: 10_000, signatures: 'optional' })
  const changed = await put(browser, { refundLimitAmt: 500, securityNotifyUrl: gateway.receiver.url })
  expect(changed.data).toMatchObject({
    refundLimitAmt: 500,
    securityNotifyUrl: gateway.receiver.url,
    name: 'Corner Coffee',
  })
  expect((await put(browser, { securityNotifyUrl: '' })).data['securityNotifyUrl']).toBeUndefined()
  expect((await put(browser, { securityNotifyUrl: 'https://10.0.0.1/' })).msg).toBe('PARAM_ERROR')
  expect((await put(browser, { feeBasisPoints: 0 })).msg).toBe('PARAM_ERROR')
  expect((await put(browser, { refundLimitAmt: 500 })).status).toBe(200)
  expect((await put(finance, { refundLimitAmt: 1 })).status).toBe(403)
  const rows = await gateway.rows(`audit_log where action = 'settings.changed' order by at, audit_id`)
  expect(rows).toHaveLength(3)
  expect(rows).toContainEqual(expect.objectContaining({ target: 'refundLimitAmt', before: '10000', after: '500' }))
})

import { expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { addApp, signedIn, type Browser } from '../support/member.ts'
import { codeBody, makeCode, orderBy } from '../support/static-codes.ts'

const ids = (answer: { data: Record<string, unknown> }): string[] =>
  (answer.data['items'] as { codeId: string }[]).map(({ codeId }) => codeId)

test('a member makes codes, lists them page by page, renames one, switches it off and on, all on record', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  const browser = await signedIn(gateway, 'finance')
  const made: string[] = []
  for (const name of ['Till', 'Terrace', 'Van']) {
    made.unshift((await makeCode(gateway, browser, { name })).codeId)
    gateway.moveClock(1)
  }
  const first = await browser.get('/static-codes?limit=2')
  expect([ids(first), first.data['hasMore']]).toEqual([made.slice(0, 2), true])
  const second = await browser.get(`/static-codes?limit=2&startingAfter=${made[1] ?? ''}`)
  expect([ids(second), second.data['hasMore']]).toEqual([made.slice(2), false])

  const path = `/static-codes/${made[0] ?? ''}`
  const change = (body: object) => browser.send('PUT', path, { body })
  expect((await change({ name: 'Food truck', enabled: false })).data).toMatchObject({
    name: 'Food truck',
    enabled: false,
  })
  expect((await change({ enabled: false })).data).toMatchObject({ enabled: false })
  expect((await change({ enabled: true })).data).toMatchObject({ name: 'Food truck', enabled: true })
  expect((await browser.get(path)).data).toMatchObject({ name: 'Food truck', enabled: true, currency: 'CAD' })
  const audit = await gateway.sql<{ action: string }>(
    `select action from audit_log where target = $1 and actor = $2 order by at, audit_id`,
    [made[0], browser.memberId],
  )
  expect(audit.map(({ action }) => action).sort()).toEqual([
    'static-code.created',
    'static-code.renamed',
    'static-code.switched-off',
    'static-code.switched-on',
  ])
})

test('an address is made of 144 random bits, of its own for each code', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  const browser = await signedIn(gateway)
  const made = await Promise.all(Array.from({ length: 10 }, () => makeCode(gateway, browser)))
  const urls = made.map(({ codeUrl }) => codeUrl)
  expect(new Set(urls).size).toBe(10)
  for (const url of urls) expect(url).toMatch(/^https:\/\/localhost:\d+\/q\/[0-9A-Za-z_-]{24}$/)
})

test.each([
  ['no name', { name: undefined }, 'LACK_PARAMS'],
  ['an empty name', { name: '' }, 'PARAM_ERROR'],
  ['a name of 65 characters', { name: 'n'.repeat(65) }, 'PARAM_ERROR'],
  ['a card number as its name', { name: '4242 4242 4242 4242' }, 'PARAM_ERROR'],
  ['a card number as what it is for', { subject: '4242424242424242' }, 'PARAM_ERROR'],
  ['a sign of the string to sign', { subject: 'a&b' }, 'PARAM_ERROR'],
  ['bounds the wrong way round', { minAmt: 200, maxAmt: 199 }, 'PARAM_ERROR'],
  ['no amount at all', { minAmt: 0 }, 'PARAM_ERROR'],
  ['more than 12 digits', { maxAmt: 1_000_000_000_000 }, 'PARAM_ERROR'],
  ['a fraction', { minAmt: 1.5 }, 'PARAM_ERROR'],
  ['an unknown currency', { currency: 'XXX' }, 'PARAM_ERROR'],
  ['an address that is none', { notifyUrl: 'nowhere' }, 'PARAM_ERROR'],
  ['an address inside', { notifyUrl: 'https://169.254.169.254/latest' }, 'PARAM_ERROR'],
  ['a token of one’s own', { token: 'A'.repeat(24) }, 'PARAM_ERROR'],
])('a code with %s is refused, and none is made', async (_what, values, msg) => {
  const gateway = await startGateway({ role: 'dashboard' })
  const browser = await signedIn(gateway)
  expect(await browser.post('/static-codes', codeBody(gateway, values))).toMatchObject({ status: 400, msg })
  expect(await gateway.rows('static_codes')).toEqual([])
})

test('who may not touch payments makes and switches none; an auditor and support read them', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  const owner = await signedIn(gateway)
  const { codeId } = await makeCode(gateway, owner)
  for (const role of ['developer', 'support', 'auditor'] as const) {
    const browser = await signedIn(gateway, role)
    expect([role, ids(await browser.get('/static-codes'))]).toEqual([role, [codeId]])
    const refused = { status: 403, msg: 'NOAUTH' }
    expect(await browser.post('/static-codes', codeBody(gateway))).toMatchObject(refused)
    expect(await browser.send('PUT', `/static-codes/${codeId}`, { body: { enabled: false } })).toMatchObject(refused)
  }
  expect(await gateway.rows('static_codes where enabled')).toHaveLength(1)
})

test('a stranger’s code is no code, and neither is one of the other mode', async () => {
  const gateway = await startGateway({ role: 'dashboard' })
  const owner = await signedIn(gateway)
  const { codeId } = await makeCode(gateway, owner)
  const other = await gateway.addMerchant()
  await expectNone(await signedIn(gateway, 'owner', other.merchantId), codeId)
  await addApp(gateway, owner)
  await owner.session()
  expect((await owner.post('/session/mode', { mode: 'live' })).status).toBe(200)
  await owner.session()
  await expectNone(owner, codeId)
  expect(await gateway.rows('static_codes where enabled')).toHaveLength(1)
})

async function expectNone(browser: Browser, codeId: string): Promise<void> {
  const missing = { status: 404, msg: 'NOT_FOUND' }
  expect(ids(await browser.get('/static-codes'))).toEqual([])
  expect(await browser.get(`/static-codes/${codeId}`)).toMatchObject(missing)
  expect(await browser.send('PUT', `/static-codes/${codeId}`, { body: { enabled: false } })).toMatchObject(missing)
}

test('payments remember the code that they came from, and are listed by it', async () => {
  const gateway: TestGateway = await startGateway()
  const browser = await signedIn(gateway)
  const code = await makeCode(gateway, browser, { name: 'Till' })
  const other = await makeCode(gateway, browser)
  await gateway.place({ outTradeNo: 'ORDINARY' })
  await orderBy(gateway, code, { totalAmt: 700 })
  await orderBy(gateway, other, { totalAmt: 800 })
  const answer = await browser.get(`/payments?codeId=${code.codeId}`)
  const items = answer.data['items'] as { totalAmt: number; ucpOrderNo: string }[]
  expect(items.map(({ totalAmt }) => totalAmt)).toEqual([700])
  expect((await browser.get('/payments')).data['items']).toHaveLength(3)
  const detail = await browser.get(`/payments/${items[0]?.ucpOrderNo ?? ''}`)
  expect(detail.data['payment']).toMatchObject({ staticCode: { codeId: code.codeId, name: 'Till' } })
  expect((await browser.get('/payments?codeId=qrc_none')).data['items']).toEqual([])
})

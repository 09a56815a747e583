import { Webhook } from 'standardwebhooks'
import { connect } from 'node:tls'
import { newAuthority } from '../support/authority.ts'
import { expect, test } from 'vitest'
import { createLog } from '../../src/observability/log.ts'
import { compose } from '../../src/compose.ts'
import { connectVault, VaultRefusedError, type VaultPlace } from '../../src/outbound/vault-connection.ts'
import { CARD } from '../support/client.ts'
import { testCertificates } from '../support/gateway.ts'
import { clientCertificate, startRoles } from '../support/vault-roles.ts'

const EVERYTHING = [
  'keys',
  'cards/seal',
  'cards/authorise',
  'customers/open',
  'notifications/sign',
  'notifications/mint',
  'members/open-profiles',
  'members/open-secret',
  'members/index',
  'payouts/seal',
  'payouts/open',
]

/** What the vault answers to a client for each of its questions; a body is not even looked at without the right. */
async function answersTo(place: VaultPlace): Promise<Record<string, string>> {
  const connection = connectVault(place)
  const answers: Record<string, string> = {}
  for (const path of EVERYTHING) {
    answers[path] = await connection.ask(`/vault-api/${path}`, {}).then(
      () => 'answered',
      (error: unknown) => (error instanceof VaultRefusedError ? error.msg : (error as Error).name),
    )
  }
  await connection.close()
  return answers
}

test('four processes do together what one does, and only the vault has keys', async () => {
  const { vault, api, checkout, worker } = await startRoles()
  const placed = await api.place()
  const paid = await api.pay(placed.data['payUrl'])
  expect([placed.status, paid.body]).toEqual([200, expect.objectContaining({ tradeStatus: 'SUCCESS' })])
  const [told] = await api.receiver.waitFor(1)
  const headers = told?.headers as Record<string, string>
  expect(() => new Webhook(vault.merchant.webhookSecret).verify(told?.raw ?? '', headers)).not.toThrow()

  const created = await api.post('/users', { email: 'Ada@example.com', name: 'Ada' })
  const { userId } = created.data as { userId: string }
  await api.post('/users', { email: 'grace@example.com' })
  expect((await api.get(`/users/${userId}`)).data).toMatchObject({ email: 'Ada@example.com', name: 'Ada' })
  expect((await api.get('/users?email=ada@EXAMPLE.com')).data).toMatchObject({ items: [{ userId }] })
  const put = await api.send('PUT', `/users/${userId}`, { body: JSON.stringify({ name: 'Ada L.' }) })
  expect(put.data).toMatchObject({ email: 'Ada@example.com', name: 'Ada L.' })
  await api.send('DELETE', `/users/${userId}`)
  expect(await api.get(`/users/${userId}`)).toMatchObject({ status: 404, msg: 'NOT_FOUND' })

  const bad = await api.pay((await api.place()).data['payUrl'], { number: '4242424242424241' })
  expect(bad).toMatchObject({ status: 400, msg: 'PARAM_ERROR' })
  for (const { config } of [api, checkout, worker]) expect(config.keySources).toBeUndefined()
  for (const { log } of [vault, api, checkout, worker]) expect(log.join('')).not.toContain(CARD.number)
})

test('each client is answered what its role asks, and nothing else', async () => {
  const { placeFor } = await startRoles()
  const open = async (name: string): Promise<string[]> => {
    const answers = await answersTo(await placeFor(name))
    return EVERYTHING.filter((path) => answers[path] !== 'NOAUTH')
  }
  expect(await open('ucanpay-api')).toEqual(['keys', 'customers/open'])
  expect(await open('ucanpay-checkout')).toEqual(['keys', 'cards/seal', 'cards/authorise'])
  expect(await open('ucanpay-worker')).toEqual(['keys', 'notifications/sign', 'members/open-profiles'])
  expect(await open('ucanpay-dashboard')).toEqual([
    'keys',
    'customers/open',
    'notifications/mint',
    'members/open-profiles',
    'members/open-secret',
    'members/index',
    'payouts/seal',
    'payouts/open',
  ])
  for (const name of ['ucanpay-vault', 'ucanpay-', 'localhost', 'ucanpay-apiary']) expect(await open(name)).toEqual([])
})

test('without a certificate of its authority nobody is heard, and nobody takes another server for the vault', async () => {
  const { vault, placeFor } = await startRoles()
  const stranger = await newAuthority()
  const good = await placeFor('ucanpay-api')
  const server = { cert: testCertificates.cert, key: testCertificates.key }
  const places: VaultPlace[] = [
    { ...good, ...(await clientCertificate('ucanpay-api', stranger)) },
    { ...good, ...server },
    { ...good, ca: stranger.certificate.toString('pem') },
    { ...good, url: good.url.replace('localhost', '127.0.0.2') },
  ]
  for (const place of places) expect(await answersTo(place)).toMatchObject({ keys: 'VaultAwayError' })
  const outcome = await new Promise((resolve) => {
    const socket = connect({ port: vault.config.vaultPort, host: '127.0.0.1', servername: 'localhost', ca: good.ca })
    socket.on('secureConnect', () => socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'))
    socket.on('data', () => resolve('answered'))
    socket.on('error', () => resolve('cut off'))
    socket.on('close', () => resolve('cut off'))
  })
  expect(outcome).toBe('cut off')
})

test('a payment whose vault goes away is not lost: it is found out once the vault is back', async () => {
  const { vault, api, checkout } = await startRoles()
  const { payUrl } = (await api.place()).data
  const encrypted = await api.encrypted(payUrl)
  await vault.stop()
  const away = await api.checkout(payUrl, 'pay', encrypted)
  expect([away.status, away.msg]).toEqual([503, 'SYSTEMERROR'])
  expect(await api.get('/users')).toMatchObject({ status: 200 }) // What needs no key goes on.
  expect(await api.post('/users', { name: 'Ada' })).toMatchObject({ status: 503 })
  expect(await api.rows('payment_attempts')).toEqual([])
  const again = await compose(vault.config, createLog({ write: () => undefined }))
  await again.start()
  try {
    expect((await api.checkout(payUrl, 'pay', encrypted)).body).toMatchObject({ tradeStatus: 'SUCCESS' })
  } finally {
    await again.stop()
  }
  expect(checkout.log.join('')).toContain('VaultAwayError')
})

test('a payment whose vault dies while the acquirer is asked is open, and then found out', async () => {
  const { api } = await startRoles({
    acquirer: (sandbox) => ({
      ...sandbox,
      async authorise(request) {
        await sandbox.authorise(request)
        throw new Error('the process is gone')
      },
    }),
  })
  const { payUrl, outTradeNo } = (await api.place()).data
  expect((await api.pay(payUrl)).body).toMatchObject({ tradeStatus: 'USERPAYING' })
  const status = async () => (await api.get(`/payment/status?outTradeNo=${String(outTradeNo)}`)).data['tradeStatus']
  await expect.poll(status, { timeout: 10_000 }).toBe('SUCCESS')
  expect(await api.rows(`ledger_entries where kind = 'capture'`)).toHaveLength(2)
})

test('a client may not choose for whom a card is sealed, and the checkout’s own rights reach no key', async () => {
  const { vault, api, checkout, placeFor } = await startRoles()
  const stranger = await vault.addMerchant()
  const { payUrl } = (await api.place()).data
  const { encryptedCard } = await api.encrypted(payUrl)
  const token = String(payUrl).split('/').at(-1) ?? ''
  const connection = connectVault(await placeFor('ucanpay-checkout'))
  const seal = (body: object) => connection.ask('/vault-api/cards/seal', body).catch((error: unknown) => error)
  const forged = token.replace(api.merchant.merchantId, stranger.merchantId)
  expect(await seal({ token: forged, jwe: encryptedCard })).toMatchObject({ msg: 'ORDERNOTEXIST' })
  expect(await seal({ token, jwe: encryptedCard, merchantId: stranger.merchantId })).toMatchObject({ status: 400 })
  expect(await seal({ token, jwe: encryptedCard })).toMatchObject({ last4: '4242', bin: '424242' })
  await connection.close()
  for (const sql of [
    'select wrapped_key from data_keys',
    'select sealed_card from cards',
    'select * from installation_keys',
  ])
    await expect(checkout.gateway.deps.pools.checkout.query(sql)).rejects.toMatchObject({ code: '42501' })
})

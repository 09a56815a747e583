import { expect, test } from 'vitest'
import { startGateway } from '../support/gateway.ts'

const PATH = '/.well-known/security.txt'

test('security.txt is served word for word to anybody, by the API, the checkout and the dashboard', async () => {
  const securityText = 'Contact: mailto:security@shop.example\nExpires: 2030-01-01T00:00:00Z\n'
  const gateway = await startGateway({ config: { securityText } })
  for (const origin of ['', gateway.checkoutUrl, gateway.config.dashboardUrl]) {
    const { status, headers, text } = await gateway.get(origin + PATH, { key: null })
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(text).toBe(securityText)
  }
})

test('where the operator has written none, there is none', async () => {
  const gateway = await startGateway({ role: 'api' })
  expect(await gateway.get(PATH, { key: null })).toMatchObject({ status: 404, msg: 'NOT_FOUND' })
})

import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startGateway } from '../support/gateway.ts'

const FILE = new URL('../../../../docs/openapi.json', import.meta.url)

test('docs/openapi.json is what the gateway says of itself; npm run openapi writes it', async () => {
  const gateway = await startGateway({ role: 'api' })
  const { body } = await gateway.get('/openapi.json', { key: null })
  if (process.env['UCANPAY_WRITE_OPENAPI']) writeFileSync(FILE, `${JSON.stringify(body, null, 2)}\n`)
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(body)
})

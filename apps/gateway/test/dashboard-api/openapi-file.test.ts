import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import { openBrowser } from '../support/member.ts'

const at = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const FILE = at('docs/dashboard-openapi.json')

test('docs/dashboard-openapi.json is what the dashboard says of itself; npm run openapi writes it', async () => {
  const gateway = await startGateway()
  const { body } = await openBrowser(gateway).get('/openapi.json')
  if (process.env['UCANPAY_WRITE_OPENAPI']) writeFileSync(FILE, `${JSON.stringify(body, null, 2)}\n`)
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(body)
  expect(Object.keys(body['paths'] as object).length).toBeGreaterThan(50)
})

test('the pages’ types are made from it', () => {
  const { status, stderr } = spawnSync(process.execPath, [at('scripts/dashboard-types.mjs'), '--check'], {
    encoding: 'utf8',
  })
  if (!process.env['UCANPAY_WRITE_OPENAPI']) expect([status, stderr]).toEqual([0, ''])
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePorts, newHome, removeHome, startSandbox } from '../support/sandbox.ts'
import { UNSAFE_SHOP } from './audit.ts'
import { startShop } from './running-shop.ts'
import { sellAndRefund } from './sale.ts'

test('it sells, is paid, hears of it, mails, lists its orders for the staff, and refunds', async () => {
  const home = newHome()
  onTestFinished(() => removeHome(home))
  const sandbox = await startSandbox(home, await freePorts())
  onTestFinished(() => sandbox.stop().then(() => undefined))
  const shop = await startShop(UNSAFE_SHOP, sandbox)
  onTestFinished(() => shop.stop())
  await sellAndRefund(shop, sandbox)
})

test.each([
  ['an address that others reach', { SHOP_HOST: '0.0.0.0' }, '_test_'],
  ['a key that moves money', {}, '_live_'],
])('it does not start with %s', (_what, environment, mode) => {
  const folder = mkdtempSync(join(tmpdir(), 'unsafe-shop-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const settings = { databaseUrl: 'postgres://127.0.0.1:1/none', secretKey: `ucp_sk${mode}none` }
  writeFileSync(join(folder, 'dev.json'), JSON.stringify(settings))
  const { status, stderr } = spawnSync(process.execPath, [join(UNSAFE_SHOP, 'src', 'main.js')], {
    env: { ...environment, UCANPAY_DEV_JSON: join(folder, 'dev.json'), SHOP_DATA: folder },
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr).toContain('unsafe-shop is wrong on purpose')
})

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, openPage, typeCard } from './support/browser.ts'
import { follow, readGuide, typeFaults } from './support/guide.ts'
import { freePorts, newHome, removeHome, startSandbox, type Sandbox } from './support/sandbox.ts'

const FOLDER = fileURLToPath(new URL('../docs/guides/', import.meta.url))
const GUIDES = readdirSync(FOLDER).filter((file) => file.endsWith('.md'))

let browser: Browser
let sandbox: Sandbox
const home = newHome()

beforeAll(async () => {
  ;[browser, sandbox] = await Promise.all([launchBrowser(), startSandbox(home, await freePorts())])
})
afterAll(async () => {
  await browser.close()
  await sandbox.stop()
  removeHome(home)
})

/** What the reader does who opens an address and pays there. */
async function pay(payUrl: string, card: string): Promise<void> {
  const { page } = await openPage(browser)
  await page.goto(payUrl)
  await typeCard(page, card)
  await page.getByRole('button', { name: /^Pay / }).click()
  await page.getByRole('heading', { name: /Paid|held/ }).waitFor()
  await page.context().close()
}

test.each(GUIDES)('%s does what it says, and its programs are well typed', async (file) => {
  const guide = readGuide(file)
  expect(guide.blocks.length).toBeGreaterThan(0)
  const { output, complaints, exitCode, missing } = await follow(guide, { home, pay })
  expect({ exitCode, missing }, `${join(FOLDER, file)}:\n${output}\n${complaints}`).toEqual({
    exitCode: 0,
    missing: [],
  })
  expect(typeFaults(guide)).toEqual([])
})

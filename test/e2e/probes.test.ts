import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePorts, newHome, removeHome, startSandbox, type Sandbox } from '../support/sandbox.ts'

const SCANNER = fileURLToPath(new URL('../../apps/scanner/src/main.ts', import.meta.url))
vi.setConfig({ testTimeout: 240_000 })

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox(newHome(), await freePorts())
})
afterAll(async () => {
  await sandbox.stop()
  removeHome(sandbox.home)
})

/** What the scanner finds on a running site. Nothing answers plain HTTP on port 9. */
function probed(url: string): Promise<{ code: number; findings: string[]; answers: number }> {
  const args = [SCANNER, url, '--yes', '--ca', sandbox.dev.caFile, '--http-port', '9', '--format', 'json']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: sandbox.home }, (error, out, err) => {
      if (out === '') {
        reject(new Error(err))
        return
      }
      const report = JSON.parse(out) as { findings: { ruleId: string; message: string }[]; files: number }
      resolve({
        code: error ? Number(error.code) : 0,
        findings: report.findings.map(({ ruleId, message }) => `${ruleId}: ${message}`),
        answers: report.files,
      })
    })
  })
}

async function checkoutPage(): Promise<string> {
  const { body } = await sandbox.post('/payment/unifiedorder', {
    subject: 'Latte',
    body: 'A large latte',
    totalAmt: 450,
    sceneType: 'MWEB',
    notifyUrl: `${sandbox.dev.shopUrl}/notifications`,
  })
  return (body['data'] as unknown as { payUrl: string }).payUrl
}

test.each([
  ['the checkout, on which a card is typed', checkoutPage],
  ['the dashboard', () => Promise.resolve(`${sandbox.dev.dashboardUrl}/`)],
  ['the API', () => Promise.resolve(`${sandbox.dev.apiUrl}/payment/unifiedorder`)],
  ['the reference of the API', () => Promise.resolve(`${sandbox.dev.apiUrl}/reference`)],
])('the scanner finds nothing on %s', async (_what, url) => {
  const { code, findings, answers } = await probed(await url())
  expect(findings).toEqual([])
  expect(code).toBe(0)
  // Handshakes, the page, errors and files: it was looked at indeed.
  expect(answers).toBeGreaterThan(12)
})

import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startSite } from './support/site.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
/** `script` of util-linux gives a program a terminal; that of other systems has other arguments. */
const hasTerminal = spawnSync('script --version', { shell: true, encoding: 'utf8' }).stdout.includes('util-linux')

/** Asks at a terminal, and types this when the question has come. */
function askAt(url: string, typed: string): Promise<{ code: number | null; out: string }> {
  const command = `${process.execPath} ${MAIN} ${url} --http-port 9`
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], { stdio: 'pipe' })
  return new Promise((resolve) => {
    let out = ''
    let isTyped = false
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString('utf8')
      if (isTyped || !out.includes('[y/N]')) return
      isTyped = true
      child.stdin.write(typed)
    })
    child.on('exit', (code) => resolve({ code, out }))
  })
}

test.runIf(hasTerminal).each([
  ['n', 'n\r'],
  ['nothing', '\r'],
  ['another word', 'yesterday\r'],
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s at the terminal sends nothing, and says so', async (_what, typed) => {
  const site = await startSite()
  const { code, out } = await askAt(site.url, typed)
  expect(out).toContain('nothing was sent')
  expect(out).not.toContain('Warning')
  expect(code).toBe(2)
  expect(site.connections()).toBe(0)
})

test.runIf(hasTerminal).each([['y\r'], ['YES\r']])('%j at the terminal asks the site', async (typed) => {
  const site = await startSite()
  const { code, out } = await askAt(site.url, typed)
  expect(out).not.toContain('nothing was sent')
  // The test's authority is not trusted here.
  expect(code).toBe(1)
  expect(site.connections()).toBeGreaterThan(4)
})

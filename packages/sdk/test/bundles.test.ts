import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build as esbuild } from 'esbuild'
import { rolldown } from 'rolldown'
import { build as vite } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const WHY = 'ucanpay-sdk holds a secret key: it runs on servers, never in a browser'
const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const { exports: entries } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
  exports: Record<string, { browser?: string; import: { default: string } }>
}
const names = Object.keys(entries).map((entry) => `ucanpay-sdk${entry.slice(1)}`)

/** A merchant's project that imports an entry; what is tested is what `npm run build` made. */
let project: string
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'sdk-bundles-'))
  mkdirSync(join(project, 'node_modules'))
  symlinkSync(PACKAGE, join(project, 'node_modules/ucanpay-sdk'))
  writeFileSync(join(project, 'page.js'), `import { UCanPay } from 'ucanpay-sdk'\nglobalThis.sdk = { UCanPay }\n`)
  writeFileSync(join(project, 'index.html'), '<script type="module" src="/page.js"></script>')
})
afterAll(() => rmSync(project, { recursive: true }))

const errorOf = (build: Promise<unknown>): Promise<string> =>
  build.then(
    () => 'it was built',
    (error: unknown) => String(error),
  )

async function bundleOf(format: 'cjs' | 'esm'): Promise<string> {
  const { outputFiles } = await esbuild({
    entryPoints: [join(project, 'page.js')],
    bundle: true,
    write: false,
    minify: true,
    platform: 'node',
    format,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

describe('a bundle for browsers', () => {
  test.each(names)('with %s fails, and esbuild says why', async (name) => {
    const stdin = { contents: `import * as sdk from '${name}'; console.log(sdk)`, resolveDir: project }
    const built = esbuild({ stdin, bundle: true, write: false, platform: 'browser', logLevel: 'silent' })
    expect(await errorOf(built)).toContain(WHY)
  })

  test('fails, and Vite says why', async () => {
    const built = vite({ root: project, configFile: false, logLevel: 'silent', build: { write: false } })
    expect(await errorOf(built)).toContain(WHY)
  })

  test('fails, and Rolldown says why', async () => {
    const built = rolldown({ input: join(project, 'page.js'), platform: 'browser', logLevel: 'silent' }).then(
      async (bundle) => {
        const { output } = await bundle.generate()
        // What it cannot find it leaves to the browser, with a warning: then the browser does not find it either.
        return output.map((file) => ('code' in file ? file.code : '')).join('')
      },
    )
    const what = await built.catch((error: unknown) => String(error))
    expect(what).toContain(WHY)
  })
})

describe('a bundle for servers', () => {
  test.each(['esm', 'cjs'] as const)('is made and runs, as %s', async (format) => {
    const file = join(project, format === 'esm' ? 'server.mjs' : 'server.cjs')
    writeFileSync(file, `${await bundleOf(format)}\nconsole.log(typeof globalThis.sdk.UCanPay)`)
    expect(execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim()).toBe('function')
  })

  test.each<[string, object, boolean]>([
    ['a page', { window: {}, document: {} }, true],
    ['a worker', { WorkerGlobalScope: () => undefined }, true],
    ['a classic worker', { importScripts: () => undefined }, true],
    ['a server', {}, false],
  ])('that is forced into %s', async (_where, globals, refused) => {
    const { URL, Buffer, process, AbortController, performance } = globalThis
    const require = createRequire(import.meta.url)
    const servers = { require, module: { exports: {} }, URL, Buffer, process, AbortController, performance }
    const context = createContext({ ...servers, ...globals })
    runInContext(await bundleOf('cjs'), context)
    const start = `try { new sdk.UCanPay({ apiKey: 'x', baseUrl: 'https://localhost' }); 'started' } catch (error) { error.message }`
    const said = String(runInContext(start, context))
    if (refused) expect(said).toContain(WHY)
    else expect(said).toBe('started')
  })
})

test('the client is under 30 kB compressed, and imports nothing but Node', () => {
  const seen = new Map<string, string>()
  const read = (file: string): void => {
    if (seen.has(file)) return
    const text = readFileSync(join(PACKAGE, 'dist', file), 'utf8')
    seen.set(file, text)
    for (const [, from = ''] of text.matchAll(/^(?:import|export)\b[^;'"]*['"]([^'"]+)['"]/gm)) {
      if (from.startsWith('./')) read(from.slice(2))
      else expect(from).toMatch(/^node:/)
    }
  }
  read('index.js')
  const bytes = [...seen.values()].reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0)
  expect(seen.size).toBeGreaterThan(1)
  expect(bytes).toBeGreaterThan(5_000)
  expect(bytes).toBeLessThan(30_000)
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as object
  expect(manifest).not.toHaveProperty('dependencies')
})

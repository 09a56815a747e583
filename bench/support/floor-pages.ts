import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** What is looked for on a floor page to know that it stands. */
export const FLOOR_READY = '#there'

/** React alone: a table of as many cells as the first list of payments has, and nothing else. */
const TABLE = `
import { createElement as h } from 'react'
import { createRoot } from 'react-dom/client'
const numbers = (length) => Array.from({ length }, (_each, index) => index)
const cells = (row) => numbers(6).map((cell) => h('td', { key: cell }, 'Coffee ' + (row * 6 + cell)))
const rows = numbers(25).map((row) => h('tr', { key: row }, cells(row)))
createRoot(document.getElementById('app')).render(h('table', { id: 'there' }, h('tbody', null, rows)))
`

function page(head: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Floor</title>
<link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`
}

/**
 * Writes a front end that shows what the machine itself takes: /empty, which only paints, and /react, where React alone
 * draws a table. The gateway serves it as it serves the dashboard.
 *
 * @param folder where it is written: pages/ and assets/
 */
export async function writeFloorPages(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../../apps/dashboard', import.meta.url)),
    logLevel: 'error',
    plugins: [
      {
        name: 'table',
        resolveId: (id) => (id === 'table' ? '\0table' : undefined),
        load: (id) => (id === '\0table' ? TABLE : undefined),
      },
    ],
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: 'table', output: { entryFileNames: 'assets/table.js' } },
    },
  })
  mkdirSync(join(folder, 'pages'))
  const empty = page('', '<p id="there">There</p>')
  writeFileSync(join(folder, 'index.html'), empty)
  writeFileSync(join(folder, 'pages', 'empty.html'), empty)
  const script = '<script type="module" src="/assets/table.js"></script>'
  writeFileSync(join(folder, 'pages', 'react.html'), page(script, '<div id="app"></div>'))
}

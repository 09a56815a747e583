import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

/**
 * Pins the scripts and styles that the page itself names to their content: a file that was changed is not run. Done
 * on the written files, since the list of a script's own parts is put in at the very end.
 */
function subresourceIntegrity(): Plugin {
  return {
    name: 'subresource-integrity',
    writeBundle({ dir = '' }) {
      const file = join(dir, 'index.html')
      const page = readFileSync(file, 'utf8')
      const pinned = page.replace(/<(?:script|link)\b[^>]*\s(?:src|href)="\/([^"]+)"[^>]*/g, (tag, name: string) => {
        const named = join(dir, name)
        if (!existsSync(named)) return tag
        return `${tag} integrity="sha384-${createHash('sha384').update(readFileSync(named)).digest('base64')}"`
      })
      writeFileSync(file, pinned)
    },
  }
}

export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    sourcemap: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      // `use client` at the head of a library's file means something to servers that render React; there is none here.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log)
      },
    },
  },
  plugins: [subresourceIntegrity()],
})

/** Builds dist/: the program, the worker that it starts on other cores, and what both share. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const folder = fileURLToPath(new URL('..', import.meta.url))
const dist = join(folder, 'dist')

rmSync(dist, { recursive: true, force: true })
const bundle = await rolldown({
  input: { main: join(folder, 'src/main.ts'), 'scan-worker': join(folder, 'src/scan-worker.ts') },
  platform: 'node',
  external: [/^node:/, 'oxc-parser', 'yaml'],
})
await bundle.write({
  dir: dist,
  format: 'esm',
  // All in one folder: where a file lies is how the others are found.
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  minify: { compress: true, mangle: false, codegen: false },
})
await bundle.close()

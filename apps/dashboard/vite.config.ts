import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

/**
 * Has the page load what is inside it while it still asks who is signed in, and pins the scripts and styles that it
 * names to their content: a file that was changed is not run. Done on the written files, since the list of a script's
 * own parts is put in at the very end.
 */
function preloadAndPin(): Plugin {
  return {
    name: 'preload-and-pin',
    writeBundle({ dir = '' }, bundle) {
      const file = join(dir, 'index.html')
      const inside = Object.values(bundle).filter((file) => file.type === 'chunk' && file.name === 'shell')
      const preloads = inside.map(({ fileName }) => `<link rel="modulepreload" crossorigin href="/${fileName}">`)
      const page = readFileSync(file, 'utf8').replace('</head>', `  ${preloads.join('\n    ')}\n  </head>`)
      const pinned = page.replace(/<(?:script|link)\b[^>]*\s(?:src|href)="\/([^"]+)"[^>]*/g, (tag, name: string) => {
        const named = join(dir, name)
        if (!existsSync(named)) return tag
        return `${tag} integrity="sha384-${createHash('sha384').update(readFileSync(named)).digest('base64')}"`
      })
      writeFileSync(file, pinned)
    },
  }
}

/** Of use on every page, signing in included. */
const COMMON = anyOf(
  /dashboard\/src\/app\/(?:[^/]+|session\/(?:early-session|time-left)\.ts)$/,
  /dashboard\/src\/shared\/(?!qr\/|components\/(?:dialog|open-dialog|qr-code|secret-once))/,
  /packages\/wire\//,
  /node_modules\/(?:react|react-dom|scheduler|use-sync-external-store|@tanstack)\//,
)
/** Of use on every page of somebody who is signed in. */
const SHELL = anyOf(
  /dashboard\/src\/app\/(?:session|shell)\/(?!command-palette|member-menu)/,
  /dashboard\/src\/shared\/components\/dialog/,
)
/** What opens over a page. It comes when the page stands, as the command palette does. */
const OVERLAYS = anyOf(
  /dashboard\/src\/app\/shell\/member-menu/,
  /dashboard\/src\/shared\/components\/open-dialog/,
  /node_modules\/@(?:ariakit|floating-ui)\/(?!.*combobox)/,
)
const FEATURE = /dashboard\/src\/features\/([^/]+)\//
/** Not on the first sight of its feature: one payment beside the list of them, and the charts, which are drawn last. */
const LATER = /features\/(?:payments\/(?:amount-dialog|payment-(?!list)|timeline)|home\/plot)/

function anyOf(...parts: readonly RegExp[]): RegExp {
  return new RegExp(parts.map(({ source }) => source).join('|'))
}

/** All pages of a feature are one file: whoever looks at a list goes on to one of its rows. */
function featureOf(file: string): string | null {
  return LATER.test(file) ? null : (FEATURE.exec(file)?.[1] ?? null)
}

export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    sourcemap: false,
    assetsInlineLimit: 0,
    // One style sheet of a few kB, so that no page waits for one of its own.
    cssCodeSplit: false,
    rolldownOptions: {
      // `use client` at the head of a library's file means something to servers that render React; there is none here.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log)
      },
      // Few files, since each costs a request: what every page needs, what the pages inside need, then one a feature.
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'common', test: COMMON },
            { name: 'shell', test: SHELL },
            { name: 'overlays', test: OVERLAYS },
            { name: featureOf, test: FEATURE, debugName: 'feature' },
          ],
        },
      },
    },
  },
  plugins: [preloadAndPin()],
})

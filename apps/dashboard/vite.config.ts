import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

interface Chunk {
  readonly fileName: string
  readonly imports: readonly string[]
}

/** Chunks of every page of somebody who is signed in, beside those of the page itself. */
const INSIDE = ['shell']
/** The feature of signing in, the one that needs nothing of what is inside. */
const OUTSIDE = 'sign-in'

/**
 * Writes a page for the first address of each feature, `pages/payments.html`, which loads all that is seen there at
 * once, and pins the scripts and styles that it names to their content: a file that was changed is not run. Done on
 * the written files, since the list of a script's own parts is put in at the very end.
 */
function pagesOfFeatures(): Plugin {
  return {
    name: 'pages-of-features',
    writeBundle({ dir = '' }, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      refuseCircles(chunks)
      const nameOf = new Map(chunks.map(({ name, fileName }) => [name, fileName]))
      const page = readFileSync(join(dir, 'index.html'), 'utf8')
      /** The page with what it loads: a chunk, and what that one needs. */
      const loading = (...names: readonly string[]): string => {
        const files = new Set(names.map((name) => nameOf.get(name) ?? name))
        for (const file of files)
          for (const needed of chunks.find(({ fileName }) => fileName === file)?.imports ?? []) files.add(needed)
        const missing = [...files].filter((file) => !page.includes(`"/${file}"`))
        const links = missing.map((file) => `<link rel="modulepreload" crossorigin href="/${file}">`)
        return pinned(page.replace('</head>', `  ${links.join('\n    ')}\n  </head>`), dir)
      }
      mkdirSync(join(dir, 'pages'), { recursive: true })
      for (const feature of new Set(FEATURES))
        writeFileSync(
          join(dir, 'pages', `${feature}.html`),
          feature === OUTSIDE ? loading('common', feature) : loading('common', ...INSIDE, feature),
        )
      writeFileSync(join(dir, 'index.html'), loading('common'))
    },
  }
}

/**
 * Two files that import each other start in an order that neither was written for, and what the one takes of the other
 * may not be there yet: nothing of either runs then.
 *
 * @throws Error naming the circle, which ends the build
 */
function refuseCircles(chunks: readonly Chunk[]): void {
  const importsOf = new Map(chunks.map(({ fileName, imports }) => [fileName, imports]))
  const sound = new Set<string>()
  const follow = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) throw new Error(`files import each other: ${[...path, file].join(' -> ')}`)
    if (sound.has(file)) return
    for (const needed of importsOf.get(file) ?? []) follow(needed, [...path, file])
    sound.add(file)
  }
  for (const { fileName } of chunks) follow(fileName, [])
}

function pinned(page: string, dir: string): string {
  return page.replace(/<(?:script|link)\b[^>]*\s(?:src|href)="\/([^"]+)"[^>]*/g, (tag, name: string) => {
    const named = join(dir, name)
    if (!existsSync(named)) return tag
    return `${tag} integrity="sha384-${createHash('sha384').update(readFileSync(named)).digest('base64')}"`
  })
}

const FEATURES = readdirSync(new URL('./src/features', import.meta.url))

/** What asks for the first page's answers before anything else is there, and so must be small. */
const START = anyOf(
  /dashboard\/src\/app\/(?:start|session\/(?:early-session|time-left))\.ts$/,
  /dashboard\/src\/features\/[^/]+\/question\.ts$/,
  /dashboard\/src\/shared\/api\/(?:client|connection|early-answers|failure)\.ts$/,
  /dashboard\/src\/shared\/(?:format\/days|session\/tabs)\.ts$/,
  /packages\/wire\/src\/(?:currencies|statuses)\.ts$/,
  /rolldown\/runtime|vite\/preload-helper/,
)
/** Of use on every page, signing in included. */
const COMMON = anyOf(
  /dashboard\/src\/app\/[^/]+$/,
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
  /node_modules\/@(?:ariakit|floating-ui)\/(?!.*\/combobox(?!-context)[^/]*\.js)/,
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
            { name: 'start', test: START, priority: 1 },
            { name: 'common', test: COMMON },
            { name: 'shell', test: SHELL },
            { name: 'overlays', test: OVERLAYS },
            { name: featureOf, test: FEATURE, debugName: 'feature' },
          ],
        },
      },
    },
  },
  plugins: [pagesOfFeatures()],
})
